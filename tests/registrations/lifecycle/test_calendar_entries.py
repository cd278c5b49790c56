"""What guests' calendars show, from the first mail to the last, as three libraries read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from itertools import pairwise
from typing import Any

import icalendar
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from event_mgmt.audit.service import PARTICIPANT, SYSTEM
from event_mgmt.core.database import db, transactional
from event_mgmt.core.localized import Localized
from event_mgmt.events import service as events
from event_mgmt.events.models import Event
from event_mgmt.mail.delivery import Deliverer
from event_mgmt.mail.models import Message
from event_mgmt.mail.rules import AttemptResult
from event_mgmt.mail.transports import OutgoingMail, RelayReply
from event_mgmt.registration_desk import commands as desk
from event_mgmt.registrations import commands
from event_mgmt.registrations.lifecycle import calendar_entries, persistence
from event_mgmt.registrations.models import Registration
from tests.builders import a_registration, an_event
from tests.readers import fresh
from tests.registrations.calendar_readers import READERS, Calendar, Reader, Reading, with_icalendar
from tests.registrations.guest_pages import opened
from tests.registrations.parties import a_party, enter

OFFICE = "office@example.org"


@dataclass
class Post:
    """Takes what the deliverer hands over; ``answers`` are given first, then everything is taken."""

    sent: list[tuple[str, bytes]] = field(default_factory=list)
    answers: list[RelayReply] = field(default_factory=list)

    def open(self) -> None:
        """It is always open."""

    def send(self, outgoing: OutgoingMail) -> RelayReply:
        """Take ``outgoing``, or answer as told."""
        answer = self.answers.pop(0) if self.answers else RelayReply(AttemptResult.ACCEPTED, 250)
        if answer.verdict is not AttemptResult.DEFERRED:
            mail = message_from_bytes(outgoing.content, policy=policy.default)
            for part in mail.walk():
                if part.get_content_type() == "text/calendar" and not part.is_attachment():
                    body = part.get_payload(decode=True)
                    assert isinstance(body, bytes)
                    self.sent.append((outgoing.recipient, body))
        return answer

    def close(self) -> None:
        """Nothing to close."""

    def deliver(self, now: datetime) -> None:
        """Let a deliverer hand over what is due at ``now``."""
        with time_machine.travel(now, tick=False):
            Deliverer(self).deliver_due(now)

    def readings(self, reader: Reader = with_icalendar) -> list[tuple[str, Reading]]:
        """What was sent, (to whom, what it says), in order."""
        said = reader([body for _to, body in self.sent])
        return [(to, each) for (to, _body), each in zip(self.sent, said, strict=True)]

    def calendars(self, reader: Reader = with_icalendar) -> dict[str, Calendar]:
        """Everybody's calendar after all that was sent."""
        calendars: dict[str, Calendar] = defaultdict(Calendar)
        for to, reading in self.readings(reader):
            calendars[to].take(reading)
        return calendars


def rises(readings: Sequence[Reading]) -> bool:
    """Whether each version is above the one before."""
    versions = [reading.sequence for reading in readings]
    return all(a < b for a, b in pairwise(versions))


@pytest.fixture
def post() -> Post:
    """A post that takes everything."""
    return Post()


def _moved(event: Event, *, days: int, now: datetime) -> None:
    by = {"by": SYSTEM, "now": now}
    start, end = (at + timedelta(days=days) for at in (event.starts_at, event.ends_at))
    events.move(event.id, starts_at=start, ends_at=end, **by)


