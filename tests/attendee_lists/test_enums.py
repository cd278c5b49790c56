"""Lists speak the reader's words; only what is made for programs speaks codes."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
import vobject
from flask import Flask
from flask_babel import force_locale

from event_mgmt.accounts.models import Role, User
from event_mgmt.attendee_lists.columns import STANDARD, ColumnContext, ColumnKind
from event_mgmt.attendee_lists.enums import RowChange
from event_mgmt.attendee_lists.formats import registry
from event_mgmt.events.enums import QuestionKind
from event_mgmt.events.models import Event
from event_mgmt.registrations.enums import FormOfAddress, Source, Status
from event_mgmt.settings import LOCALES
from event_mgmt.web.enum_labels import enum_label
from tests.attendee_lists.making import NOW, taken_by
from tests.attendee_lists.reading import rows_of
from tests.builders import a_question, a_registration, a_user, saved

CODES = {
    *(member.value for words in (FormOfAddress, Status, Source, RowChange) for member in words),
    *("contact", "companion", "sl", "en", "fish", "meat", "no_wine", "True", "False", "true"),
    *("false", "None", "general"),
}
"""What no reader should have to know. ("de" is a word in some names, the country code a column.)"""

MENU = [
    {"key": "fish", "label": {"de": "Fisch", "sl": "Riba", "en": "A fish dish"}},
    {"key": "meat", "label": {"de": "Fleisch", "sl": "Meso", "en": "A meat dish"}},
    {"key": "no_wine", "label": {"de": "Kein Wein", "sl": "Brez vina", "en": "Without wine"}},
]


@pytest.fixture
def asked(event: Event) -> dict[str, Any]:
    """A question of each kind, with an answer."""
    answers: dict[QuestionKind, Any] = {
        QuestionKind.SHORT_TEXT: "Fensterplatz",
        QuestionKind.LONG_TEXT: "Kommt mit der Bahn",
        QuestionKind.CHOICE: "fish",
        QuestionKind.CHOICES: ["meat", "no_wine"],
        QuestionKind.YES_NO: True,
        QuestionKind.NUMBER: 1234.5,
        QuestionKind.DATE: "2027-03-04",
    }
    assert set(answers) == set(QuestionKind)
    return {
        str(
            a_question(
                event,
                kind,
                f"Frage {kind.name}",
                options=MENU if kind in {QuestionKind.CHOICE, QuestionKind.CHOICES} else [],
            ).id
        ): answer
        for kind, answer in answers.items()
    }


@pytest.fixture
def guests(event: Event, asked: dict[str, Any]) -> None:
    """Somebody with each status and form of address, with companions, answers and an arrival."""
    for place, status in enumerate(Status):
        registration = a_registration(
            event,
            status=status,
            companions=1,
            country="SI",
            function="Leitung",
            shares_name=bool(place % 2),
            source=list(Source)[place % 3],
            locale=LOCALES[place % 3],
            changed_at=NOW,
        )
        for attendee, form in zip(registration.attendees, FormOfAddress, strict=False):
            attendee.form_of_address = form
            attendee.answers = asked
            attendee.checked_in_at = NOW
        saved(registration)


def _columns(asked: dict[str, Any]) -> tuple[str, ...]:
    return (*(column.key for column in STANDARD), *(f"question_{key}" for key in asked))


def _shown(taken: Any, kind: str, locale: str) -> Iterable[str]:
    """All that a reader of the file reads, cell by cell or word by word."""
    raw = taken.file.read()
    taken.file.seek(0)
    if kind == "csv":
        return [cell for row in rows_of(taken, "," if locale == "en" else ";") for cell in row]
    if kind == "xlsx":
        page = openpyxl.load_workbook(io.BytesIO(raw)).active
        return [
            str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None
        ]
    if kind == "vcf":
        cards = vobject.readComponents(raw.decode())
        return [
            str(line.value) for card in cards for line in card.lines() if line.name != "VERSION"
        ]
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(raw)).pages)
    return [*text.splitlines(), *text.split()]


def _parts_of_words(locale: str) -> set[str]:
    """Codes that are ordinary words to these readers ("address not confirmed")."""
    with force_locale(locale):
        labels = [enum_label(member) for words in (Status, RowChange) for member in words]
    labels += [option["label"][locale] for option in MENU]
    return {part for label in labels if " " in label for part in label.split()}


FOR_READERS = [form.key for form in registry.ALL if not form.as_codes]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", FOR_READERS)
def test_no_list_for_readers_shows_a_code(
    event: Event,
    staff: User,
    tmp_path: Path,
    asked: dict[str, Any],
    guests: None,
    kind: str,
    locale: str,
) -> None:
    taken = taken_by(staff, event, tmp_path, format=kind, columns=_columns(asked), locale=locale)

    shown = set(_shown(taken, kind, locale))
    assert shown & CODES <= _parts_of_words(locale)
    if kind in {"xlsx", "csv", "pdf", "protocol"}:
        with force_locale(locale):
            assert enum_label(FormOfAddress.MS) in shown
    if kind in {"xlsx", "csv"}:
        label = {"de": "Kein Wein", "sl": "Brez vina", "en": "Without wine"}[locale]
        assert any(label in cell for cell in shown)


@pytest.mark.parametrize("locale", LOCALES)
def test_changes_are_told_in_words(
    event: Event, staff: User, tmp_path: Path, guests: None, locale: str
) -> None:
    first = taken_by(staff, event, tmp_path, now=NOW - timedelta(days=1), locale=locale)

    later = taken_by(staff, event, tmp_path, format="xlsx", since=first.export_id, locale=locale)

    page = openpyxl.load_workbook(later.file).active
    with force_locale(locale):
        assert {row[0].value for row in page.iter_rows(min_row=2)} <= {
            enum_label(c) for c in RowChange
        }


@pytest.mark.parametrize("locale", LOCALES)
def test_every_column_of_words_knows_each_of_its_codes(sqlite_app: Flask, locale: str) -> None:
    codes = {
        "status": [each.value for each in Status],
        "form_of_address": [each.value for each in FormOfAddress],
        "language": list(LOCALES),
        "country": ["SI", "DE", "XK"],
        "category": [0, 1],
    }
    reading = ColumnContext(locale, "Europe/Berlin")

    with force_locale(locale):
        for column in STANDARD:
            if column.kind is not ColumnKind.WORD or column.key == "country_code":
                continue
            convert = column.convert and column.convert(reading)
            assert convert, f"{column.key} shows what is stored"
            shown = list(convert(codes[column.key]))
            assert not set(shown) & {str(code) for code in codes[column.key]}, column.key
            assert all(shown)


def test_a_form_of_address_from_elsewhere_is_shown_as_it_came(
    event: Event, staff: User, tmp_path: Path
) -> None:
    registration = a_registration(event)
    registration.attendees[0].form_of_address = "Exzellenz"
    saved(registration)

    taken = taken_by(staff, event, tmp_path, columns=("form_of_address",))

    assert rows_of(taken)[1:] == [["Exzellenz"]]


def test_json_speaks_codes_ids_and_instants(
    event: Event, staff: User, tmp_path: Path, asked: dict[str, Any], guests: None
) -> None:
    taken = taken_by(staff, event, tmp_path, format="json", columns=_columns(asked))

    found = json.load(taken.file)
    contacts = [each for each in found["attendees"] if each["category"] == "contact"]
    companions = [each for each in found["attendees"] if each["category"] == "companion"]
    first = contacts[0]
    assert {each["status"] for each in contacts} == {each.value for each in Status}
    assert first["form_of_address"] == "ms"
    assert first["country"] == "SI"
    assert first["language"] in LOCALES
    assert first["contingent"] == found["contingents"][0]["id"] == event.pools[0].id
    assert first["registered_at"] == NOW.isoformat()
    assert first["shares_name"] in {True, False}
    assert [first[f"question_{key}"] for key in asked] == list(asked.values())
    assert all(each["companion_of"] is None for each in contacts)
    assert {each["companion_of"] for each in companions} == {each["id"] for each in contacts}
    assert found["taken"]["by"] == {"id": staff.id, "name": staff.display_name}
    assert datetime.fromisoformat(found["event"]["starts_at"]) == event.starts_at.astimezone(UTC)
    assert found["event"]["id"] == event.id
    choice = next(column for column in found["columns"] if column.get("options"))
    assert choice["options"]["fish"] == "Fisch"


def test_json_reads_the_same_in_every_language_but_for_labels(
    event: Event, staff: User, tmp_path: Path, asked: dict[str, Any], guests: None
) -> None:
    made = []
    for locale in LOCALES:
        taken = taken_by(
            staff, event, tmp_path, format="json", columns=_columns(asked), locale=locale
        )
        found = json.load(taken.file)
        made.append(sorted(found["attendees"], key=lambda each: each["id"]))
        for each in made[-1]:
            each.pop("number")  # the place on this list

    assert made[0] == made[1] == made[2]


def test_a_card_keeps_its_uid_from_export_to_export_and_no_two_share_one(
    event: Event, tmp_path: Path
) -> None:
    a_registration(event, companions=2)
    a_registration(event)
    uids = []
    for role in (Role.STAFF, Role.ORGANISER):
        taken = taken_by(a_user(event.host, role), event, tmp_path, format="vcf")
        cards = list(vobject.readComponents(taken.file.read().decode()))
        uids.append([card.uid.value for card in cards])

    assert uids[0] == uids[1]
    assert len(set(uids[0])) == 4
    assert all(uid.startswith("urn:uuid:") for uid in uids[0])
