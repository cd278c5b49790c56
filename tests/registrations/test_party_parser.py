"""A party is parsed from plain data: no form, no request, no database."""

from __future__ import annotations

import math
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from event_mgmt.events.enums import QuestionKind
from event_mgmt.registrations.party import Party, Person
from event_mgmt.registrations.party_parser import DESK, IMPORT, PartyProblems, parse_email
from tests.registrations.plain_parties import (
    ANA,
    BY_KIND,
    ONE_OF_EACH,
    Asked,
    a_mapping,
    codes_in,
    parse,
    party_in,
)


def test_plain_data_become_a_party() -> None:
    party = party_in(
        {
            "contact": {**ANA, "phone": "01 234 56 78", "answers": {"1": " vegan "}},
            "companions": [{"family_name": "Kos", "answers": {"1": "all"}}],
            "message": "Pozdravljeni\r\nhvala",
            "shares_name": True,
            "locale": "sl",
            "privacy_version": "2026-11",
        },
        questions=[Asked(1, QuestionKind.SHORT_TEXT, is_sensitive=True)],
    )

    assert party == Party(
        email="ana.novak@example.org",
        locale="sl",
        contact=Person(
            "Ana",
            "Novak",
            organisation="Tehnika d.o.o.",
            country="SI",
            phone="+38612345678",
            sensitive={"1": "vegan"},
        ),
        companions=(Person("", "Kos", sensitive={"1": "all"}),),
        message="Pozdravljeni\nhvala",
        shares_name=True,
        privacy_version="2026-11",
    )


def test_what_is_left_out_is_empty_and_the_language_is_the_writers() -> None:
    party = party_in({"contact": ANA}, written_in="sl")

    assert (party.locale, party.message, party.shares_name) == ("sl", "", False)
    assert party.companions == ()


@pytest.mark.parametrize(
    ("contact", "path", "code"),
    [
        ({"email": ""}, "contact.email", "missing"),
        ({"email": "\u200b "}, "contact.email", "missing"),
        ({"email": "ana"}, "contact.email", "unreadable"),
        ({"email": "anä@example.org"}, "contact.email", "unreadable"),
        ({"email": f"{'a' * 250}@example.org"}, "contact.email", "too_long"),
        ({"given_name": "", "family_name": " "}, "contact.family_name", "missing"),
        ({"given_name": "x" * 101}, "contact.given_name", "too_long"),
        ({"given_name": "www.example.org"}, "contact.given_name", "web_address"),
        ({"family_name": "http://a.b"}, "contact.family_name", "web_address"),
        ({"academic_title": "evil.com"}, "contact.academic_title", "web_address"),
        ({"organisation": ""}, "contact.organisation", "missing"),
        ({"organisation": " \t"}, "contact.organisation", "missing"),
        ({"organisation": "x" * 201}, "contact.organisation", "too_long"),
        ({"function": "x" * 161}, "contact.function", "too_long"),
        ({"country": ""}, "contact.country", "missing"),
        ({"country": "Atlantis"}, "contact.country", "not_offered"),
        ({"country": "ZZ"}, "contact.country", "not_offered"),
        ({"phone": "call me"}, "contact.phone", "unreadable"),
        ({"phone": "1" * 41}, "contact.phone", "too_long"),
        ({"form_of_address": "Exzellenz"}, "contact.form_of_address", "not_offered"),
    ],
)
def test_each_field_of_the_contact_refuses_what_it_cannot_hold(
    contact: dict[str, Any], path: str, code: str
) -> None:
    assert codes_in(a_mapping(**contact)) == {path: code}


@pytest.mark.parametrize(
    ("companion", "path", "code"),
    [
        ({"function": "Direktor"}, "companions.0.family_name", "missing"),
        ({}, "companions.0.family_name", "missing"),
        ({"family_name": "x" * 101}, "companions.0.family_name", "too_long"),
        ({"family_name": "evil.com"}, "companions.0.family_name", "web_address"),
        ({"family_name": "Kos", "country": "Atlantis"}, "companions.0.country", "not_offered"),
        ({"family_name": "Kos", "phone": "+38612345678"}, "companions.0.phone", "unknown_field"),
        ({"family_name": "Kos", "email": "k@e.org"}, "companions.0.email", "unknown_field"),
    ],
)
def test_each_field_of_a_companion_refuses_what_it_cannot_hold(
    companion: dict[str, Any], path: str, code: str
) -> None:
    assert codes_in(a_mapping([companion])) == {path: code}


