"""Approved names: a guest's corrections are compared with the name an organiser approved.

Stored only for those whom a guest has corrected since, where the event decides who comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from event_mgmt.registrations.lifecycle import persistence
from event_mgmt.registrations.models import Attendee, Registration
from event_mgmt.registrations.party import Party, Person

_NAME: Final = ("given_name", "family_name")


def approved_party(registration: Registration) -> Party:
    """The party that ``registration`` holds, everybody under the approved name."""
    party = persistence.party_of(registration)
    contact, *companions = map(_as_decided, registration.attendees, party.people)
    return replace(party, contact=contact, companions=tuple(companions))


def _as_decided(attendee: Attendee, person: Person) -> Person:
    name = attendee.decided_name
    if name is None:
        return person
    return replace(person, given_name=name["given_name"], family_name=name["family_name"])


def current_names(registration: Registration) -> dict[int, dict[str, str]]:
    """The names as they stand, by attendee: for ``record_corrections``, before they are changed."""
    return {attendee.id: _name_of(attendee) for attendee in registration.attendees}


def record_corrections(registration: Registration, former: Mapping[int, dict[str, str]]) -> None:
    """A guest has changed names that were ``former``: keep the approved ones."""
    for attendee in registration.attendees:
        name = _name_of(attendee)
        decided = attendee.decided_name or former.get(attendee.id, name)
        attendee.decided_name = None if decided == name else decided


def mark_approved(
    registration: Registration, former: Mapping[int, dict[str, str]] | None = None
) -> None:
    """What an organiser has accepted, or written instead of names that were ``former``, is decided.

    Without ``former`` everybody's name is.
    """
    for attendee in registration.attendees:
        if former is None or former.get(attendee.id) != _name_of(attendee):
            attendee.decided_name = None


def _name_of(attendee: Attendee) -> dict[str, str]:
    return {part: getattr(attendee, part) for part in _NAME}
