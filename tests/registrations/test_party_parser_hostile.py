"""Whatever is sent instead of a party: refused, and without much work."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from event_mgmt.events.enums import QuestionKind
from event_mgmt.registrations.enums import FormOfAddress
from event_mgmt.registrations.party import LIMITS, Party, Person, many_lines, one_line
from event_mgmt.registrations.party_parser import DESK, GUEST, IMPORT, EntryRules, PartyProblems
from event_mgmt.registrations.people.web_addresses import holds_web_address
from event_mgmt.registrations.person_fields import PERSON_FIELDS, PersonFieldKind
from event_mgmt.registrations.problems import Problem, ProblemCode
from tests.registrations.plain_parties import (
    ANA,
    ONE_OF_EACH,
    a_mapping,
    codes_in,
    parse,
    party_in,
)


def test_a_party_that_is_too_large_is_refused_and_its_rows_are_read_no_further() -> None:
    rows = [{"family_name": "Kos"}] * 3 + [{}] * 100_000

    begun = time.process_time()
    assert codes_in(a_mapping(rows)) == {
        "companions": "too_many",
        "companions.3.family_name": "missing",
    }
    assert time.process_time() - begun < 0.5
    assert len(party_in(a_mapping(rows[:3])).companions) == 3
    assert len(party_in(a_mapping(rows[:3] * 9), IMPORT, largest_party=None).companions) == 27


WRONG: list[object] = [7, 1.5, True, False, b"Ana", ["Ana"], [["Ana"]], {"a": "b"}, ("Ana",)]


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
@pytest.mark.parametrize("name", [*ANA, "phone", "function", "form_of_address", "academic_title"])
def test_a_field_takes_text_only(name: str, wrong: object) -> None:
    assert codes_in(a_mapping(**{name: wrong}))[f"contact.{name}"] == "wrong_type"


@pytest.mark.parametrize("wrong", [0, 1, "yes", "true", [], {}], ids=repr)
def test_a_number_or_a_word_is_no_yes(wrong: object) -> None:
    assert codes_in({**a_mapping(), "shares_name": wrong}) == {"shares_name": "wrong_type"}


@pytest.mark.parametrize(
    ("mapping", "path"),
    [
        (None, ""),
        ([], ""),
        ("contact", ""),
        ({"contact": []}, "contact"),
        ({"contact": "Ana"}, "contact"),
        ({"contact": ANA, "companions": {"0": {}}}, "companions"),
        ({"contact": ANA, "companions": "Kos"}, "companions"),
        ({"contact": ANA, "companions": ["Kos"]}, "companions.0"),
        ({"contact": ANA, "companions": [[{"family_name": "Kos"}]]}, "companions.0"),
        ({"contact": {**ANA, "answers": ["a"]}}, "contact.answers"),
        ({"contact": ANA, "message": ["a"]}, "message"),
        ({"contact": ANA, "privacy_version": 2026}, "privacy_version"),
    ],
)
def test_lists_mappings_and_texts_are_not_taken_for_each_other(mapping: object, path: str) -> None:
    assert codes_in(mapping) == {path: "wrong_type"}


@pytest.mark.parametrize("language", ["fr", "DE", "", 1, ["de"], "de\x00"])
def test_a_language_is_one_of_ours(language: object) -> None:
    assert codes_in({**a_mapping(), "locale": language}) == {"locale": "not_offered"}


def test_fields_that_there_are_not_are_refused_and_not_passed_over() -> None:
    mapping = {**a_mapping([{"family_name": "Kos", "sirname": ""}], fone="1"), "quantity": 2}

    assert codes_in(mapping) == {
        "quantity": "unknown_field",
        "contact.fone": "unknown_field",
        "companions.0.sirname": "unknown_field",
    }


def test_of_very_many_unknown_fields_a_few_are_named() -> None:
    found = codes_in(a_mapping(**{f"{'x' * 1000}{n}": n for n in range(10_000)}))

    assert 0 < len(found) <= 20
    assert max(map(len, found)) < 100


def test_what_cannot_be_seen_or_stored_is_left_away() -> None:
    party = party_in(
        {
            **a_mapping(given_name="A\x00na\ud800", family_name="No\u202evak"),
            "message": "a\x00\ud83d",
        }
    )

    assert party.contact.full_name == "Ana Novak"
    assert party.message == "a"
    str(party).encode()


@pytest.mark.parametrize("name", ["given_name", "organisation", "country", "phone", "email"])
def test_a_huge_text_is_refused_without_being_read(name: str) -> None:
    begun = time.process_time()
    found = codes_in(a_mapping(**{name: "ä\u0301" * 5_000_000}))

    assert found == {f"contact.{name}": "too_long"}
    assert time.process_time() - begun < 1


# What comes back is what went in.

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60)


def fitting(limit: int) -> st.SearchStrategy[str]:
    return TEXT.map(one_line).filter(lambda text: len(text) <= limit)


NAME = fitting(100).filter(lambda name: bool(name) and not holds_web_address(name))
BY_FIELD_KIND: dict[PersonFieldKind, st.SearchStrategy[str]] = {
    PersonFieldKind.COUNTRY: st.sampled_from(["DE", "SI", "XK", "US"]),
    PersonFieldKind.PHONE: st.sampled_from(["", "+38612345678", "+49211123456 ext. 12"]),
    PersonFieldKind.FORM_OF_ADDRESS: st.sampled_from(["", *FormOfAddress]),
}
ANSWERS: dict[QuestionKind, st.SearchStrategy[Any]] = {
    QuestionKind.SHORT_TEXT: fitting(200).filter(bool),
    QuestionKind.LONG_TEXT: TEXT.map(many_lines).filter(bool),
    QuestionKind.CHOICE: st.sampled_from(["a", "b"]),
    QuestionKind.CHOICES: st.sampled_from([["a"], ["b"], ["a", "b"]]),
    QuestionKind.YES_NO: st.booleans(),
    QuestionKind.NUMBER: st.integers(-(10**12), 10**12)
    | st.floats(-1e12, 1e12, allow_nan=False, allow_infinity=False),
    QuestionKind.DATE: st.dates().map(lambda day: day.isoformat()),
}


@st.composite
def people(draw: st.DrawFn, *, companion: bool) -> Person:
    values = {
        field.name: draw(BY_FIELD_KIND.get(field.kind, fitting(field.max_length)))
        for field in PERSON_FIELDS
        if field.for_companions or not companion
    }
    values |= {"given_name": draw(NAME), "family_name": draw(st.just("") | NAME)}
    values["academic_title"] = draw(st.sampled_from(["", "Dr.", "prof. dr."]))
    if not companion:
        values["organisation"] = draw(fitting(LIMITS["organisation"]).filter(bool))
    plain, apart = (
        {
            str(question.id): draw(ANSWERS[question.kind])
            for question in ONE_OF_EACH
            if question.is_sensitive is sensitive and draw(st.booleans())
        }
        for sensitive in (False, True)
    )
    return replace(Person.from_fields(values), answers=plain, sensitive=apart)


PARTIES = st.builds(
    Party,
    email=st.sampled_from(["ana@example.org", "a.b+c@bücher.example", "x@y.example"]),
    locale=st.sampled_from(["de", "sl", "en"]),
    contact=people(companion=False),
    companions=st.lists(people(companion=True), max_size=3).map(tuple),
    message=TEXT,
    shares_name=st.booleans(),
    privacy_version=st.sampled_from(["", "2026-11"]),
)


@settings(deadline=None, max_examples=100)
@given(PARTIES, st.sampled_from([GUEST, DESK, IMPORT]))
def test_a_party_comes_back_from_its_own_mapping(party: Party, rules: EntryRules) -> None:
    assert party_in(party.to_mapping(), rules, ONE_OF_EACH, written_in="sl") == party


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
KEYS = st.sampled_from(["contact", "companions", "answers", "1", "7", *ANA, "locale", "message"])


@settings(deadline=None, max_examples=100)
@given(
    st.recursive(
        JSON,
        lambda inner: st.dictionaries(KEYS, inner) | st.lists(inner, max_size=3),
        max_leaves=20,
    )
)
def test_no_data_whatsoever_break_the_parser(data: object) -> None:
    for rules in (GUEST, DESK, IMPORT):
        found = parse(data, rules, ONE_OF_EACH)
        if isinstance(found, PartyProblems):
            assert found
            assert all(isinstance(problem, Problem) for problem in found.values())
            assert {problem.code for problem in found.values()} <= set(ProblemCode)


def _loaded_with_the_parser() -> Iterator[str]:
    code = "import sys, event_mgmt.registrations.party_parser; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    yield from done.stdout.split()


def test_the_parser_loads_neither_forms_nor_tables_nor_the_database() -> None:
    loaded = set(_loaded_with_the_parser())

    assert "event_mgmt.registrations.party_parser" in loaded
    assert not loaded & {"wtforms", "flask_wtf", "flask_login", "flask_sqlalchemy"}
    assert not loaded & {"event_mgmt.core.database", "event_mgmt.registrations.models"}
    assert not any(name.startswith("event_mgmt.web") for name in loaded)
