"""An event's fields are described once, and whatever is not described is named here."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from event_mgmt.audit.labels import detail_of
from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.event_desk.forms import EventForm, NewEventForm
from event_mgmt.events import fields, service
from event_mgmt.events.enums import EventKind, Visibility, WaitingListMode
from event_mgmt.events.fields import (
    EVENT_FIELDS,
    NOT_SAID,
    CopyRule,
    EventBasics,
    EventDetails,
    EventField,
    copied_fields,
)
from event_mgmt.events.models import Event
from event_mgmt.organisations.models import Agreement
from tests.builders import a_user, an_event, an_organisation, saved

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
FORM_ONLY = {
    "version": "lets two editors notice each other",
    "nonce": "makes a form sent twice one event",
    "csrf_token": "is no field of an event",
}
PARTS = {"seats", "sectors", "partners", "programme", "questions"}
"""What hangs on an event in tables of its own."""


def undescribed(described: Collection[EventField]) -> set[str]:
    """Columns, form fields and template slots that no description and no exemption names."""
    names = {each.name for each in described}
    typed = {name for each in described for name in each.form_names}
    columns = {column.key for column in inspect(Event).column_attrs}
    asked = {
        name
        for form in (EventForm, NewEventForm)
        for name in form()._fields
        if name not in FORM_ONLY
    }
    handed = {
        name
        for plain in (EventBasics, EventDetails)
        for name in plain.__dataclass_fields__
        if name != "sector_ids"
    }
    slots = {
        name
        for path in (TEMPLATES / "event_desk").rglob("*.html")
        for name in re.findall(r"\bform\.([a-z_]+)\b(?!\()", path.read_text())
    }
    return (
        columns - names - NOT_SAID.keys()
        | handed - names
        | asked - typed
        | (slots & asked) - typed
        | PARTS - names
    )


def test_whatever_is_said_about_an_event_is_described(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        assert undescribed(EVENT_FIELDS) == set()


@pytest.mark.parametrize("left_out", EVENT_FIELDS, ids=lambda each: each.name)
def test_a_description_that_is_missing_is_named(sqlite_app: Flask, left_out: EventField) -> None:
    """The control of the test above."""
    with sqlite_app.test_request_context():
        assert undescribed([each for each in EVENT_FIELDS if each is not left_out]) & {
            left_out.name,
            *left_out.form_names,
        }


def test_exemptions_are_columns_and_none_is_described_as_well() -> None:
    columns = {column.key for column in inspect(Event).column_attrs}

    assert columns >= NOT_SAID.keys()
    assert NOT_SAID.keys() & {each.name for each in EVENT_FIELDS} == set()


def test_every_field_is_named_in_the_audit_log(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        nameless = [each.name for each in EVENT_FIELDS if detail_of("event", each.name) is None]

    assert nameless == []


STARTS = datetime(2027, 5, 4, 16, 0, tzinfo=UTC)
OWN_VALUES = {
    "kind": EventKind.CONSULATE_EVENT,
    "visibility": Visibility.UNLISTED,
    "title": Localized(de="Titelwert", sl="Naslovna"),
    "summary": Localized(de="Kurzwert"),
    "description": Localized(de="Langwert"),
    "time_zone": "Europe/Ljubljana",
    "venue_name": "Ortswert",
    "venue_address": "Straßenwert 7",
    "city": "Stadtwert",
    "country": "SI",
    "directions": Localized(de="Wegwert"),
    "online_url": "https://example.org/verbindungswert",
    "approval_needed": True,
    "address_check": True,
    "largest_party": 7,
    "waiting_list": WaitingListMode.IMMEDIATE,
    "offer_hours": 31,
    "fee_note": Localized(de="Preiswert"),
    "reply_to": "antwortwert@example.org",
    "retention_months": 9,
    "sensitive_days": 11,
    "languages": ["sl", "it"],
    "starts_at": STARTS,
    "ends_at": STARTS + timedelta(hours=3),
    "registration_opens_at": STARTS - timedelta(days=40),
    "registration_closes_at": STARTS - timedelta(days=3),
    "changes_close_at": STARTS - timedelta(days=2),
}
ELSEWHERE = {"sectors", "agreement_id", "host_id"}
"""Fields that stand for other rows; they get theirs in the test."""


def an_agreement() -> Agreement:
    """An agreement that an event can belong to."""
    return saved(Agreement(title=Localized(de="Vereinbarung"), signed_on=STARTS.date()))


def _whole_event(now: datetime) -> Event:
    event = an_event(starts_at=STARTS + timedelta(days=1), host=an_organisation())
    for name, value in OWN_VALUES.items():
        setattr(event, name, value)
    event.agreement_id = an_agreement().id
    saved(event)
    return event


def test_every_field_that_a_copy_keeps_has_its_value_there(app: Flask, now: datetime) -> None:
    event = _whole_event(now)

    copy = service.duplicate(
        event.id,
        starts_at=STARTS,
        with_partners=False,
        nonce="n" * 20,
        by=Actor.user(a_user(event.host).id),
        now=now,
    )

    kept = copied_fields(CopyRule.SAME) + copied_fields(CopyRule.SHIFTED)
    assert set(OWN_VALUES) | ELSEWHERE == set(kept), "give the new field a value of its own"
    assert {name: getattr(copy, name) for name in OWN_VALUES} == OWN_VALUES
    assert (copy.agreement_id, copy.host_id) == (event.agreement_id, event.host_id)
    assert copy.sectors == event.sectors


def test_a_copy_loses_a_field_whose_description_is_taken_away(
    app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above."""
    event = _whole_event(now)
    without = tuple(each for each in EVENT_FIELDS if each.name != "directions")
    monkeypatch.setattr(fields, "EVENT_FIELDS", without)

    copy = service.duplicate(
        event.id,
        starts_at=STARTS,
        with_partners=False,
        nonce="n" * 20,
        by=Actor.user(a_user(event.host).id),
        now=now,
    )

    assert copy.directions == Localized()


def test_every_value_that_is_typed_stands_in_the_audit_log(app: Flask, now: datetime) -> None:
    event = an_event(starts_at=STARTS + timedelta(days=1))
    basics = {n: v for n, v in OWN_VALUES.items() if n in EventBasics.__dataclass_fields__}
    details = {n: v for n, v in OWN_VALUES.items() if n in EventDetails.__dataclass_fields__}
    agreement = an_agreement()

    service.edit(
        event.id,
        EventBasics(**basics, seats=77),
        EventDetails(**details, agreement_id=agreement.id),
        by=Actor.user(1),
        now=now,
    )

    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    changed = {name for name, (_old, new) in entry.changes.items() if new is not None}
    assert changed >= {*OWN_VALUES, "agreement_id", "seats"} - {"changes_close_at"}
