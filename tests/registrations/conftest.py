"""A clock that stands at the tests' instant, for pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine


@pytest.fixture
def frozen(now: datetime) -> Iterator[datetime]:
    """The instant at which pages believe to be asked."""
    with time_machine.travel(now, tick=False):
        yield now
