"""Parties, and how one is entered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from event_mgmt.audit.service import PARTICIPANT
from event_mgmt.events.models import Event
from event_mgmt.registrations import commands
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.party import Party, Person


def a_party(
    given_name: str = "Luka", family_name: str = "Žagar", *, companions: int = 0, **given: Any
) -> Party:
    """A party of one contact and so many companions."""
    person = {
        key: given.pop(key)
        for key in ("answers", "sensitive", "function", "academic_title")
        if key in given
    }
    contact = Person(
        given_name, family_name, organisation="Tehnika Žagar d.o.o.", country="SI", **person
    )
    values: dict[str, Any] = {
        "email": f"{given_name}.{family_name}@example.org",
        "locale": "sl",
        "privacy_version": "2026-11",
        **given,
    }
    return Party(
        contact=contact,
        companions=tuple(Person("Gost", f"Številka {n}") for n in range(1, companions + 1)),
        **values,
    )


def enter(event: Event, party: Party, now: datetime, nonce: str = "n1", **how: Any) -> Registration:
    """Enter a party as a participant does, at ``now``; ``how`` as the service takes it."""
    return commands.register(event.id, party, nonce=nonce, by=PARTICIPANT, now=now, **how)