def _changed(registration: Registration, now: datetime, **new: Any) -> None:
    party = replace(persistence.party_of(fresh(registration)), **new)
    commands.change(registration.id, party, by=PARTICIPANT, now=now)


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_an_entry_follows_its_guest_from_registering_to_calling_off(
    app: Flask, now: datetime, post: Post, reader: Reader
) -> None:
    event = an_event()
    guest = enter(event, a_party("Žiga", "Müller-Šturm", email="ziga@büro.example.org"), now)
    post.deliver(now)
    _moved(event, days=1, now=now)  # at the very instant: versions rise all the same
    post.deliver(now)
    _changed(guest, now + timedelta(minutes=1), email="ziga@example.org")
    post.deliver(now + timedelta(minutes=1))

    starts_at = fresh(event).starts_at
    calendars = post.calendars(reader)
    assert calendars["ziga@xn--bro-hoa.example.org"].entries == {}
    (entry,) = calendars["ziga@example.org"].entries.values()
    assert (entry.uid, entry.starts_at) == (fresh(guest).calendar_uid, starts_at)
    assert (entry.method, entry.status) == ("REQUEST", "CONFIRMED")
    assert entry.attendees == (("Žiga Müller-Šturm", "mailto:ziga@example.org"),)

    commands.cancel(guest.id, by=PARTICIPANT, now=now + timedelta(minutes=2))
    post.deliver(now + timedelta(minutes=2))

    assert post.calendars(reader)["ziga@example.org"].entries == {}
    readings = [reading for _to, reading in post.readings(reader)]
    assert [each.method for each in readings] == [
        "REQUEST", "REQUEST", "REQUEST", "CANCEL", "CANCEL",
    ]  # fmt: skip
    assert len({each.uid for each in readings}) == 1
    assert rises(readings)
    assert readings[0].attendees == (("Žiga Müller-Šturm", "mailto:ziga@xn--bro-hoa.example.org"),)


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_of_two_guests_under_one_address_one_calls_off_and_the_other_stays(
    app: Flask, now: datetime, post: Post, reader: Reader
) -> None:
    event = an_event()
    stays = enter(event, a_party("Ana", "Kos", email=OFFICE), now, "n1")
    goes = enter(event, a_party("Bor", "Zajec", email=OFFICE), now, "n2")
    post.deliver(now)
    commands.cancel(goes.id, by=PARTICIPANT, now=now)
    post.deliver(now)

    assert set(post.calendars(reader)[OFFICE].entries) == {fresh(stays).calendar_uid}


def test_who_calls_off_and_comes_again_has_one_entry(app: Flask, now: datetime, post: Post) -> None:
    event = an_event()
    first = enter(event, a_party(email=OFFICE), now, "n1")
    post.deliver(now)
    commands.cancel(first.id, by=PARTICIPANT, now=now)
    again = enter(event, a_party(email=OFFICE), now, "n2")
    post.deliver(now)

    assert set(post.calendars()[OFFICE].entries) == {fresh(again).calendar_uid}
    assert fresh(first).calendar_uid != fresh(again).calendar_uid


def test_a_cancelled_event_leaves_every_calendar(app: Flask, now: datetime, post: Post) -> None:
    event = an_event()
    enter(event, a_party("Ana", "Kos", email=OFFICE), now, "n1")
    enter(event, a_party("Bor", "Zajec", email="bor@example.org"), now, "n2")
    post.deliver(now)
    events.cancel(event.id, reason=Localized(), by=SYSTEM, now=now)
    post.deliver(now)

    assert [calendar.entries for calendar in post.calendars().values()] == [{}, {}]


