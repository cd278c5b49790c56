"""A relay and a courier who speaks to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from event_mgmt.mail.delivery import Courier
from tests.mail.relay import Relay


@pytest.fixture
def relay() -> Iterator[Relay]:
    """A relay that behaves well until told otherwise."""
    with Relay() as relay:
        yield relay


@pytest.fixture
def courier(relay: Relay) -> Iterator[Courier]:
    """A courier that speaks to the relay."""
    courier = Courier(relay.transport())
    yield courier
    courier.rest()
