"""Answers to an event's questions in lists; on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from event_mgmt.accounts.models import Role, User
from event_mgmt.attendee_lists.downloads import ExportedFile
from event_mgmt.attendee_lists.models import Export
from event_mgmt.attendee_lists.refusals import NotInThisFormat
from event_mgmt.core.database import db
from event_mgmt.events.enums import QuestionKind
from event_mgmt.events.models import Event, Question
from event_mgmt.registrations.models import SensitiveAnswers
from tests.attendee_lists.making import taken_by
from tests.attendee_lists.reading import body_of, rows_of
from tests.builders import a_question, a_registration, a_user, saved


def test_answers_are_columns_with_the_words_of_their_options(
    event: Event, staff: User, tmp_path: Path
) -> None:
    options = [{"key": "a", "label": {"de": "Fisch"}}, {"key": "b", "label": {"de": "Fleisch"}}]
    choice = a_question(event, QuestionKind.CHOICES, options=options, label="Menü")
    number = a_question(event, QuestionKind.NUMBER, label="Alter")
    day = a_question(event, QuestionKind.DATE, label="Ankunft")
    yes_no = a_question(event, QuestionKind.YES_NO, label="Bus")
    text = a_question(event, QuestionKind.SHORT_TEXT, label="Hotel")
    questions = (choice, number, day, yes_no, text)
    registration = a_registration(event)
    registration.attendees[0].answers = {
        str(choice.id): ["b", "a", "gone"],
        str(number.id): 42,
        str(day.id): "2027-02-14",
        str(yes_no.id): False,
        str(text.id): "=HYPERLINK()",
    }
    saved(registration)
    a_registration(event, family_name="Ž")

    taken = taken_by(staff, event, tmp_path, columns=tuple(f"question_{q.id}" for q in questions))

    rows = rows_of(taken)
    assert rows[0] == ["Menü", "Alter", "Ankunft", "Bus", "Hotel"]
    answered = next(row for row in rows[1:] if any(row))
    assert answered[:3] == ["Fleisch, Fisch, gone", "42", "14.02.2027"]
    assert answered[3] in {"no", "nein"}
    assert answered[4] == "'=HYPERLINK()"
    assert ["", "", "", "", ""] in rows[1:]


FISH = {"key": "f", "label": {"de": "Fisch", "en": "Fish"}}
GIVEN = ["f", ["f", "gone"], True, 2.5, "2027-02-14", "=HYPERLINK()"]


@pytest.mark.parametrize("kind", list(QuestionKind))
@pytest.mark.parametrize("kind_of_file", ["csv", "xlsx", "pdf", "json"])
def test_answers_given_to_a_question_of_another_kind_are_still_read(
    event: Event, staff: User, tmp_path: Path, kind: QuestionKind, kind_of_file: str
) -> None:
    question = a_question(event, kind, label="Essen", retired_options=[FISH])
    for answer in GIVEN:
        registration = a_registration(event)
        registration.attendees[0].answers = {str(question.id): answer}
        saved(registration)

    column = f"question_{question.id}"
    taken = taken_by(staff, event, tmp_path, columns=(column,), format=kind_of_file)

    assert taken.file.read()
    if kind_of_file == "csv":
        cells = {row[0] for row in body_of(_rewound(taken))}
        assert {"Fisch", "Fisch, gone", "'=HYPERLINK()"} <= cells
        assert not cells & {"True", "['f', 'gone']"}


def _rewound(taken: ExportedFile) -> ExportedFile:
    taken.file.seek(0)
    return taken


def _with_sensitive_answer(event: Event) -> Question:
    question = a_question(event, label="Allergien", is_sensitive=True)
    registration = a_registration(event, family_name="Žagar")
    saved(
        SensitiveAnswers(
            attendee_id=registration.attendees[0].id, answers={str(question.id): "Nüsse"}
        )
    )
    return question


def test_sensitive_answers_are_in_no_ordinary_list(event: Event, tmp_path: Path) -> None:
    question = _with_sensitive_answer(event)
    user = a_user(event.host, Role.STAFF, sees_sensitive=True)

    taken = taken_by(user, event, tmp_path, columns=("family_name", f"question_{question.id}"))

    assert body_of(taken) == [["Žagar"]]


def test_sensitive_answers_are_taken_alone_with_the_names_by_those_with_the_right(
    event: Event, tmp_path: Path
) -> None:
    _with_sensitive_answer(event)
    user = a_user(event.host, Role.STAFF, sees_sensitive=True)

    taken = taken_by(user, event, tmp_path, is_sensitive=True)

    heads, row = rows_of(taken)
    assert heads[-1] == "Allergien"
    assert len(heads) == 6
    assert row[-1] == "Nüsse"
    export = db.session.scalars(select(Export)).one()
    assert export.criteria["contents"] == "sensitive"


@pytest.mark.parametrize("key", ["vcf", "door", "sign_in", "protocol"])
def test_sensitive_answers_go_into_tables_only(event: Event, tmp_path: Path, key: str) -> None:
    user = a_user(event.host, Role.STAFF, sees_sensitive=True)

    with pytest.raises(NotInThisFormat):
        taken_by(user, event, tmp_path, is_sensitive=True, format=key)
