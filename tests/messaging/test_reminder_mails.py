"""What reminders and group messages say when they go out, and when they stay silent."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask_babel import force_locale

from event_mgmt.audit.service import SYSTEM
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.mail.html_rendering import render_letter
from event_mgmt.mail.kinds import mail_kinds
from event_mgmt.mail.letters import Button, NotNeeded, Paragraph
from event_mgmt.mail.models import Message
from event_mgmt.messaging import group_messages, planner, service
from event_mgmt.messaging.enums import Unit
from event_mgmt.messaging.group_messages import GroupDraft
from event_mgmt.messaging.models import ReminderRule
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.mails.audience import Audience
from event_mgmt.registrations.models import Registration
from tests.builders import NOW, a_partner, a_registration, a_user, an_event, an_organisation, saved
from tests.messaging.builders import a_rule, messages
from tests.reception import START, a_reception
from tests.sql_counter import counted_statements

GOLDEN = Path(__file__).parent / "golden"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(START - DAY, tick=False):
        yield


def _an_event() -> Event:
    event = a_reception()
    a_partner(event, an_organisation("GZS", accent="#2f6b1f"))
    return event


def _planned(
    status: Status = Status.CONFIRMED, locale: str = "de", **rule: object
) -> tuple[Message, ReminderRule]:
    event = _an_event()
    made = a_rule(event, statuses=[status], **rule)
    a_registration(
        event,
        status=status,
        locale=locale,
        given_name="Luka",
        family_name="Žagar",
        companions=1 if status is Status.CONFIRMED else 0,
    )
    assert planner.plan(START - DAY) == 1
    db.session.rollback()
    return messages()[0], made


def _letter(message: Message) -> str:
    with force_locale(message.locale):
        letter = mail_kinds().write(message)
    words = render_letter(letter, message.locale)
    registration = db.session.get(Registration, message.registration_id or 0)
    text = words.text
    for person in registration.attendees[1:] if registration else ():
        text = text.replace(person.family_name, "Begleitung")
    link = next(block.url for block in letter.blocks if isinstance(block, Button))
    head = f"From: {letter.sender_name}\nReply-To: {letter.reply_to}\nSubject: {words.subject}\n\n"
    return head + text.replace(link.rpartition("/")[2], "TOKEN") + "\n"


def _agreed(name: str, text: str) -> str:
    """The golden text; ``APPROVE=1`` in the environment makes it ``text``."""
    if os.environ.get("APPROVE"):
        (GOLDEN / name).write_text(text)
    return (GOLDEN / name).read_text()


@pytest.mark.parametrize("locale", ["de", "sl", "en"])
@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.WAITLISTED])
def test_the_standard_words_read_as_agreed(sqlite_app: Flask, status: Status, locale: str) -> None:
    message, _rule = _planned(status, locale)

    letter = _letter(message)

    assert letter == _agreed(f"reminder_{status}_{locale}.txt", letter)


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.WAITLISTED])
def test_nobody_is_sent_to_call_off_on_a_page_where_that_is_over(
    sqlite_app: Flask, status: Status
) -> None:
    message, _rule = _planned(status, "en")
    event = db.session.get_one(Event, message.event_id)
    event.changes_close_at = START - 2 * DAY
    saved(event)

    letter = _letter(message)

    assert "call off" not in letter
    assert "please answer this mail" in letter


@pytest.mark.parametrize("locale", ["de", "sl", "en"])
def test_thanks_read_as_agreed(sqlite_app: Flask, locale: str) -> None:
    event = _an_event()
    a_rule(event, -1, Unit.DAYS)
    a_registration(event, locale=locale, given_name="Luka", family_name="Žagar")
    planner.plan(START + DAY)
    db.session.rollback()

    letter = _letter(messages()[0])

    assert letter == _agreed(f"thanks_{locale}.txt", letter)


def test_own_words_are_filled_in_and_fall_back_to_a_mail_in_english(sqlite_app: Flask) -> None:
    message, _rule = _planned(
        locale="sl",
        subject=Localized(de="Bald", en="Soon:\n{event}"),
        body=Localized(
            de="…", en="Dear {given_name},\n\non {date} at {time}, {place}.\n\n{nothing}"
        ),
    )

    with force_locale("sl"):
        letter = mail_kinds().write(message)

    texts = [block.text for block in letter.blocks if isinstance(block, Paragraph)]
    assert letter.locale == "en"
    assert letter.subject == "Soon: New Year’s reception"
    assert texts == [
        "Dear Luka,",
        "on Monday, 15 February 2027 at 18:00, Ständehaus, Ständehausstraße 1, 40217, Düsseldorf.",
        "{nothing}",
    ]


def test_the_link_leads_to_the_guests_own_page(sqlite_app: Flask) -> None:
    message, _rule = _planned(body=Localized(de="{link}"), subject=Localized(de="x"))

    with force_locale("de"):
        letter = mail_kinds().write(message)

    button = next(block for block in letter.blocks if isinstance(block, Button))
    assert "/registration/" in button.url
    assert letter.blocks[0] == Paragraph(button.url)


def _paused(event: Event, rule: ReminderRule, guest: Registration) -> None:
    rule.is_active = False


def _cancelled(event: Event, rule: ReminderRule, guest: Registration) -> None:
    event.status = EventStatus.CANCELLED


def _moved(event: Event, rule: ReminderRule, guest: Registration) -> None:
    event.starts_at += timedelta(minutes=30)


def _called_off(event: Event, rule: ReminderRule, guest: Registration) -> None:
    guest.status = Status.CANCELLED


@pytest.mark.parametrize("happens", [_paused, _cancelled, _moved, _called_off])
def test_a_reminder_whose_reason_went_away_stays_silent(
    sqlite_app: Flask, happens: Callable[[Event, ReminderRule, Registration], None]
) -> None:
    message, rule = _planned()
    event = db.session.get_one(Event, message.event_id)
    guest = db.session.get_one(Registration, message.registration_id)
    rule = db.session.get_one(ReminderRule, rule.id)
    mail_kinds().write(message)
    happens(event, rule, guest)
    saved(event)

    with pytest.raises(NotNeeded):
        mail_kinds().write(message)


def test_a_reminder_of_a_deleted_rule_stays_silent(sqlite_app: Flask) -> None:
    _message, rule = _planned()
    service.delete_rule(rule.event_id, rule.id, by=SYSTEM, now=START - DAY)

    with pytest.raises(NotNeeded):
        mail_kinds().write(messages()[0])


def test_a_reminder_that_waited_until_the_event_began_stays_silent(sqlite_app: Flask) -> None:
    message, _rule = _planned()

    with time_machine.travel(START - timedelta(seconds=1), tick=False):
        mail_kinds().write(message)
    with time_machine.travel(START, tick=False), pytest.raises(NotNeeded):
        mail_kinds().write(message)


def test_a_test_mail_shows_a_guest_but_not_the_guests_link(sqlite_app: Flask) -> None:
    event = _an_event()
    rule = a_rule(event)
    a_registration(event, given_name="Nuša", family_name="Černe")
    user = a_user(event.host)
    service.send_test(event.id, rule.id, user_id=user.id, locale="sl", nonce="n", now=NOW)

    with force_locale("sl"):
        letter = mail_kinds().write(messages(kind="reminder_test")[0])

    assert "Nuša Černe" in letter.greeting
    assert "/registration/" not in render_letter(letter, "sl").text


def test_a_test_mail_without_guests_invents_one(sqlite_app: Flask) -> None:
    event = _an_event()
    rule = a_rule(event)
    user = a_user(event.host)
    service.send_test(event.id, rule.id, user_id=user.id, locale="de", nonce="n", now=NOW)

    with force_locale("de"):
        assert "Ana Novak" in mail_kinds().write(messages(kind="reminder_test")[0]).greeting


def _group_message(status: Status = Status.CONFIRMED) -> Message:
    event = _an_event()
    a_registration(event, status=status, locale="sl", given_name="Luka", family_name="Žagar")
    draft = GroupDraft(
        Localized(de="Parken", sl="Parkiranje"),
        Localized(de="Bitte im Hof.", sl="{given_name}, prosimo na dvorišču.\r\n\r\nHvala!"),
        Audience((status,)),
    )
    user = a_user(event.host)
    group_messages.send_to_group(event.id, draft, nonce="n" * 32, user_id=user.id, now=NOW)
    db.session.rollback()
    return messages(kind="group_message")[0]


def test_a_group_message_comes_in_the_readers_language(sqlite_app: Flask) -> None:
    message = _group_message()

    with force_locale("sl"):
        letter = mail_kinds().write(message)

    texts = [block.text for block in letter.blocks if isinstance(block, Paragraph)]
    assert letter.subject == "Parkiranje"
    assert texts == ["Luka, prosimo na dvorišču.", "Hvala!"]


def test_a_group_message_does_not_reach_who_called_off_meanwhile(sqlite_app: Flask) -> None:
    message = _group_message()
    guest = db.session.get_one(Registration, message.registration_id)
    guest.status = Status.CANCELLED
    saved(guest)

    with pytest.raises(NotNeeded):
        mail_kinds().write(message)


def test_fifty_letters_are_read_ahead_in_few_statements(sqlite_app: Flask) -> None:
    event = an_event(starts_at=START, seats=100)
    a_rule(event)
    for _ in range(50):
        a_registration(event)
    planner.plan(START - DAY)
    db.session.expire_all()
    batch = messages()
    db.session.expunge_all()

    with counted_statements() as statements:
        kept = mail_kinds().read_ahead(batch)
        with force_locale("sl"):
            for message in batch:
                mail_kinds().write(message)
        del kept

    assert len(statements) <= 8
