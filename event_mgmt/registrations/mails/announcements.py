"""Announcements of an event, and what differs between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from event_mgmt.core.clock import wall_clock
from event_mgmt.events import rules as event_rules
from event_mgmt.events.enums import EventStatus


@dataclass(frozen=True)
class Announcement:
    """What a mail says of an event: whether it is on, when, where, and the way in.

    ``online_url`` is ``None`` where the mail says nothing of it: only those who come are told.
    """

    status: EventStatus
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    venue_name: str
    venue_address: str
    city: str
    country: str
    online_url: str | None

    @property
    def place(self) -> str:
        """The place in one line, without its country."""
        return event_rules.place_text(self.venue_name, self.venue_address, city=self.city)


@dataclass(frozen=True)
class AnnouncementChanges:
    """What of an announcement differs from the one before."""

    status: bool = False
    time: bool = False
    place: bool = False
    link: bool = False

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return self.status or self.time or self.place or self.link


def changes_between(before: Announcement, now: Announcement) -> AnnouncementChanges:
    """What somebody must hear who was last told ``before``.

    Of an event that is off only that it is off: the rest is told when it has a date again.
    """
    is_new_status = before.status is not now.status
    if now.status is not EventStatus.PUBLISHED:
        return AnnouncementChanges(status=is_new_status)
    return AnnouncementChanges(
        status=is_new_status,
        time=_time(before) != _time(now),
        place=(before.place, _country(before)) != (now.place, _country(now)),
        link=now.online_url is not None and (before.online_url or "") != now.online_url,
    )


def _time(said: Announcement) -> tuple[datetime, ...]:
    """The instants, and the wall clock that a guest goes by."""
    span, zone = (said.starts_at, said.ends_at), said.time_zone
    return *span, *(wall_clock(instant, zone) for instant in span)


def shows_same_clock(one: Announcement, other: Announcement) -> bool:
    """Whether both are told by clocks that show the same when the event begins."""
    moment, zones = other.starts_at, (one.time_zone, other.time_zone)
    return wall_clock(moment, zones[0]) == wall_clock(moment, zones[1])


def _country(said: Announcement) -> str:
    """An online event has no country, though its row may hold one."""
    return said.country if said.place else ""
