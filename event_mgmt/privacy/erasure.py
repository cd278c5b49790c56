"""Finding and erasing somebody over all rooms, by what each declares of personal data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from functools import partial

from sqlalchemy import select

from event_mgmt.audit.service import Actor
from event_mgmt.core.personal_data import DataSubject, Reach
from event_mgmt.events.models import Event
from event_mgmt.privacy.redaction import Traces, redacted
from event_mgmt.rooms import PersonalData, current_rooms


def declared() -> Iterator[PersonalData]:
    """What the rooms declare, from the top floor down: in this order they erase."""
    return (room.personal_data for room in reversed(current_rooms()) if room.personal_data)


def reach_of(host_ids: Collection[int] | None, *, until: datetime | None = None) -> Reach:
    """The reach of these hosts (None: no limit), for data last changed by ``until``."""
    if host_ids is None:
        return Reach(until=until)
    return Reach(
        frozenset(host_ids),
        until,
        events=select(Event.id).where(Event.host_id.in_(host_ids)),
    )


def find(address: str, reach: Reach) -> DataSubject:
    """All that the rooms know of ``address``: they are asked until nothing new is found."""
    found = DataSubject(address, addresses=frozenset({address}))
    known = None
    while found != known:
        known = found
        for data in declared():
            found = data.find(found, reach) if data.find else found
    return found


def erase(subject: DataSubject, reach: Reach, *, by: Actor, now: datetime) -> dict[str, int]:
    """Erase ``subject`` in the running transaction; gives how much went, by kind of data."""
    counts: Counter[str] = Counter()
    rooms = list(declared())
    for data in rooms:
        counts.update(data.erase(subject, reach, by, now) if data.erase else {})
    nameless = partial(redacted, traces=Traces.of(subject.addresses, subject.names))
    counts["mentions"] += sum(
        data.redact(subject, reach, nameless) for data in rooms if data.redact
    )
    return dict(counts)
