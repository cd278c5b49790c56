"""The reception that letters are written about: always the same one, so that they can be read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from event_mgmt.core.localized import Localized
from event_mgmt.events.models import Event
from tests.builders import an_event, an_organisation

START = datetime(2027, 2, 15, 17, 0, tzinfo=UTC)
"""18:00 in Düsseldorf; it lasts three hours."""


def a_reception(**given: Any) -> Event:
    """A saved event of a consulate, with its name in three languages."""
    host = an_organisation(
        "Konsulat der Republik Slowenien Düsseldorf",
        short_name=Localized(de="Konsulat", sl="Konzulat", en="Consulate"),
        email="konsulat@example.org",
        accent="#3b3a8f",
    )
    values: dict[str, Any] = {
        "slug": "neujahrsempfang-2027",
        "title": Localized(de="Neujahrsempfang", sl="Novoletni sprejem", en="New Year’s reception"),
        "starts_at": START,
        "venue_name": "Ständehaus",
        "venue_address": "Ständehausstraße 1, 40217",
        "city": "Düsseldorf",
        "country": "DE",
        **given,
    }
    return an_event(host, **values)
