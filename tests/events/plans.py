"""Plans as an organiser would make them: a test names what matters to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from event_mgmt.audit.service import Actor
from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import EventKind
from event_mgmt.events.fields import EventBasics, EventDetails
from event_mgmt.events.inputs import ProgrammeItemInput

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
START = datetime(2027, 2, 15, 17, 0, tzinfo=UTC)  # 18:00 in Düsseldorf

SOMEBODY = Actor.user(7)  # audit entries outlive their authors: no such account needs to exist


def basics(**given) -> EventBasics:
    """A reception in Düsseldorf in five weeks."""
    starts_at = given.pop("starts_at", START)
    values = {
        "kind": EventKind.CONSULATE_EVENT,
        "title": Localized(de="Jahresempfang", sl="Letni sprejem"),
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=3),
        "time_zone": "Europe/Berlin",
        "seats": 50,
        "venue_name": "Ständehaus",
        "city": "Düsseldorf",
        **given,
    }
    return EventBasics(**values)


def details(**given) -> EventDetails:
    """What follows from ``basics`` when nobody says more."""
    return EventDetails(**{"languages": ("de", "sl"), **given})


def item(hours: float = 0, title: str = "Begrüßung", **given) -> ProgrammeItemInput:
    """A programme item some hours after the start."""
    return ProgrammeItemInput(
        starts_at=START + timedelta(hours=hours), title=Localized(de=title), **given
    )


def by(user) -> Actor:
    """The user as the author of a change."""
    return Actor.user(user.id)
