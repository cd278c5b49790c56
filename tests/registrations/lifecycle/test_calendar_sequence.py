"""Which version of an entry follows which, and what an identity can be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from event_mgmt.audit.service import SYSTEM
from event_mgmt.core.database import db, transactional
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.registration_desk import commands as desk
from event_mgmt.registrations.lifecycle import calendar_entries
from tests.builders import a_registration, an_event
from tests.registrations.parties import a_party, enter


@pytest.mark.parametrize(
    ("last", "now", "expected"),
    [
        (0, datetime(2025, 1, 1, 0, 1, tzinfo=UTC), 60),
        (60, datetime(2025, 1, 1, 0, 1, tzinfo=UTC), 61),
        (100, datetime(2025, 1, 1, 0, 1, tzinfo=UTC), 101),
        (7, datetime(1990, 1, 1, tzinfo=UTC), 8),
        (7, datetime(9999, 1, 1, tzinfo=UTC), 2_000_000_000),
        (2_000_000_000, datetime(9999, 1, 1, tzinfo=UTC), 2_000_000_001),
    ],
)
def test_a_version_follows_the_clock_and_the_one_before(
    last: int, now: datetime, expected: int
) -> None:
    assert calendar_entries.next_sequence(last, now=now) == expected


@transactional
def _has_gone_out() -> None:
    db.session.execute(update(Message).values(state=MessageState.SENT))


def test_a_mail_that_the_desk_sends_again_has_a_version_above_the_first(
    app: Flask, now: datetime
) -> None:
    guest = enter(an_event(), a_party(), now)
    _has_gone_out()

    desk.resend_status_mail(guest.id, by=SYSTEM, now=now + timedelta(minutes=1))

    versions = list(db.session.scalars(select(Message.calendar_sequence).order_by(Message.id)))
    assert len(versions) == 2
    assert versions[0] < versions[1]


@pytest.mark.parametrize(
    "stored", ["", "a b", "x\r\nATTENDEE:mailto:evil@example.org", "ž", "=?x?="]
)
def test_what_no_identity_can_be_is_not_written_into_a_calendar(
    sqlite_app: Flask, stored: str
) -> None:
    registration = a_registration(an_event(), calendar_uid=stored)

    assert calendar_entries.uid(registration) == f"event-{registration.event_id}@localhost"
