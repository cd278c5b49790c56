"""What the attacks share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from flask import Flask

from tests.attack.stage import House, a_house

LONG = os.environ.get("ATTACK") == "long"


@pytest.fixture(autouse=True)
def frozen(now: datetime) -> Iterator[datetime]:
    """The instant at which every page believes to be asked."""
    with time_machine.travel(now, tick=False):
        yield now


@pytest.fixture
def own(sqlite_app: Flask) -> House:
    """The house the attacker works for, as its administrator."""
    return a_house(sqlite_app, "EIGENES")


@pytest.fixture
def foreign(sqlite_app: Flask) -> House:
    """Somebody else's house."""
    return a_house(sqlite_app, "FREMDES")
