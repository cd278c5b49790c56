"""Keeps what was drawn at hand: a page is drawn anew only when something on it has changed."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar

from flask import current_app, request, session
from flask_login import current_user

from event_mgmt.web.security import csp_nonce

T = TypeVar("T")

LASTS_SECONDS: Final = 60.0
"""How long something may be shown after a change that its key does not tell of."""

_MOST: Final = 512


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


def whole_page(key: Hashable, draw: Callable[[], str]) -> str:
    """The whole page of ``key``, drawn by ``draw`` where it is not at hand.

    Kept only for visits that are all alike; each gets a nonce of its own in it.
    """
    if not is_plain_visit():
        return draw()
    html, nonce = drawn().get((key, "whole"), lambda: (draw(), csp_nonce()))
    return html.replace(nonce, csp_nonce())


def is_plain_visit() -> bool:
    """Whether the frame of a page looks the same for this caller as for any other of its language.

    The language switch repeats the query, so that a visit with one is not plain.
    """
    return not (request.query_string or current_user.is_authenticated or "_flashes" in session)
