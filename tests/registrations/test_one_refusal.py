"""A form, a list and plain data are refused for the same reasons, in the same words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import QuestionKind
from event_mgmt.events.models import Question
from event_mgmt.registration_desk.forms import DeskEntryForm, desk_form_class
from event_mgmt.registration_desk.imports import dry_run
from event_mgmt.registration_desk.imports.import_plan import ImportContext
from event_mgmt.registration_desk.imports.opened_list import open_list
from event_mgmt.registration_desk.imports.uploads import ReadingChoice
from event_mgmt.registration_desk.queries import RegisteredContacts
from event_mgmt.registrations.party_forms import PartyForm, RegistrationForm, form_class
from event_mgmt.registrations.party_parser import (
    DESK,
    GUEST,
    IMPORT,
    EntryRules,
    PartyProblems,
    parse_party,
)
from tests.registration_desk.imports.lists import a_csv

ANA = {
    "given_name": "Ana",
    "family_name": "Novak",
    "email": "ana@example.org",
    "organisation": "Tehnika",
    "country": "SI",
}


def a_question(number: int, kind: QuestionKind, **given: Any) -> Question:
    values = {"options": [], "retired_options": [], "is_required": False, **given}
    return Question(
        id=number,
        kind=kind,
        label=Localized(en=f"Question {number}"),
        help=Localized(),
        is_sensitive=False,
        asks_companions=True,
        shown_if_value="",
        **values,
    )


QUESTIONS = [
    a_question(1, QuestionKind.NUMBER),
    a_question(2, QuestionKind.DATE),
    a_question(3, QuestionKind.CHOICE, options=[{"key": "a", "label": {"en": "A"}}] * 2),
    a_question(4, QuestionKind.SHORT_TEXT),
    a_question(5, QuestionKind.YES_NO),
]

COMMON: dict[str, tuple[dict[str, str], str]] = {
    "no address": ({"email": ""}, "contact.email"),
    "no name": ({"given_name": "", "family_name": ""}, "contact.family_name"),
    "a long given name": ({"given_name": "x" * 101}, "contact.given_name"),
    "a long function": ({"function": "x" * 161}, "contact.function"),
    "a long organisation": ({"organisation": "x" * 201}, "contact.organisation"),
    "a long message": ({"message": "x" * 2001}, "message"),
    "no number": ({"question-1": "many"}, "contact.answers.1"),
    "two numbers": ({"question-1": "1.200"}, "contact.answers.1"),
    "no day": ({"question-2": "someday"}, "contact.answers.2"),
    "none of the answers": ({"question-3": "c"}, "contact.answers.3"),
    "a long answer": ({"question-4": "x" * 201}, "contact.answers.4"),
    "neither yes nor no": ({"question-5": "perhaps"}, "contact.answers.5"),
}
"""What everybody is refused."""

OF_FORMS: dict[str, tuple[dict[str, str], str]] = {
    "no address at all": ({"email": "ana"}, "contact.email"),
    "an address in a name": ({"family_name": "evil.com"}, "contact.family_name"),
    "no country": ({"country": "Atlantis"}, "contact.country"),
    "no phone": ({"phone": "call me"}, "contact.phone"),
    "no such form of address": ({"form_of_address": "Sir"}, "contact.form_of_address"),
    "a companion without a name": (
        {"companions-0-function": "Boss"},
        "companions.0.family_name",
    ),
    "a long name of a companion": (
        {"companions-0-family_name": "x" * 101},
        "companions.0.family_name",
    ),
    "no answer of a companion": (
        {"companions-0-family_name": "Kos", "companions-0-question-1": "many"},
        "companions.0.answers.1",
    ),
}
"""What lists quote the cell for, or read in their own way."""

OF_GUESTS: dict[str, tuple[dict[str, str], str]] = {
    "no organisation": ({"organisation": ""}, "contact.organisation"),
    "an empty country": ({"country": ""}, "contact.country"),
    "too many companions": (
        {f"companions-{n}-family_name": f"Kos {n}" for n in range(4)},
        "companions",
    ),
}


@pytest.fixture(autouse=True)
def in_english(sqlite_app: Flask) -> Iterator[None]:
    with sqlite_app.test_request_context("/?lang=en", method="POST"):
        yield


def typed(given: dict[str, str]) -> dict[str, str]:
    return {**ANA, **given}


def mapping_of(given: dict[str, str]) -> dict[str, Any]:
    """What a form's fields say, as plain data."""
    whole: dict[str, Any] = {"contact": {"answers": {}}, "companions": []}
    for name, value in typed(given).items():
        person, key = whole["contact"], name
        if name.startswith("companions-"):
            _companions, place, key = name.split("-", 2)
            while len(whole["companions"]) <= int(place):
                whole["companions"].append({"answers": {}})
            person = whole["companions"][int(place)]
        if key.startswith("question-"):
            person["answers"][key.removeprefix("question-")] = value
        elif key == "message":
            whole[key] = value
        else:
            person[key] = value
    return whole


