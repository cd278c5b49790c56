"""Events as calendar entries (iCalendar, RFC 5545; iTIP, RFC 5546; feeds, RFC 7986)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import force_locale, gettext as _

from event_mgmt.core.links import public_url
from event_mgmt.events import rules
from event_mgmt.events.models import Event
from event_mgmt.events.time_zones import vtimezone
from event_mgmt.events.words import EventStatus, PartnerStatus
from event_mgmt.settings import Settings
from event_mgmt.web.templating import country_name
from event_mgmt.web.words import word

if TYPE_CHECKING:
    import icalendar

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]

REFRESH: Final = timedelta(hours=6)
_PRODUCT: Final = "-//event-mgmt//Events//EN"


def calendar_object(
    event: Event,
    *,
    locale: str,
    method: Method = "PUBLISH",
    attendee: tuple[str, str] | None = None,
    now: datetime,
) -> bytes:
    """``event`` as an iCalendar object with one entry, in the language ``locale``.

    ``attendee`` is the (name, address) of the only guest named in it; a REQUEST needs one, since
    Google takes back only entries that came as a REQUEST. The way into an online event is told
    to attendees alone. The entry holds no personal link: people share their calendars.
    """
    if method == "REQUEST" and attendee is None:
        raise ValueError("a REQUEST needs an attendee")
    with force_locale(locale):
        calendar = _calendar(method)
        _add_time_zones(calendar, [event])
        calendar.add_component(_entry(event, locale, method, attendee, now))
    return calendar.to_ical()


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
        _add_time_zones(calendar, events)
        for event in events:
            calendar.add_component(_entry(event, locale, "PUBLISH", None, now))
    return calendar.to_ical()


def uid_of(event_id: int) -> str:
    """The identity of an event's entry in every calendar, for ever."""
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


def _add_time_zones(calendar: icalendar.Calendar, events: Iterable[Event]) -> None:
    years: dict[str, set[int]] = {}
    for event in events:
        years.setdefault(event.time_zone, set()).update((event.starts_at.year, event.ends_at.year))
    for zone, used in sorted(years.items()):
        calendar.add_component(vtimezone(zone, min(used), max(used)))


def _entry(
    event: Event,
    locale: str,
    method: Method,
    attendee: tuple[str, str] | None,
    now: datetime,
) -> icalendar.Event:
    import icalendar  # noqa: PLC0415 - only calendars need it

    zone = ZoneInfo(event.time_zone)
    url = public_url("agenda.event", slug=event.slug)
    is_off = method == "CANCEL" or event.status is EventStatus.CANCELLED
    entry = icalendar.Event()
    entry.add("UID", uid_of(event.id))
    entry.add("SEQUENCE", event.revision)
    entry.add("DTSTAMP", now)
    entry.add("LAST-MODIFIED", event.changed_at)
    entry.add("DTSTART", event.starts_at.astimezone(zone))
    entry.add("DTEND", event.ends_at.astimezone(zone))
    entry.add("SUMMARY", _summary(event, locale, is_off=is_off))
    entry.add("DESCRIPTION", _description(event, locale, url))
    if place := _place(event, locale, knows_the_way=attendee is not None):
        entry.add("LOCATION", place)
    entry.add("URL", url)
    entry.add("STATUS", _status(event, is_off=is_off))
    entry.add("CATEGORIES", [word(event.kind)])
    entry.add("ORGANIZER", _address(event.host.name.into(locale), _settings().mail_from))
    if attendee is not None:
        guest = _address(*attendee)
        guest.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
        entry.add("ATTENDEE", guest)
    return entry


def _status(event: Event, *, is_off: bool) -> str:
    if is_off:
        return "CANCELLED"
    return "TENTATIVE" if event.status is EventStatus.POSTPONED else "CONFIRMED"


def _summary(event: Event, locale: str, *, is_off: bool) -> str:
    """The title; many calendars show no status, so what is off says so in words."""
    title = event.title.into(locale)
    if is_off:
        return _("Cancelled: %(title)s", title=title)
    if event.status is EventStatus.POSTPONED:
        return _("Postponed: %(title)s", title=title)
    return title


def _description(event: Event, locale: str, url: str) -> str:
    co_hosts = [p.organisation for p in event.partners if p.status is PartnerStatus.ACCEPTED]
    hosts = ", ".join(body.name.into(locale) for body in (event.host, *co_hosts))
    parts = [event.summary.into(locale), f"{_('Hosts')}: {hosts}", url]
    return "\n\n".join(part for part in parts if part)


def _place(event: Event, locale: str, *, knows_the_way: bool) -> str:
    if event.venue_name or event.city:
        country = country_name(event.country, locale) if event.country else ""
        named = (event.venue_name, event.venue_address)
        return rules.place_line(*named, city=event.city, country=country)
    if event.online_url:
        return event.online_url if knows_the_way else _("Online")
    return ""


def _address(name: str, address: str) -> icalendar.vCalAddress:
    import icalendar  # noqa: PLC0415 - only calendars need it

    made = icalendar.vCalAddress(f"mailto:{address}")
    made.params["CN"] = _parameter(name)
    return made


def _parameter(text: str) -> str:
    """``text`` as a parameter's value, which takes neither quotes nor control characters."""
    plain = (" " if unicodedata.category(c).startswith("C") else c for c in text)
    return " ".join("".join(plain).replace('"', "'").split())