def test_everything_that_is_wrong_is_told_at_once() -> None:
    mapping = a_mapping([{}, {"family_name": "Kos"}, {"given_name": "evil.com"}], email="ana")

    assert codes_in({**mapping, "message": "x" * 2001, "locale": "fr"}) == {
        "contact.email": "unreadable",
        "companions.0.family_name": "missing",
        "companions.2.given_name": "web_address",
        "message": "too_long",
        "locale": "not_offered",
    }


def test_a_companion_needs_nothing_but_a_name() -> None:
    assert party_in(a_mapping([{"given_name": "Ivo"}])).companions == (Person("", "Ivo"),)


def test_the_desk_and_lists_enter_what_they_know() -> None:
    unknown = a_mapping(organisation="", country="")

    assert party_in(unknown, DESK).contact.organisation == ""
    assert party_in(unknown, IMPORT).contact.country == ""


def test_only_lists_have_companions_phones_and_names_with_addresses() -> None:
    mapping = a_mapping(
        [{"family_name": "Kos", "phone": "+38612345678"}], given_name="www.example.org"
    )

    assert party_in(mapping, IMPORT).companions[0].phone == "+38612345678"
    assert codes_in(mapping, DESK) == {
        "contact.given_name": "web_address",
        "companions.0.phone": "unknown_field",
    }


@pytest.mark.parametrize("written", ["Deutschland", "germany", "DEU", "de"])
def test_a_country_may_be_written_by_name(written: str) -> None:
    assert party_in(a_mapping(country=written)).contact.country == "DE"


def test_the_length_counts_as_it_is_stored() -> None:
    assert party_in(a_mapping(given_name=f"  {'x' * 100}\n ")).contact.given_name == "x" * 100
    breaks = "\r\n".join(["x" * 9] * 200)
    assert len(party_in({**a_mapping(), "message": breaks}).message) == 1999
    # U+0958 is two characters in the form that is stored
    assert codes_in(a_mapping(given_name="\u0958" * 60)) == {"contact.given_name": "too_long"}


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        (QuestionKind.SHORT_TEXT, "x" * 201, "too_long"),
        (QuestionKind.SHORT_TEXT, "x" * 10_000_000, "too_long"),
        (QuestionKind.SHORT_TEXT, 7, "wrong_type"),
        (QuestionKind.SHORT_TEXT, {"a": "b"}, "wrong_type"),
        (QuestionKind.SHORT_TEXT, ["a"], "wrong_type"),
        (QuestionKind.LONG_TEXT, "x" * 2001, "too_long"),
        (QuestionKind.LONG_TEXT, True, "wrong_type"),
        (QuestionKind.CHOICE, "c", "not_offered"),
        (QuestionKind.CHOICE, ["a"], "not_offered"),
        (QuestionKind.CHOICES, ["a", "c"], "not_offered"),
        (QuestionKind.CHOICES, [["a"]], "not_offered"),
        (QuestionKind.CHOICES, {"a": "b"}, "not_offered"),
        (QuestionKind.YES_NO, "maybe", "unreadable"),
        (QuestionKind.YES_NO, 1, "unreadable"),
        (QuestionKind.YES_NO, 0, "unreadable"),
        (QuestionKind.NUMBER, "many", "unreadable"),
        (QuestionKind.NUMBER, True, "unreadable"),
        (QuestionKind.NUMBER, [1], "unreadable"),
        (QuestionKind.NUMBER, math.nan, "unreadable"),
        (QuestionKind.NUMBER, math.inf, "unreadable"),
        (QuestionKind.NUMBER, 10**13, "unreadable"),
        (QuestionKind.NUMBER, "9" * 5000, "unreadable"),
        (QuestionKind.NUMBER, "1.200", "ambiguous"),
        (QuestionKind.DATE, "someday", "unreadable"),
        (QuestionKind.DATE, 20270203, "unreadable"),
        (QuestionKind.DATE, "2027-02-30", "unreadable"),
    ],
)
def test_each_kind_of_question_refuses_what_is_no_answer(
    kind: QuestionKind, raw: object, code: str
) -> None:
    question = BY_KIND[kind]

    found = codes_in(
        a_mapping(answers={str(question.id): raw}), questions=[question], written_in="en"
    )

    assert found == {f"contact.answers.{question.id}": code}