def parsed(given: dict[str, str], rules: EntryRules, largest: int | None = 4) -> dict[str, str]:
    found = parse_party(mapping_of(given), QUESTIONS, rules, written_in="en", largest_party=largest)
    assert isinstance(found, PartyProblems)
    return {path: str(problem) for path, problem in found.items()}


def shown(form: PartyForm) -> dict[str, str]:
    """What a form says, by the path of the field."""
    form.validate()
    found = {_path(id_): words for id_, words in form.problems()}
    of_rows = [words for words in form.companions.errors if isinstance(words, str)]
    return {**found, "companions": " ".join(of_rows)} if of_rows else found


def _path(id_: str) -> str:
    if id_ == "message":
        return id_
    if id_.startswith("companions-"):
        _companions, place, name = id_.split("-", 2)
        return f"companions.{place}.{name.replace('question-', 'answers.')}"
    return f"contact.{id_.replace('question-', 'answers.')}"


def on_guests_form(given: dict[str, str]) -> dict[str, str]:
    kind = form_class(RegistrationForm, QUESTIONS, largest_party=4)
    return shown(kind(formdata=MultiDict(typed(given)), meta={"csrf": False}))


def on_desks_form(given: dict[str, str]) -> dict[str, str]:
    form = desk_form_class(DeskEntryForm, QUESTIONS)(
        formdata=MultiDict({**typed(given), "language": "de"}), meta={"csrf": False}
    )
    del form.contingent
    return shown(form)


def in_list(given: dict[str, str]) -> list[str]:
    """What an import says of the same values in a row."""
    values = typed(given)
    headings = {
        "given_name": "Given name",
        "family_name": "Family name",
        "email": "E-mail",
        "organisation": "Organisation",
        "country": "Country",
        "function": "Function",
        "message": "Message",
        **{f"question-{q.id}": q.label.into("en") for q in QUESTIONS},
    }
    header = [headings[name] for name in values]
    table = open_list(
        a_csv(tuple(values.values()), header=tuple(header)), ReadingChoice(), QUESTIONS
    )
    nobody = RegisteredContacts(frozenset(), frozenset())
    plan = dry_run.plan(table.table, table.targets, ImportContext(QUESTIONS, nobody, "en"))
    return [problem.words for row in plan.rows for problem in row.problems]


@pytest.mark.parametrize("case", COMMON)
def test_a_form_a_list_and_plain_data_are_refused_alike(case: str) -> None:
    given, path = COMMON[case]

    by_parser = parsed(given, GUEST)

    assert by_parser.keys() == {path}
    assert on_guests_form(given) == by_parser
    assert on_desks_form(given) == parsed(given, DESK) == by_parser
    assert in_list(given) == list(parsed(given, IMPORT).values()) == list(by_parser.values())


@pytest.mark.parametrize("case", OF_FORMS)
def test_every_form_refuses_what_the_parser_refuses(case: str) -> None:
    given, path = OF_FORMS[case]

    by_parser = parsed(given, GUEST)

    assert by_parser.keys() == {path}
    assert on_guests_form(given) == by_parser
    assert on_desks_form(given) == parsed(given, DESK) == by_parser


@pytest.mark.parametrize("case", OF_GUESTS)
def test_guests_are_asked_for_more_than_the_desk_is(case: str) -> None:
    given, path = OF_GUESTS[case]

    by_parser = parsed(given, GUEST)

    assert by_parser.keys() == {path}
    assert on_guests_form(given) == by_parser
    assert on_desks_form(given) == {}


def test_the_control_a_party_without_a_fault_is_taken_by_all(sqlite_app: Flask) -> None:
    assert on_guests_form({}) == on_desks_form({}) == {}
    assert in_list({}) == []


def test_nothing_typed_is_lost_when_a_form_is_refused() -> None:
    given = typed(
        {"email": "ana", "phone": "0211 / 123456", "country": "DE", "message": " a\r\nb "}
    )
    form = form_class(RegistrationForm, QUESTIONS, largest_party=4)(
        formdata=MultiDict(given), meta={"csrf": False}
    )

    assert not form.validate()
    assert {name: form[name].data for name in given} == given
