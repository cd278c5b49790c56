"""A letter is read anywhere: where an event's clock is another than the readers' own, it says so."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.events.models import Event
from event_mgmt.mail import html_rendering
from event_mgmt.mail.kinds import mail_kinds
from event_mgmt.mail.letters import Letter
from event_mgmt.mail.models import Message
from event_mgmt.messaging.models import ReminderRule
from event_mgmt.registrations.models import LastAnnouncement
from tests.builders import saved
from tests.mail.test_every_letter import KINDS, TODAY, _message

CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b(?!\d)")


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def _written(message: Message) -> Letter:
    kept = mail_kinds().read_ahead([message])
    with html_rendering.in_locale(message.locale):
        letter = mail_kinds().write(message)
    del kept
    return letter


def _lines_with_times(message: Message) -> list[str]:
    letter = _written(message)
    words = html_rendering.render_letter(letter, message.locale)
    lines = [words.subject, *words.text.splitlines()]
    return [line for line in lines if CLOCK.search(re.sub(r"https?://\S+|UTC.\d\d:\d\d", "", line))]


def _in_zone(message: Message, zone: str) -> None:
    event = db.session.get_one(Event, message.event_id)
    event.time_zone = zone
    saved(event)
    told = select(LastAnnouncement).where(
        LastAnnouncement.registration_id == message.registration_id
    )
    for known in db.session.scalars(told).all():
        known.time_zone = zone
        saved(known)


@pytest.mark.parametrize("locale", ["de", "sl", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_time_in_every_letter_names_a_foreign_clock(
    sqlite_app: Flask, kind: str, locale: str
) -> None:
    message = _message(kind, locale)
    at_home = _lines_with_times(message)
    _in_zone(message, "Europe/Helsinki")
    abroad = _lines_with_times(message)

    assert len(abroad) == len(at_home)
    assert [line for line in abroad if "UTC+02:00" not in line] == []
    assert [line for line in at_home if "UTC" in line] == []


def test_the_placeholder_for_the_time_names_a_foreign_clock(sqlite_app: Flask) -> None:
    message = _message("reminder", "de")
    _in_zone(message, "Europe/London")
    rule = db.session.get_one(ReminderRule, message.rule_id)
    rule.subject, rule.body = Localized(de="Um {Uhrzeit}"), Localized(de="Beginn: {Uhrzeit}")
    saved(rule)
    letter = _written(message)

    assert letter.subject == "Um 17:00 Uhr (Mittlere Greenwich-Zeit, UTC+00:00)"
