"""Events as calendar entries (iCalendar, RFC 5545; iTIP, RFC 5546; feeds, RFC 7986)."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import force_locale, gettext as _

from event_mgmt.core.links import public_url
from event_mgmt.events import ical_lines as lines, rules
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.events.vtimezone import vtimezone
from event_mgmt.settings import Settings
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.templating import country_name

if TYPE_CHECKING:
    import icalendar

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]

REFRESH: Final = timedelta(hours=6)
_PRODUCT: Final = "-//event-mgmt//Events//EN"

# Whole lines, which no text inside an entry can be: its line breaks are written otherwise.
_NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)
_STAMP_LINE: Final = b"\r\nDTSTAMP:19700101T000000Z\r\n"
_NOBODY: Final = "guest"
_GUEST_LINE: Final = b"\r\nATTENDEE:guest\r\n"
_UID_LINE: Final = b"\r\nUID:guest\r\n"
_SEQUENCE_LINE: Final = b"\r\nSEQUENCE:0\r\n"


class CalendarIdentity(NamedTuple):
    """Which entry it is in the reader's calendar, and which of its versions (RFC 5545, 3.8.7.4)."""

    uid: str
    sequence: int


@dataclass(frozen=True)
class CalendarTemplate:
    """An entry as all guests of an event get it, with places for the guest and the moment."""

    body: bytes
    public: CalendarIdentity

    def filled(
        self,
        *,
        attendee: tuple[str, str] | None,
        identity: CalendarIdentity | None = None,
        now: datetime,
    ) -> bytes:
        """The entry for the guest of this (name, address), made at ``now``.

        ``identity``: the guest's own (default: that of the public entry).
        """
        stamp = f"\r\nDTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}\r\n".encode()
        uid, sequence = identity or self.public
        body = (
            self.body.replace(_STAMP_LINE, stamp)
            .replace(_UID_LINE, lines.whole(f"UID:{uid}"))
            .replace(_SEQUENCE_LINE, lines.whole(f"SEQUENCE:{sequence}"))
        )
        return body if attendee is None else body.replace(_GUEST_LINE, lines.attendee(*attendee))


@dataclass(frozen=True)
class _Entry:
    """What an entry says, as plain values: whatever says the same is written once."""

    uid: str
    sequence: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    summary: str
    description: str
    place: str
    url: str
    status: str
    category: str
    organizer: tuple[str, str]


def calendar_template(
    event: Event, *, locale: str, method: Method, has_guest: bool
) -> CalendarTemplate:
    """``event`` as an entry in the language ``locale``; see ``calendar_object``.

    Writing it takes milliseconds, filling it in for one more guest microseconds.
    """
    with force_locale(locale):
        entry = _entry(event, locale, method, knows_the_way=has_guest)
    public = CalendarIdentity(entry.uid, entry.sequence)
    nobodys = replace(entry, uid=_NOBODY, sequence=0)
    return CalendarTemplate(_frame_body(nobodys, method, has_guest=has_guest), public)


@functools.lru_cache(maxsize=256)
def _frame_body(entry: _Entry, method: Method, *, has_guest: bool) -> bytes:
    calendar = _calendar(method)
    _add_time_zones(calendar, [entry])
    component = _component(entry, _NO_TIME)
    if has_guest:
        component.add("ATTENDEE", _NOBODY)
    calendar.add_component(component)
    body: bytes = calendar.to_ical()
    return body


def calendar_object(
    event: Event,
    *,
    locale: str,
    method: Method = "PUBLISH",
    attendee: tuple[str, str] | None = None,
    identity: CalendarIdentity | None = None,
    now: datetime,
) -> bytes:
    """``event`` as an iCalendar object with one entry, in the language ``locale``.

    ``attendee`` is the (name, address) of the only guest named in it; a REQUEST needs one, since
    Google takes back only entries that came as a REQUEST. The way into an online event is told
    to attendees alone. The entry holds no personal link: people share their calendars.
    ``identity`` is that of a guest's own entry; without one it is the public entry of the event.
    """
    if method == "REQUEST" and attendee is None:
        raise ValueError("a REQUEST needs an attendee")
    frame = calendar_template(event, locale=locale, method=method, has_guest=attendee is not None)
    return frame.filled(attendee=attendee, identity=identity, now=now)


def feed(events: Sequence[Event], *, locale: str, name: str, address: str, now: datetime) -> bytes:
    """``events`` as a calendar to subscribe to at ``address``, called ``name``.

    Hosts, partners and partner organisations are read of each event. Cancelled events stay in it
    with STATUS:CANCELLED, so that subscribers learn of it.
    """
    with force_locale(locale):
        calendar = _calendar("PUBLISH")
        calendar.add("NAME", name)
        calendar.add("X-WR-CALNAME", name)
        calendar.add("SOURCE", address, parameters={"VALUE": "URI"})
        calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("X-PUBLISHED-TTL", f"PT{REFRESH // timedelta(hours=1)}H")
        entries = [_entry(event, locale, "PUBLISH", knows_the_way=False) for event in events]
        _add_time_zones(calendar, entries)
        for entry in entries:
            calendar.add_component(_component(entry, now))
    return calendar.to_ical()


