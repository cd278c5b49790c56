"""What the attacks share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from flask import Flask

from tests import shared_databases
from tests.attack.stage import House, a_house
from tests.conftest import make_app

LONG = os.environ.get("ATTACK") == "long"


@pytest.fixture(autouse=True)
def frozen(now: datetime) -> Iterator[datetime]:
    """The instant at which every page believes to be asked."""
    with time_machine.travel(now, tick=False):
        yield now


@pytest.fixture(params=["sqlite", "postgresql"] if LONG else ["sqlite"])
def attacked(
    request: pytest.FixtureRequest,
    apps: dict[str, Flask],
) -> Iterator[Flask]:
    """The application under attack: on the embedded database, in the long form on both."""
    backend = str(request.param)
    if backend not in apps:
        url = request.getfixturevalue("postgresql_url") if backend == "postgresql" else ""
        apps[backend] = make_app(shared_databases.a_folder(backend), url)
    shared_databases.empty(apps[backend])
    with apps[backend].app_context():
        yield apps[backend]


@pytest.fixture
def own(attacked: Flask) -> House:
    """The house the attacker works for, as its administrator."""
    return a_house(attacked, "EIGENES")


@pytest.fixture
def foreign(attacked: Flask) -> House:
    """Somebody else's house."""
    return a_house(attacked, "FREMDES")
