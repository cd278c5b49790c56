"""What organisers' words say of an event whose date is off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import EventStatus
from event_mgmt.mail.letters import Facts
from event_mgmt.messaging import mail_texts
from event_mgmt.messaging.models import GroupMessage
from tests.builders import NOW, a_registration, an_event

WORDS = "Am {Datum} um {Uhrzeit}: {date}, {time}."


@pytest.mark.parametrize(
    ("locale", "date", "time", "row"),
    [
        ("de", "neuer Termin folgt", "neue Uhrzeit folgt", "Neuer Termin folgt"),
        ("sl", "nov datum sledi", "nova ura sledi", "Nov datum sledi"),
        ("en", "new date to follow", "new time to follow", "New date to follow"),
    ],
)
def test_a_postponed_event_has_no_date_in_a_message_to_a_group(
    app: Flask, locale: str, date: str, time: str, row: str
) -> None:
    event = an_event(starts_at=NOW + timedelta(days=40), status=EventStatus.POSTPONED)
    group = GroupMessage(subject=Localized({locale: "{date}"}), body=Localized({locale: WORDS}))

    with force_locale(locale):
        letter = mail_texts.group_letter(
            group, event, mail_texts.recipient_context(a_registration(event))
        )

    assert letter.subject == date
    assert letter.receipt is None
    said, facts = letter.blocks[0], letter.blocks[1]
    assert getattr(said, "text", "") == f"Am {date} um {time}: {date}, {time}."
    assert isinstance(facts, Facts)
    assert facts.rows[1][1].startswith(row)


def test_an_event_that_takes_place_names_its_date(app: Flask) -> None:
    """The control."""
    event = an_event(starts_at=NOW + timedelta(days=40))
    with force_locale("de"):
        values = mail_texts.values_for(event, mail_texts.recipient_context(a_registration(event)))

    assert values["date"] == "Sonntag, 21. Februar 2027"