def uid_of(event_id: int) -> str:
    """The UID of an event's public entry, in feeds and as a file.

    Guests' own entries have another: see ``event_mgmt.registrations.lifecycle.calendar_entries``.
    """
    host = urlsplit(_settings().public_base_url).hostname
    return f"event-{event_id}@{host}"


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _calendar(method: Method) -> icalendar.Calendar:
    import icalendar  # noqa: PLC0415 - only calendars need it

    calendar = icalendar.Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", _PRODUCT)
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    return calendar


def _add_time_zones(calendar: icalendar.Calendar, entries: Iterable[_Entry]) -> None:
    years: dict[str, set[int]] = {}
    for entry in entries:
        years.setdefault(entry.time_zone, set()).update((entry.starts_at.year, entry.ends_at.year))
    for zone, used in sorted(years.items()):
        calendar.add_component(vtimezone(zone, min(used), max(used)))


def _entry(event: Event, locale: str, method: Method, *, knows_the_way: bool) -> _Entry:
    url = public_url("event_site.event", slug=event.slug)
    return _Entry(
        uid=uid_of(event.id),
        sequence=event.revision,
        changed_at=event.changed_at,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        time_zone=event.time_zone,
        summary=_summary(event, locale),
        description=_description(event, locale, url),
        place=_place(event, locale, knows_the_way=knows_the_way),
        url=url,
        status=_status(event, method),
        category=enum_label(event.kind),
        organizer=(event.host.name.into(locale), _settings().mail_from),
    )


def _component(entry: _Entry, now: datetime) -> icalendar.Event:
    import icalendar  # noqa: PLC0415 - only calendars need it

    zone = ZoneInfo(entry.time_zone)
    component = icalendar.Event()
    component.add("UID", entry.uid)
    component.add("SEQUENCE", entry.sequence)
    component.add("DTSTAMP", now)
    component.add("LAST-MODIFIED", entry.changed_at)
    component.add("DTSTART", entry.starts_at.astimezone(zone))
    component.add("DTEND", entry.ends_at.astimezone(zone))
    component.add("SUMMARY", entry.summary)
    component.add("DESCRIPTION", entry.description)
    if entry.place:
        component.add("LOCATION", entry.place)
    component.add("URL", entry.url)
    component.add("STATUS", entry.status)
    if entry.status == "TENTATIVE":
        component.add("TRANSP", "TRANSPARENT")  # nobody is busy on a date that is off
    component.add("CATEGORIES", [entry.category])
    component.add("ORGANIZER", _address(*entry.organizer))
    return component


def _status(event: Event, method: Method) -> str:
    """CANCELLED in every CANCEL, though the event itself may well take place.

    RFC 5546, 3.2.5 asks for it where an entry goes as a whole, and leaves it out where only some
    of those named in it are taken off. A guest's entry names nobody else: so it goes as a whole.
    """
    if method == "CANCEL" or event.status is EventStatus.CANCELLED:
        return "CANCELLED"
    return "TENTATIVE" if event.status is EventStatus.POSTPONED else "CONFIRMED"


def _summary(event: Event, locale: str) -> str:
    """The title; many calendars show no status, so an event that is off says so in words.

    A guest who no longer comes reads the plain title: the event is on, only without them.
    """
    title = event.title.into(locale)
    if event.status is EventStatus.CANCELLED:
        return _("Cancelled: %(title)s", title=title)
    if event.status is EventStatus.POSTPONED:
        return _("Postponed: %(title)s", title=title)
    return title


def _description(event: Event, locale: str, url: str) -> str:
    hosts = ", ".join(body.name.into(locale) for body in event.hosts)
    parts = [event.summary.into(locale), f"{_('Hosts')}: {hosts}", url]
    return "\n\n".join(part for part in parts if part)


def _place(event: Event, locale: str, *, knows_the_way: bool) -> str:
    if event.venue_name or event.city:
        country = country_name(event.country, locale) if event.country else ""
        named = (event.venue_name, event.venue_address)
        return rules.place_text(*named, city=event.city, country=country)
    if event.online_url:
        return event.online_url if knows_the_way else _("Online")
    return ""


def _address(name: str, address: str) -> icalendar.vCalAddress:
    import icalendar  # noqa: PLC0415 - only calendars need it

    made = icalendar.vCalAddress(lines.mailto(address))
    made.params["CN"] = lines.parameter(name)
    return made
