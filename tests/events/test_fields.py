"""An event's fields are described once, and whatever is not described is named here."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import fields as fields_of
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from event_mgmt.audit.labels import detail_of
from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import Actor
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.event_desk.forms import EventForm, NewEventForm, event_values
from event_mgmt.events import fields, service
from event_mgmt.events.enums import EventKind, Visibility, WaitingListMode
from event_mgmt.events.fields import (
    EVENT_FIELDS,
    LOCALIZED_FIELDS,
    MATERIAL_FIELDS,
    NOT_SAID,
    CopyRule,
    EventBasics,
    EventDetails,
    EventField,
    copied_fields,
)
from event_mgmt.events.models import Event
from event_mgmt.organisations.models import Agreement
from event_mgmt.registrations.mails.announcements import Announcement
from event_mgmt.web import choices
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
        assert undescribed(EVENT_FIELDS) == set(), (
            "describe them in EVENT_FIELDS (events/fields.py)"
        )


@pytest.mark.parametrize("left_out", EVENT_FIELDS, ids=lambda each: each.name)
def test_a_description_that_is_missing_is_named(sqlite_app: Flask, left_out: EventField) -> None:
    """The control of the test above."""
    with sqlite_app.test_request_context():
        assert undescribed([each for each in EVENT_FIELDS if each is not left_out]) & {
            left_out.name,
            *left_out.form_names,
        }


SET_BY_VERBS = {"host_id": "is chosen once, for a new event"}
"""Typed fields that neither EventBasics nor EventDetails hands over, each with the reason."""
HANDED_AS = {"sectors": "sector_ids"}


def missing_steps(described: Collection[EventField]) -> Iterator[str]:
    """What is described and does not stand where it must, in the words of the recipe."""
    columns = {column.key for column in inspect(Event).column_attrs}
    forms = EventForm()._fields.keys() | NewEventForm()._fields.keys()
    handed = EventBasics.__dataclass_fields__.keys() | EventDetails.__dataclass_fields__.keys()
    desk = "".join(path.read_text() for path in (TEMPLATES / "event_desk").rglob("*.html"))
    told = {each.name for each in fields_of(Announcement)}
    for each in described:
        if each.name not in columns | PARTS:
            yield f"{each.name}: no column in event_mgmt/events/models.py"
        is_handed = HANDED_AS.get(each.name, each.name) in handed or each.name in SET_BY_VERBS
        if each.form_names and not is_handed:
            yield f"{each.name}: no place in EventBasics or EventDetails (events/fields.py)"
        for name in each.form_names:
            if name not in forms:
                yield f"{name}: no field in event_mgmt/event_desk/forms.py"
            if not re.search(rf"\bform\.{name}\b", desk):
                yield f"{name}: no place in templates/event_desk/"
        if each.is_material and each.name not in told:
            yield f"{each.name}: is_material, but Announcement does not tell guests of it"


def test_whatever_is_described_stands_in_model_form_and_templates(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        assert list(missing_steps(EVENT_FIELDS)) == []


def test_steps_that_are_missing_are_named(sqlite_app: Flask) -> None:
    """The control of the test above."""
    weather = EventField("weather", "Weather", ("weather",), is_material=True)

    with sqlite_app.test_request_context():
        assert list(missing_steps([weather])) == [
            "weather: no column in event_mgmt/events/models.py",
            "weather: no place in EventBasics or EventDetails (events/fields.py)",
            "weather: no field in event_mgmt/event_desk/forms.py",
            "weather: no place in templates/event_desk/",
            "weather: is_material, but Announcement does not tell guests of it",
        ]


def test_guests_are_told_of_nothing_that_changes_unnoticed() -> None:
    own = {"status"}  # an announcement's reason, and no value that is typed

    assert {each.name for each in fields_of(Announcement)} == {*MATERIAL_FIELDS} | own


def test_exemptions_are_columns_and_none_is_described_as_well() -> None:
    columns = {column.key for column in inspect(Event).column_attrs}

    assert columns >= NOT_SAID.keys()
    assert NOT_SAID.keys() & {each.name for each in EVENT_FIELDS} == set()


def test_every_field_is_named_in_the_audit_log(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        nameless = [each.name for each in EVENT_FIELDS if detail_of("event", each.name) is None]

    assert nameless == []


STARTS = datetime(2027, 5, 4, 16, 0, tzinfo=UTC)
OWN_VALUES = {each.name: Localized(de=f"{each.name} im Wert") for each in LOCALIZED_FIELDS} | {
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


def test_a_form_begins_with_every_value_and_hands_each_over_again(
    app: Flask, now: datetime
) -> None:
    event = _whole_event(now)

    with app.test_request_context():
        form = EventForm(data=event_values(event))
        form.sectors.choices, form.agreement.choices = [], []
        form.time_zone.choices = choices.time_zone_choices(event.time_zone)
        handed = vars(form.basics()) | vars(form.details(event))

    typed = OWN_VALUES.keys() & handed.keys()
    lost = {name for name in typed if _plain(handed[name]) != _plain(OWN_VALUES[name])}
    assert lost == set(), "event_values, basics() or details() of event_desk/forms.py forgets them"


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def test_every_text_stands_on_the_page_that_guests_see(sqlite_app: Flask) -> None:
    event = an_event(starts_at=utc_now() + timedelta(days=20))
    for each in LOCALIZED_FIELDS:
        setattr(event, each.name, Localized(de=f"{each.name} im Wert"))
    saved(event)

    page = sqlite_app.test_client().get(f"/events/{event.slug}?lang=de").text

    unseen = [each.name for each in LOCALIZED_FIELDS if f"{each.name} im Wert" not in page]
    assert unseen == [], "templates/event_site/ has no place for them"


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
