"""The terms on which an event takes registrations, read from its row or its model."""

from __future__ import annotations

from dataclasses import fields
from typing import Final

from event_mgmt.core.database import table_of
from event_mgmt.events.models import Event
from event_mgmt.registrations import rules
from event_mgmt.registrations.rules import Terms

_EVENTS: Final = table_of(Event)


_TERM_NAMES: Final = tuple(field.name for field in fields(Terms))


_COLUMN_OF: Final = {"opens_at": "registration_opens_at", "closes_at": "registration_closes_at"}


TERMS_COLUMNS: Final = tuple(
    _EVENTS.c[_COLUMN_OF.get(name, name)].label(name) for name in _TERM_NAMES
)
"""The columns that hold an event's Terms, by their names."""


def terms_from_row(row: object) -> Terms:
    """The Terms in a row that has the columns TERMS."""
    return Terms(**{name: getattr(row, name) for name in _TERM_NAMES})


def terms_of_event(event: Event) -> rules.Terms:
    """The terms of a loaded event."""
    return rules.Terms(
        status=event.status,
        visibility=event.visibility,
        starts_at=event.starts_at,
        time_zone=event.time_zone,
        opens_at=event.registration_opens_at,
        closes_at=event.registration_closes_at,
        changes_close_at=event.changes_close_at,
        approval_needed=event.approval_needed,
        address_check=event.address_check,
        largest_party=event.largest_party,
        waiting_list=event.waiting_list,
        offer_hours=event.offer_hours,
    )