def test_a_site_that_moves_takes_its_entries_along(
    app: Flask, now: datetime, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = an_event()
    guest = enter(event, a_party(email=OFFICE), now)
    post.deliver(now)
    moved = replace(app.extensions["settings"], public_base_url="https://new.example.com/events")
    monkeypatch.setitem(app.extensions, "settings", moved)
    commands.cancel(guest.id, by=PARTICIPANT, now=now)
    post.deliver(now)

    assert [reading.method for _to, reading in post.readings()] == ["REQUEST", "CANCEL"]
    assert post.calendars()[OFFICE].entries == {}


def test_every_attempt_to_send_a_mail_gives_its_entry_the_same_version(
    app: Flask, now: datetime, post: Post
) -> None:
    event = an_event()
    guest = enter(event, a_party(email=OFFICE), now)
    post.answers = [RelayReply(AttemptResult.LOST)]
    post.deliver(now)
    later = now + timedelta(minutes=5)
    post.deliver(later)
    commands.cancel(guest.id, by=PARTICIPANT, now=later)
    post.deliver(later)

    first, second, last = (reading for _to, reading in post.readings())
    assert first.sequence == second.sequence < last.sequence
    assert (first.method, second.method, last.method) == ("REQUEST", "REQUEST", "CANCEL")


def test_a_mail_that_comes_late_does_not_undo_what_a_newer_one_said(
    app: Flask, now: datetime, post: Post
) -> None:
    event = an_event()
    enter(event, a_party(email=OFFICE), now)
    post.deliver(now)
    _moved(event, days=1, now=now + timedelta(minutes=1))
    post.answers = [RelayReply(AttemptResult.DEFERRED, 451)]
    post.deliver(now + timedelta(minutes=1))
    _moved(event, days=1, now=now + timedelta(seconds=70))
    for minutes in (2, 20, 90):
        post.deliver(now + timedelta(minutes=minutes))

    (entry,) = post.calendars()[OFFICE].entries.values()
    assert entry.starts_at == fresh(event).starts_at


def test_an_address_that_is_the_contacts_no_more_gets_no_entry(
    app: Flask, now: datetime, post: Post
) -> None:
    event = an_event()
    guest = enter(event, a_party(email=OFFICE), now)
    _changed(guest, now, email="ana@example.org")
    post.deliver(now)

    calendars = post.calendars()
    assert calendars[OFFICE].entries == {}
    assert [reading.method for to, reading in post.readings() if to == OFFICE] == ["CANCEL"]
    assert list(calendars["ana@example.org"].entries) == [fresh(guest).calendar_uid]


def test_an_address_that_comes_back_keeps_its_entry(app: Flask, now: datetime, post: Post) -> None:
    event = an_event()
    guest = enter(event, a_party(email=OFFICE), now)
    post.deliver(now)
    _changed(guest, now + timedelta(minutes=1), email="ana@example.org")
    _changed(guest, now + timedelta(minutes=2), email=OFFICE)
    post.deliver(now + timedelta(minutes=2))

    calendars = post.calendars()
    assert list(calendars[OFFICE].entries) == [fresh(guest).calendar_uid]
    assert calendars["ana@example.org"].entries == {}


def test_an_address_that_the_desk_corrects_loses_the_entry_that_had_arrived(
    app: Flask, now: datetime, post: Post
) -> None:
    event = an_event()
    guest = enter(event, a_party(email=OFFICE), now)
    post.deliver(now)
    later = now + timedelta(minutes=1)
    desk.correct_address(guest.id, "ana@example.org", by=SYSTEM, now=later)
    post.deliver(later)

    calendars = post.calendars()
    assert calendars[OFFICE].entries == {}
    assert list(calendars["ana@example.org"].entries) == [fresh(guest).calendar_uid]


def test_an_address_where_nothing_arrived_is_not_written_to_when_the_desk_corrects_it(
    app: Flask, now: datetime, post: Post
) -> None:
    guest = enter(an_event(), a_party(email="wrogn@example.org"), now)
    later = now + timedelta(minutes=1)
    desk.correct_address(guest.id, "right@example.org", by=SYSTEM, now=later)
    post.deliver(later)

    assert {to for to, _reading in post.readings()} == {"right@example.org"}


def test_the_file_on_the_own_page_is_the_entry_of_the_mails(
    sqlite_app: Flask, client: FlaskClient, now: datetime, post: Post
) -> None:
    event = an_event()
    guest = enter(event, a_party(email=OFFICE), now)
    post.deliver(now)
    _moved(event, days=1, now=now)
    post.deliver(now)
    file = client.get(f"{opened(client, fresh(guest))}/event.ics").data

    (entry,) = icalendar.Calendar.from_ical(file).walk("VEVENT")
    (newest,) = post.calendars()[OFFICE].entries.values()
    assert (entry["UID"], entry["SEQUENCE"]) == (newest.uid, newest.sequence)


@pytest.mark.parametrize("shares", [True, False])
def test_entries_of_the_version_before_keep_the_identity_they_were_sent_with(
    app: Flask, now: datetime, post: Post, *, shares: bool
) -> None:
    event = an_event()
    old = f"event-{event.id}@old.example.org"
    guest = a_registration(event, email=OFFICE, calendar_uid=old, confirmed_at=now)
    other = a_registration(event, email="b@example.org", calendar_uid=old, confirmed_at=now)
    if shares:  # the new address has an entry of that identity, of another guest
        _changed(guest, now, email=other.email)
    _moved(event, days=1, now=now)
    post.deliver(now)

    calendars = post.calendars()
    entries = {to: set(calendar.entries) for to, calendar in calendars.items()}
    if shares:
        assert entries == {OFFICE: set(), "b@example.org": {old, fresh(guest).calendar_uid}}
        assert [r.uid for to, r in post.readings() if to == OFFICE] == [old]
    else:
        assert entries == {OFFICE: {old}, "b@example.org": {old}}


def test_whom_the_version_before_entered_during_the_upgrade_keeps_its_identity_from_the_next_mail_on(
    app: Flask, now: datetime, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = an_event(revision=3)
    guest = a_registration(event, email=OFFICE, confirmed_at=now)
    _as_the_version_before_wrote_it(guest)
    _moved(event, days=1, now=now)
    moved = replace(app.extensions["settings"], public_base_url="https://new.example.com")
    monkeypatch.setitem(app.extensions, "settings", moved)
    post.deliver(now)

    ((_to, reading),) = post.readings()
    assert reading.uid == f"event-{event.id}@localhost" == fresh(guest).calendar_uid
    assert reading.sequence > 3


@transactional
def _as_the_version_before_wrote_it(guest: Registration) -> None:
    its = update(Registration).where(Registration.id == guest.id)
    db.session.execute(its.values(calendar_uid=None, calendar_sequence=0))


def test_a_mail_that_the_version_before_queued_has_a_version_above_what_it_had_sent(
    app: Flask, now: datetime, post: Post
) -> None:
    event = an_event(revision=5)
    guest = enter(event, a_party(email=OFFICE), now)
    _without_a_version(guest)
    post.deliver(now)
    _moved(event, days=1, now=now)
    post.deliver(now)

    first, second = (reading for _to, reading in post.readings())
    assert 5 < first.sequence < second.sequence


@transactional
def _without_a_version(guest: Registration) -> None:
    its = update(Message).where(Message.registration_id == guest.id)
    db.session.execute(its.values(calendar_sequence=None))


def test_one_update_of_many_gives_each_the_version_that_it_would_get_alone(
    app: Flask, now: datetime, post: Post
) -> None:
    event = an_event()
    least = calendar_entries.next_sequence(0, now=now)
    guests = [a_registration(event, calendar_sequence=last) for last in (0, least, least + 9)]
    _moved(event, days=1, now=now)

    assert [fresh(guest).calendar_sequence for guest in guests] == [least, least + 1, least + 10]


def test_a_mail_that_waits_follows_the_contact_to_the_new_address(
    app: Flask, now: datetime, post: Post
) -> None:
    guest = enter(an_event(), a_party(email=OFFICE), now)
    post.answers = [RelayReply(AttemptResult.LOST)]
    post.deliver(now)
    later = now + timedelta(minutes=5)
    _changed(guest, later, email="ana@example.org")

    waiting = db.session.execute(
        select(Message.kind, Message.to_address, Message.copies).order_by(Message.id)
    ).all()
    assert waiting == [
        ("registration_confirmed", "ana@example.org", 0),
        ("registration_changed", "ana@example.org", 0),
        ("registration_changed", OFFICE, 0),
    ]
    db.session.rollback()
    post.deliver(later)
    assert post.calendars()[OFFICE].entries == {}
    assert list(post.calendars()["ana@example.org"].entries) == [fresh(guest).calendar_uid]
