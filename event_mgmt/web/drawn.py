"""Keeps what was drawn at hand: a page is drawn anew only when something on it has changed."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar

from flask import current_app, request, session
from markupsafe import escape

from event_mgmt.web.application import may_be_signed_in
from event_mgmt.web.security import csp_nonce

T = TypeVar("T")

LASTS_SECONDS: Final = 60.0
"""How long something may be shown after a change that its key does not tell of."""

_MOST: Final = 512
_NONCE: Final = "csp_nonce"


class Drawn:
    """What was drawn last, by all that it depends on. One per process; threads share it."""

    def __init__(self) -> None:
        self._things: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, draw: Callable[[], T]) -> T:
        """The thing of ``key``, drawn by ``draw`` where it is not at hand."""
        now = time.monotonic()
        with self._lock:
            kept_until, thing = self._things.get(key, (0.0, None))
            if now < kept_until:
                self._things.move_to_end(key)
                return thing
        made = draw()
        with self._lock:
            self._things[key] = now + LASTS_SECONDS, made
            self._things.move_to_end(key)
            while len(self._things) > _MOST:
                self._things.popitem(last=False)
        return made


def drawn() -> Drawn:
    """What this application has drawn in this process."""
    kept: Drawn = current_app.extensions.setdefault("drawn", Drawn())
    return kept


def whole_page(key: Hashable, draw: Callable[..., str], *, query: str = "", **own: str) -> str:
    """The whole page of ``key``, drawn by ``draw(**own)`` where it is not at hand.

    ``own`` is what each visit has of its own on the page, such as its CSRF token. Kept is only what
    is drawn for a plain visit (see there for ``query``), and with stand-ins that nobody can guess:
    each visit gets its own in their places, and a script nonce.
    """
    if not is_plain_visit(query):
        return draw(**own)

    def draw_with_stand_ins() -> tuple[str, dict[str, str]]:
        stand_ins = {name: secrets.token_urlsafe(24) for name in own}
        return draw(**stand_ins), {**stand_ins, _NONCE: csp_nonce()}

    html, stand_ins = drawn().get((key, "whole"), draw_with_stand_ins)
    mine = {**own, _NONCE: csp_nonce()}
    for name, stand_in in stand_ins.items():
        html = html.replace(stand_in, escape(mine[name]))
    return html


def is_plain_visit(query: str = "") -> bool:
    """Whether the frame of a page looks the same for this caller as for any other of its language.

    The language switch repeats the query, so that a visit with one is plain only if it is
    ``query``, which must then be part of what the page depends on.
    """
    asked = request.query_string.decode("latin-1")
    return asked in {"", query} and not (may_be_signed_in() or "_flashes" in session)
