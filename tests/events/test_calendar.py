from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from dateutil import tz as dateutil_tz

from event_mgmt.core.localized import Localized
from event_mgmt.events import calendar
from event_mgmt.events.enums import EventStatus, PartnerStatus
from event_mgmt.events.vtimezone import clock_changes, vtimezone
from tests.builders import NOW, a_partner, an_event, an_organisation


def _entry(body: bytes) -> icalendar.Event:
    (entry,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    return entry


def _lines(body: bytes) -> list[str]:
    return body.decode().replace("\r\n ", "").split("\r\n")


def test_an_entry_tells_what_when_and_where(sqlite_app):
    event = an_event(venue_address="Ständehausstraße 1", revision=3)

    body = calendar.calendar_object(event, locale="sl", now=NOW)

    entry = _entry(body)
    assert entry["UID"] == f"event-{event.id}@localhost"
    assert entry["SEQUENCE"] == 3
    assert entry["SUMMARY"] == event.title["sl"]
    assert entry["LOCATION"] == "Ständehaus, Ständehausstraße 1, Düsseldorf, Nemčija"
    assert entry["URL"] == f"http://localhost/events/{event.slug}"
    assert entry["STATUS"] == "CONFIRMED"
    assert entry["DTSTART"].dt == event.starts_at
    assert entry["DTEND"].dt == event.ends_at
    assert entry["DTSTAMP"].dt == NOW
    assert "METHOD:PUBLISH" in _lines(body)


def test_a_published_entry_names_no_attendee_and_its_host_as_organiser(sqlite_app):
    event = an_event(an_organisation("Konsulat der Republik Slowenien"))

    body = calendar.calendar_object(event, locale="de", now=NOW)

    entry = _entry(body)
    assert "ATTENDEE" not in entry
    assert entry["ORGANIZER"] == "mailto:events@example.org"
    assert entry["ORGANIZER"].params["CN"] == "Konsulat der Republik Slowenien"


def test_a_request_names_only_its_own_attendee(sqlite_app):
    event = an_event()

    body = calendar.calendar_object(
        event, locale="de", method="REQUEST", attendee=("Žiga Šturm", "ziga@example.org"), now=NOW
    )

    entry = _entry(body)
    assert entry["ATTENDEE"] == "mailto:ziga@example.org"
    assert entry["ATTENDEE"].params["CN"] == "Žiga Šturm"
    assert entry["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert "METHOD:REQUEST" in _lines(body)


def test_a_request_without_an_attendee_is_a_mistake(sqlite_app):
    event = an_event()

    with pytest.raises(ValueError, match="attendee"):
        calendar.calendar_object(event, locale="de", method="REQUEST", now=NOW)


def test_a_cancellation_says_so_in_method_status_and_words(sqlite_app):
    event = an_event(status=EventStatus.CANCELLED, revision=2)

    body = calendar.calendar_object(
        event, locale="en", method="CANCEL", attendee=("Ana", "ana@example.org"), now=NOW
    )

    entry = _entry(body)
    assert "METHOD:CANCEL" in _lines(body)
    assert entry["STATUS"] == "CANCELLED"
    assert entry["SUMMARY"] == f"Cancelled: {event.title['en']}"


@pytest.mark.parametrize("locale", ["de", "sl", "en"])
def test_a_guest_who_no_longer_comes_gets_a_cancel_that_leaves_the_living_event_its_name(
    sqlite_app, locale
):
    event = an_event()

    body = calendar.calendar_object(
        event, locale=locale, method="CANCEL", attendee=("Ana", "ana@example.org"), now=NOW
    )

    entry = _entry(body)
    assert "METHOD:CANCEL" in _lines(body)
    assert entry["STATUS"] == "CANCELLED"
    assert entry["SUMMARY"] == event.title[locale]
    assert entry["ATTENDEE"] == "mailto:ana@example.org"


def test_a_postponed_event_is_tentative(sqlite_app):
    event = an_event(status=EventStatus.POSTPONED)

    entry = _entry(calendar.calendar_object(event, locale="en", now=NOW))

    assert entry["STATUS"] == "TENTATIVE"
    assert entry["SUMMARY"].startswith("Postponed: ")


def test_texts_that_look_like_properties_stay_text(sqlite_app):
    nasty = "Kaffee; Tee, Gebäck\nATTENDEE:mailto:x@example.org\r\nEND:VEVENT"
    event = an_event(title=Localized(de=nasty), summary=Localized(de="a\\n;b"), venue_name="A;B,C")

    body = calendar.calendar_object(
        event,
        locale="de",
        method="REQUEST",
        attendee=('Eva "Evi"\r\nATTENDEE:mailto:y@example.org', "eva@example.org"),
        now=NOW,
    )

    entry = _entry(body)
    assert entry["SUMMARY"].splitlines()[0] == "Kaffee; Tee, Gebäck"
    assert entry["LOCATION"].startswith("A;B,C, ")
    assert entry["ATTENDEE"] == "mailto:eva@example.org"
    assert sum(line.startswith("ATTENDEE") for line in _lines(body)) == 1
    assert sum(line == "END:VEVENT" for line in _lines(body)) == 1


def test_lines_are_folded_at_75_octets(sqlite_app):
    event = an_event(title=Localized(de="Čebelarstvo in žganje " * 12))

    body = calendar.calendar_object(event, locale="de", now=NOW)

    assert all(len(line) <= 75 for line in body.split(b"\r\n"))


@pytest.mark.parametrize("name", ["Ž" * 200, "x" + "Ž" * 200, "a" * 73, "a" * 500, "Ana 😀" * 40])
def test_a_long_name_is_folded_between_its_letters(sqlite_app, name):
    body = calendar.calendar_object(
        an_event(), locale="de", method="REQUEST", attendee=(name, "ana@example.org"), now=NOW
    )

    assert max(map(len, body.split(b"\r\n"))) <= 75
    assert _entry(body)["ATTENDEE"].params["CN"] == name


def test_only_attendees_are_told_the_way_into_an_online_event(sqlite_app):
    event = an_event(venue_name="", city="", online_url="https://meet.example.org/x")

    public = calendar.calendar_object(event, locale="en", now=NOW)
    own = calendar.calendar_object(
        event, locale="en", method="REQUEST", attendee=("Ana", "ana@example.org"), now=NOW
    )

    assert _entry(public)["LOCATION"] == "Online"
    assert b"meet.example.org" not in public
    assert _entry(own)["LOCATION"] == "https://meet.example.org/x"


def test_co_hosts_are_named_once_they_have_accepted(sqlite_app):
    event = an_event(an_organisation("Gospodarska zbornica Slovenije"))
    a_partner(event, an_organisation("Chemie.NRW"))
    a_partner(event, an_organisation("Noch unentschieden"), status=PartnerStatus.INVITED)

    entry = _entry(calendar.calendar_object(event, locale="de", now=NOW))

    assert "Gospodarska zbornica Slovenije, Chemie.NRW" in entry["DESCRIPTION"]
    assert "Noch unentschieden" not in entry["DESCRIPTION"]


@pytest.mark.parametrize(
    "local",
    [
        datetime(2027, 3, 27, 23, 0),
        datetime(2027, 3, 28, 3, 30),
        datetime(2027, 7, 1, 18, 0),
        datetime(2027, 10, 31, 1, 30),
        datetime(2027, 10, 31, 4, 0),
        datetime(2027, 12, 31, 22, 0),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/Ljubljana"])
def test_the_entry_keeps_its_instant_across_changes_of_the_clocks(sqlite_app, zone, local):
    starts_at = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    event = an_event(starts_at=starts_at, time_zone=zone, ends_at=starts_at + timedelta(hours=6))

    body = calendar.calendar_object(event, locale="de", now=NOW)

    # vobject reads the offsets from the entry's own VTIMEZONE
    parsed = vobject.readOne(body.decode()).vevent
    assert parsed.dtstart.value.astimezone(UTC) == starts_at
    assert parsed.dtend.value.astimezone(UTC) == starts_at + timedelta(hours=6)
    assert f"DTSTART;TZID={zone}:{local:%Y%m%dT%H%M%S}" in _lines(body)


def test_the_clocks_change_at_one_utc_in_central_europe():
    spring, autumn = clock_changes("Europe/Berlin", 2027, 2027)

    assert (spring.onset, spring.name, spring.is_summer) == (
        datetime(2027, 3, 28, 2, 0),
        "CEST",
        True,
    )
    assert (autumn.onset, autumn.name, autumn.is_summer) == (
        datetime(2027, 10, 31, 3, 0),
        "CET",
        False,
    )


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Australia/Sydney", "Africa/Casablanca", "UTC"]
)
def test_a_described_time_zone_agrees_with_the_zone_itself(zone):
    text = b"BEGIN:VCALENDAR\r\n" + vtimezone(zone, 2027, 2027).to_ical() + b"END:VCALENDAR\r\n"
    described = dateutil_tz.tzical(io.StringIO(text.decode())).get(zone)
    hours = (datetime(2027, 1, 1, tzinfo=UTC) + timedelta(hours=7 * n) for n in range(1250))

    for instant in hours:
        local = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert (
            local.replace(tzinfo=described).utcoffset()
            == instant.astimezone(ZoneInfo(zone)).utcoffset()
        ), instant