def test_a_required_question_is_demanded_of_guests_alone() -> None:
    asked = [Asked(1, QuestionKind.NUMBER, is_required=True)]
    mapping = a_mapping([{"family_name": "Kos", "answers": {"1": 3}}])

    assert codes_in(mapping, questions=asked) == {"contact.answers.1": "missing"}
    assert party_in(mapping, DESK, asked).contact.answers == {}


def test_an_answer_to_a_question_that_there_is_not_is_refused() -> None:
    mapping = a_mapping([{"family_name": "Kos", "answers": {"8": "a"}}], answers={"9": "a"})

    assert codes_in(mapping, questions=ONE_OF_EACH) == {
        "contact.answers.9": "unknown_field",
        "companions.0.answers.8": "unknown_field",
    }


def test_an_answer_to_a_question_that_is_not_asked_of_this_person_is_left_out() -> None:
    dinner = Asked(1, QuestionKind.YES_NO, asks_companions=False)
    diet = Asked(2, QuestionKind.SHORT_TEXT, shown_if_question=1, shown_if_value="yes")
    mapping = a_mapping(
        [{"family_name": "Kos", "answers": {"1": True}}], answers={"1": False, "2": "nuts"}
    )

    party = party_in(mapping, questions=[dinner, diet])

    assert [person.answers for person in party.people] == [{"1": False}, {}]


STORED = Party(
    email="ana.novak@example.org",
    locale="de",
    contact=Person("Ana", "Novak", "Exzellenz", organisation="T", country="AN", phone="0211/1"),
    companions=(Person("Ivo", "Kos", answers={"3": "old"}),),
)


def test_what_a_party_had_before_may_stay() -> None:
    mapping = STORED.to_mapping()

    assert party_in(mapping, questions=ONE_OF_EACH, stored=STORED) == STORED
    assert codes_in(mapping, questions=ONE_OF_EACH) == {
        "contact.form_of_address": "not_offered",
        "contact.country": "not_offered",
        "contact.phone": "unreadable",
        "companions.0.answers.3": "not_offered",
    }


def test_an_answer_stays_with_its_person_and_is_nobody_elses() -> None:
    mapping = STORED.to_mapping()
    mapping["companions"] = [
        {"family_name": "Zupan", "given_name": "Eva", "answers": {"3": "old"}},
        *STORED.to_mapping()["companions"],
    ]

    assert codes_in(mapping, questions=ONE_OF_EACH, stored=STORED) == {
        "companions.0.answers.3": "not_offered"
    }


def test_an_address_alone_is_parsed_by_the_same_rule() -> None:
    assert parse_email(" Ana@Example.ORG ") == "Ana@example.org"
    for wrong in (None, "", "ana", 7, f"{'a' * 250}@example.org"):
        expected = parse(a_mapping(email=wrong))
        assert isinstance(expected, PartyProblems)
        assert parse_email(wrong) == expected["contact.email"]


def test_problems_are_read_in_the_readers_language(sqlite_app: Flask) -> None:
    found = parse(a_mapping(email="", given_name="x" * 101))
    assert isinstance(found, PartyProblems)

    with force_locale("de"):
        german = [str(problem) for problem in found.values()]
    with force_locale("en"):
        english = [str(problem) for problem in found.values()]

    assert german == [
        "Bitte geben Sie eine E-Mail-Adresse ein.",
        "Hier passen höchstens 100 Zeichen hinein.",
    ]
    assert english == [
        "Please enter an e-mail address.",
        "Field cannot be longer than 100 characters.",
    ]
