"""A person's fields are described once, and whatever is not described is named here."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from event_mgmt.accounts.models import Role
from event_mgmt.attendee_lists.columns import STANDARD
from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.privacy import service as privacy
from event_mgmt.privacy.dossier import dossier_of
from event_mgmt.registration_desk.imports import dry_run as planning
from event_mgmt.registration_desk.imports.headings import LABELS
from event_mgmt.registration_desk.imports.import_plan import ImportContext
from event_mgmt.registration_desk.imports.opened_list import open_list
from event_mgmt.registration_desk.imports.uploads import ReadingChoice
from event_mgmt.registration_desk.queries import RegisteredContacts
from event_mgmt.registrations import commands
from event_mgmt.registrations.changes.change_text import field_labels
from event_mgmt.registrations.models import Attendee, ProposedPerson, Registration
from event_mgmt.registrations.participant.queries import personal_data_of
from event_mgmt.registrations.party import LIMITS, Party, Person
from event_mgmt.registrations.party_forms import CompanionForm, PartyForm, form_values
from event_mgmt.registrations.person_fields import (
    NOT_SAID,
    PERSON_FIELDS,
    PersonField,
    PersonFieldKind,
)
from tests.attendee_lists.pages.visits import rows_of, take
from tests.builders import a_user, an_event
from tests.privacy.traces import traces_of
from tests.registration_desk.imports.lists import a_csv
from tests.registrations.parties import enter
from tests.web.sign_in import signed_in

ROOT = Path(__file__).resolve().parents[2]
BESIDE_THE_PERSON = {"email", "message", "shares_name", "companions", "csrf_token"}
"""Form fields of a party as a whole."""

OWN_VALUES = {
    field.name: f"{field.name}wert"[: field.max_length - 1]
    for field in PERSON_FIELDS
    if field.kind is PersonFieldKind.TEXT
} | {
    "form_of_address": "ms",
    "academic_title": "Titelwert",
    "given_name": "Vornamewert",
    "family_name": "Familienwert",
    "function": "Funktionswert",
    "organisation": "Hauswert",
    "country": "MT",
    "phone": "+35621223344",
}
LATER = {name: f"{value}e" for name, value in OWN_VALUES.items()} | {
    "form_of_address": "mr",
    "country": "CY",
    "phone": "+35722334455",
}
TELLING = [value for values in (OWN_VALUES, LATER) for value in values.values() if len(value) > 2]
TRANSLATED = {"form_of_address", "country"}


def undescribed(described: Collection[PersonField]) -> set[str]:
    """Columns, form fields and template slots that no description and no exemption names."""
    names = {field.name for field in described}
    of_companions = {field.name for field in described if field.for_companions}
    columns = {column.key for column in inspect(Attendee).column_attrs} - {"full_name"}
    contact = {name for name in PartyForm()._fields if name not in BESIDE_THE_PERSON}
    companion = {name for name in CompanionForm()._fields if name not in BESIDE_THE_PERSON}
    plain = Person.__dataclass_fields__.keys() - {"answers", "sensitive"}
    slots = {
        name
        for path in _templates()
        for name in re.findall(r"\b(?:form|person)\.([a-z_]+)\b(?!\()", path.read_text())
    }
    return (
        columns - names - NOT_SAID.keys()
        | (contact | plain) - names
        | companion - of_companions
        | (slots & (contact | companion)) - names
    )


def missing_steps(described: Collection[PersonField]) -> Iterator[str]:
    """What is described and does not stand where it must, in the words of the recipe."""
    shared = (ROOT / "templates/registrations/_party_fields.html").read_text()
    desk = (ROOT / "templates/registration_desk/_fields.html").read_text()
    details = {each.short_name for each in CompanionForm().details}
    of_everybody: dict[str, Collection[str]] = {
        "no column of Attendee in models.py": {c.key for c in inspect(Attendee).column_attrs},
        "no line in ProposedPerson of models.py": ProposedPerson.__annotations__,
        "no attribute of Person in party.py": Person.__dataclass_fields__,
        "no field of PartyForm in party_forms.py": PartyForm()._fields,
        "the contact is not asked in _party_fields.html": _slots(shared),
        "no organiser can enter it: more_of_contact in _party_fields.html": _slots(
            desk + _macro(shared, "more_of_contact")
        ),
    }
    of_companions: dict[str, Collection[str]] = {
        "no field of CompanionForm in party_forms.py": CompanionForm()._fields,
        "not among CompanionForm.details in party_forms.py": details
        | {"given_name", "family_name"},
        "companions are not asked in _party_fields.html": _slots(shared, "person"),
    }
    for field in described:
        for step, names in (
            of_everybody | of_companions if field.for_companions else of_everybody
        ).items():
            if field.name not in names:
                yield f"{field.name}: {step}"


def _slots(template: str, form: str = "form") -> set[str]:
    """The fields of ``form`` that a template shows."""
    return set(re.findall(rf"\bfield\({form}\.([a-z_]+)\b", template))


def _macro(template: str, name: str) -> str:
    return template.partition(f"macro {name}(")[2].partition("endmacro")[0]


def test_whatever_is_described_stands_in_model_form_and_templates(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        assert list(missing_steps(PERSON_FIELDS)) == []


def test_steps_that_are_missing_are_named(sqlite_app: Flask) -> None:
    """The control of the test above."""
    with sqlite_app.test_request_context():
        told = list(missing_steps([PersonField("weather", "Weather", 40, 10)]))

    assert len(told) == 9, told
    assert all(step.startswith("weather: ") for step in told)


def _templates() -> Iterator[Path]:
    for folder in ("registrations", "registration_desk"):
        yield from (ROOT / "templates" / folder).glob("_*fields.html")


def test_whatever_is_said_about_a_person_is_described(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        assert undescribed(PERSON_FIELDS) == set(), "describe them in PERSON_FIELDS"


@pytest.mark.parametrize("left_out", PERSON_FIELDS, ids=lambda field: field.name)
def test_a_description_that_is_missing_is_named(sqlite_app: Flask, left_out: PersonField) -> None:
    """The control of the test above."""
    with sqlite_app.test_request_context():
        assert left_out.name in undescribed([f for f in PERSON_FIELDS if f is not left_out])


def test_a_description_says_how_long_the_column_is() -> None:
    widths = {c.name: getattr(c.type, "length", None) for c in inspect(Attendee).local_table.c}

    assert {f.name: f.max_length for f in PERSON_FIELDS} == {
        f.name: widths[f.name] for f in PERSON_FIELDS
    }
    assert all(LIMITS[field.name] == field.max_length for field in PERSON_FIELDS)


def test_every_field_can_be_a_column_of_lists_and_of_imports() -> None:
    listed = {column.key for column in STANDARD}

    assert {field.name for field in PERSON_FIELDS} <= listed & LABELS.keys()


def _party(values: dict[str, str]) -> Party:
    return Party(email="wertadresse@example.org", locale="de", contact=Person(**values))


@pytest.fixture
def guest(app: Flask, now: datetime) -> Registration:
    """Somebody of whom every field has a value of its own, and had another one before."""
    event = an_event(starts_at=now + timedelta(days=30))
    made = enter(event, _party(OWN_VALUES), now)
    commands.change(made.id, _party(LATER), by=Actor.user(a_user(event.host).id), now=now)
    return db.session.get_one(Registration, made.id, populate_existing=True)


def test_every_field_has_a_value_of_its_own() -> None:
    assert OWN_VALUES.keys() == LATER.keys() == {field.name for field in PERSON_FIELDS}
    assert all(OWN_VALUES[name] != LATER[name] for name in OWN_VALUES)


def test_a_form_begins_with_every_value(app: Flask) -> None:
    assert form_values(_party(OWN_VALUES), ()).items() >= OWN_VALUES.items()


def test_the_audit_log_names_every_field_that_changed(app: Flask, guest: Registration) -> None:
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "registration.changed")
    ).one()

    assert {f"contact.{name}" for name in OWN_VALUES} <= set(entry.changes["fields"])
    with app.test_request_context("/?lang=en"):
        assert field_labels(entry.changes["fields"]) == [str(f.label) for f in PERSON_FIELDS]


def test_an_export_has_every_value(app: Flask, guest: Registration) -> None:
    event = db.session.get_one(Event, guest.event_id)
    client = signed_in(app.test_client(), a_user(event.host, Role.ADMINISTRATOR))

    answer = take(
        client, event, purpose="x", format="csv", columns=[field.name for field in PERSON_FIELDS]
    )

    cells = [cell.removeprefix("'") for cell in rows_of(answer)[1]]  # no formula begins with +
    assert {v for n, v in LATER.items() if n not in TRANSLATED} <= set(cells)
    assert len(cells) == len(PERSON_FIELDS)
    assert "" not in cells


def test_an_import_takes_every_column_by_its_own_label(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context("/?lang=en"):
        header = ("E-mail", *(str(field.label) for field in PERSON_FIELDS))
        row = ("wertadresse@example.org", *(OWN_VALUES[field.name] for field in PERSON_FIELDS))
        found = open_list(a_csv(row, header=header), ReadingChoice(), ())
        setting = ImportContext((), RegisteredContacts(frozenset(), frozenset()), "en", "DE")
        party = planning.plan(found.table, found.targets, setting).rows[0].party

    assert party is not None
    taken = {name: getattr(party.contact, name) for name in OWN_VALUES}
    assert taken | {"form_of_address": "ms"} == OWN_VALUES


def test_the_persons_own_file_and_the_dossier_have_every_value(
    app: Flask, guest: Registration
) -> None:
    event = db.session.get_one(Event, guest.event_id)
    own = personal_data_of(guest, event, (), told=(), sensitive=True)
    with app.test_request_context("/?lang=en"):
        dossier = dossier_of(
            "wertadresse@example.org", host_ids=None, locale="en", sees_sensitive=lambda _host: True
        )
        section, *_more = dossier.sections()
    shown = " ".join(text for _label, text in section.facts)

    assert own["people"][0].items() >= LATER.items()
    assert all(value in shown for name, value in LATER.items() if name not in TRANSLATED)
    assert "Cyprus" in shown


def test_nothing_is_left_of_any_value_after_erasure(
    app: Flask, guest: Registration, now: datetime
) -> None:
    assert len(traces_of(*TELLING)) >= len(PERSON_FIELDS) - len(TRANSLATED)

    privacy.erase_person(
        "wertadresse@example.org", by=Actor.user(4711), now=now + timedelta(hours=1)
    )

    assert traces_of(*TELLING) == []
    left = db.session.scalars(select(Attendee)).one()
    assert {getattr(left, field.name) for field in PERSON_FIELDS} == {""}
