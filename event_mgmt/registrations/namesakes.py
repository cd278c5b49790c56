"""Companions elsewhere who are called like somebody: perhaps the same person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from event_mgmt.core.database import db
from event_mgmt.core.personal_data import Reach
from event_mgmt.core.text import search_fold, sort_key
from event_mgmt.events.models import Event
from event_mgmt.registrations.models import Attendee, Registration

MOST: Final = 20

_SPELT_OUT: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


@dataclass(frozen=True)
class Namesake:
    """A companion in another party, and the event."""

    attendee: Attendee
    event: Event


def namesakes_of(contacts: Iterable[Attendee], address: str, reach: Reach) -> list[Namesake]:
    """Companions called like one of ``contacts``, in parties of other addresses; 20 at most."""
    keys = {key for contact in contacts for key in _spellings(contact)}
    if not keys:
        return []
    wanted = (
        select(Attendee, Event)
        .join(Registration, Registration.id == Attendee.registration_id)
        .join(Event, Event.id == Attendee.event_id)
        .where(Attendee.sort_key.in_(keys), Attendee.position > 0, Registration.email != address)
        .order_by(Attendee.id)
        .limit(MOST)
    )
    if reach.host_ids is not None:
        wanted = wanted.where(Event.host_id.in_(reach.host_ids))
    return [Namesake(*row) for row in db.session.execute(wanted)]


def _spellings(contact: Attendee) -> set[str]:
    """The sort keys under which somebody of that name may stand: other spellings, other order."""
    ways = (contact.family_name, contact.given_name), (contact.given_name, contact.family_name)
    spellings = (lambda name: name, search_fold, lambda name: name.casefold().translate(_SPELT_OUT))
    return {
        sort_key("de", *map(spell, names)) for names in ways if any(names) for spell in spellings
    }
