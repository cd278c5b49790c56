"""Pages kept in memory: drawn anew only when something on them has changed."""

from __future__ import annotations

import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from typing import Final, Generic, TypeVar

from flask import current_app, request, session
from markupsafe import escape

from event_mgmt.core.sizes import MEGABYTE
from event_mgmt.web.application import may_be_signed_in
from event_mgmt.web.security import csp_nonce

V = TypeVar("V")

LASTS_SECONDS: Final = 60.0
"""How long something may be shown after a change that its key does not tell of."""

MOST_BYTES: Final = 8 * MEGABYTE
"""What the pages of one process may take."""

CSP_NONCE: Final = "csp_nonce"

PAGE: Final = "event_mgmt.page"
"""Where a request's environ has the page that it was answered with."""


class Cache(Generic[V]):
    """What was made last, by all that it depends on. One per process; threads share it.

    What was not asked for for longest makes room as soon as all of it together weighs more than
    ``most`` (by ``weigh``: each thing 1, unless something else is said).
    """

    def __init__(self, *, most: int, weigh: Callable[[V], int] = lambda _value: 1) -> None:
        self._most = most
        self._weigh = weigh
        self._weight = 0
        self._kept: OrderedDict[Hashable, tuple[float, V]] = OrderedDict()
        self._lock = Lock()

    @property
    def weight(self) -> int:
        """What all that is kept weighs."""
        return self._weight

    def find(self, key: Hashable) -> V | None:
        """The thing of ``key``; ``None`` where none is at hand, or only one that is too old."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or time.monotonic() >= kept[0]:
                return None
            self._kept.move_to_end(key)
            return kept[1]

    def keep(self, key: Hashable, value: V) -> None:
        """Have ``value`` at hand for a while."""
        with self._lock:
            former = self._kept.pop(key, None)
            if former is not None:
                self._weight -= self._weigh(former[1])
            self._kept[key] = time.monotonic() + LASTS_SECONDS, value
            self._weight += self._weigh(value)
            while self._weight > self._most and self._kept:
                _key, (_until, oldest) = self._kept.popitem(last=False)
                self._weight -= self._weigh(oldest)

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """The thing of ``key``, made by ``make`` where it is not at hand."""
        found = self.find(key)
        if found is None:
            found = make()
            self.keep(key, found)
        return found


class StoredPage:
    """HTML with gaps that each answer fills in for itself.

    ``headers`` are those of a visitor without a session, once one got this page (page_cache.py).
    """

    def __init__(self, html: str, stand_ins: Mapping[str, str]) -> None:
        names = {stand_in: name for name, stand_in in stand_ins.items()}
        between = "|".join(map(re.escape, names)) or "(?!)"
        pieces = re.split(f"({between})", html)
        self._pieces = [piece.encode() for piece in pieces]
        self._gaps = [(at, names[piece]) for at, piece in enumerate(pieces) if piece in names]
        self.size = sum(map(len, self._pieces))
        self.headers: list[tuple[str, str]] | None = None

    def filled(self, values: Mapping[str, str]) -> bytes:
        """The page with ``values`` in its gaps, by name; escaped, since they are text."""
        pieces = self._pieces.copy()
        for at, name in self._gaps:
            pieces[at] = escape(values[name]).encode()
        return b"".join(pieces)


def pages() -> Cache[StoredPage]:
    """The pages that this application has at hand in this process."""
    kept: Cache[StoredPage] = current_app.extensions["pages"]
    return kept


def new_store() -> Cache[StoredPage]:
    """An empty store of pages."""
    return Cache(most=MOST_BYTES, weigh=lambda page: page.size)


def page_with_gaps(draw: Callable[..., str], names: Mapping[str, object]) -> StoredPage:
    """What ``draw`` draws, with gaps for ``names`` (and for the nonce of scripts).

    It is drawn with stand-ins that nobody can guess, so that nothing else on it looks like one.
    """
    stand_ins = {name: secrets.token_urlsafe(24) for name in names}
    return StoredPage(draw(**stand_ins), {**stand_ins, CSP_NONCE: csp_nonce()})


def whole_page(key: Hashable, draw: Callable[..., str], *, query: str = "", **own: str) -> bytes:
    """The whole page of ``key``, drawn by ``draw(**own)`` where it is not at hand.

    ``own`` is what each visit has of its own on the page, such as its CSRF token. Kept is only what
    is drawn for a plain visit (see there for ``query``).
    """
    if not is_plain_visit(query):
        return draw(**own).encode()
    page = pages().get(key, lambda: page_with_gaps(draw, own))
    request.environ[PAGE] = page
    return page.filled({**own, CSP_NONCE: csp_nonce()})


def is_plain_visit(query: str = "") -> bool:
    """Whether the frame of a page looks the same for this caller as for any other of its language.

    The language switch repeats the query, so that a visit with one is plain only if it is
    ``query``, which must then be part of what the page depends on.
    """
    asked = request.query_string.decode("latin-1")
    return asked == query and not (may_be_signed_in() or "_flashes" in session)
