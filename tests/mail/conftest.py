"""A relay and a deliverer who speaks to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from event_mgmt.mail.delivery import Deliverer
from tests.mail.relay import Relay


@pytest.fixture
def relay() -> Iterator[Relay]:
    """A relay that behaves well until told otherwise."""
    with Relay() as relay:
        yield relay


@pytest.fixture
def deliverer(relay: Relay) -> Iterator[Deliverer]:
    """A deliverer that speaks to the relay."""
    deliverer = Deliverer(relay.transport())
    yield deliverer
    deliverer.rest()
