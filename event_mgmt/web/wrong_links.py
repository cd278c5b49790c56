"""Guesses at personal links, counted over all kinds of them and all processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from werkzeug.exceptions import TooManyRequests

from event_mgmt.core import throttle
from event_mgmt.core.clock import utc_now
from event_mgmt.core.refusals import Missing
from event_mgmt.web.client_network import client_network

MOST: Final = 30
WINDOW: Final = timedelta(minutes=10)
"""So many wrong links in so long are told from one network; right ones open all the same."""


@contextmanager
def limit_wrong_links() -> Iterator[None]:
    """Count what opens nothing (Missing) within; TooManyRequests for what comes beyond."""
    try:
        yield
    except Missing:
        key = client_network()
        if key and throttle.count_attempt(f"link:{key}", window=WINDOW, now=utc_now()) > MOST:
            raise TooManyRequests from None
        raise
