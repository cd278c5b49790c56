"""Answers stay through every change, whatever has become of their questions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from hypothesis import given, strategies as st
from sqlalchemy import text

from event_mgmt.audit.service import PARTICIPANT, Actor
from event_mgmt.core import schema
from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import QuestionKind
from event_mgmt.events.models import Question
from event_mgmt.registrations import commands
from event_mgmt.registrations.lifecycle import persistence
from event_mgmt.registrations.party import Person
from event_mgmt.registrations.people.person_matching import match_positions
from event_mgmt.registrations.questions import answers
from event_mgmt.registrations.questions.answer_text import answer_text
from event_mgmt.registrations.refusals import AnswerRefused
from tests.builders import a_question, an_event, saved
from tests.readers import fresh
from tests.registrations.old_schemas import database_at, insert
from tests.registrations.parties import a_party, enter

FISH = {"key": "f", "label": {"de": "Fisch", "sl": "Riba", "en": "Fish"}}
MEAT = {"key": "m", "label": {"de": "Fleisch", "sl": "Meso", "en": "Meat"}}
LATER = datetime(2026, 11, 2, tzinfo=UTC)
GUEST_AND_DESK = pytest.mark.parametrize("by", [PARTICIPANT, Actor.user(1)], ids=["guest", "desk"])


def asked(kind: QuestionKind, number: int = 1, **given) -> Question:
    values = {"options": [], "retired_options": [], "shown_if_question": None, **given}
    return Question(
        id=number,
        kind=kind,
        label=Localized(de="?"),
        shown_if_value=values.pop("shown_if_value", ""),
        is_required=values.pop("is_required", False),
        is_sensitive=values.pop("is_sensitive", False),
        asks_companions=True,
        **values,
    )


def read(questions, raw, stored=None):
    return answers.read_answers(questions, raw, companion=False, locale="de", stored=stored)


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("kind", list(QuestionKind))
@pytest.mark.parametrize("before", ["f", "Text", ["f", "m"], True, 2.5, "2027-02-03"])
def test_an_answer_that_comes_back_untouched_is_never_refused(kind, before, required) -> None:
    question = asked(kind, is_required=required, options=[MEAT], retired_options=[FISH])

    found = read([question], {"1": before}, stored={"1": before})

    assert (found.plain, found.problems) == ({"1": before}, {})
    assert answer_text(question, before, "sl")


def test_an_option_that_is_offered_no_more_is_taken_from_nobody_else() -> None:
    question = asked(QuestionKind.CHOICE, options=[MEAT], retired_options=[FISH])

    assert read([question], {"1": "f"}).problems
    assert read([question], {"1": "f"}, stored={"1": "m"}).problems
    assert read([question], {"1": "m"}, stored={"1": "f"}).plain == {"1": "m"}


def test_of_several_choices_the_former_one_may_stay_beside_new_ones() -> None:
    question = asked(QuestionKind.CHOICES, options=[MEAT], retired_options=[FISH])

    assert read([question], {"1": ["f", "m"]}, stored={"1": ["f"]}).plain == {"1": ["m", "f"]}


def test_a_question_that_became_conditional_keeps_what_was_answered_before() -> None:
    first = asked(QuestionKind.YES_NO)
    second = asked(QuestionKind.SHORT_TEXT, 2, shown_if_question=1, shown_if_value="yes")

    hidden = read([first, second], {"1": "no"}, stored={"1": False, "2": "nuts"})
    taken_back = read([first, second], {"1": "no", "2": "nuts"}, stored={"1": True, "2": "nuts"})

    assert hidden.plain == {"1": False, "2": "nuts"}
    assert taken_back.plain == {"1": False}


NAMES = st.lists(
    st.sampled_from(["Ana", "Bo", "Cene", "Dragica", "Evelyn", "Franjo"]), unique=True, min_size=1
)


@given(NAMES, st.randoms(use_true_random=False))
def test_people_are_known_wherever_they_stand_and_whoever_leaves(names, chance) -> None:
    stored = [Person("Contact", "Kos"), *(Person(name, f"{name}ovič") for name in names)]
    companions = chance.sample(stored[1:], chance.randint(0, len(names)))
    wanted = [stored[0], *companions]

    assert [stored[place] for place in match_positions(stored, wanted)] == wanted


def test_a_corrected_companion_is_known_although_another_one_left() -> None:
    stored = [Person("Ana", "Kos"), Person("Ivo", "Kralj"), Person("Eva", "Müler")]

    assert match_positions(stored, [stored[0], Person("Eva", "Müller")]) == [0, 2]
    assert match_positions(stored, [stored[0], Person("Jan", "Novak")]) == [0, None]


@GUEST_AND_DESK
def test_answers_to_retired_questions_stay_with_their_people(
    app: Flask, now: datetime, by: Actor
) -> None:
    event = an_event()
    route = a_question(event, QuestionKind.SHORT_TEXT, "Anreise?", asks_companions=True)
    diet = a_question(
        event, QuestionKind.SHORT_TEXT, "Essen?", asks_companions=True, is_sensitive=True
    )
    party = a_party(companions=2, answers={str(route.id): "Zug"}, sensitive={str(diet.id): "a"})
    first, second = (
        replace(one, answers={str(route.id): f"Bus {n}"}, sensitive={str(diet.id): f"nuts {n}"})
        for n, one in enumerate(party.companions, start=1)
    )
    registration = enter(event, replace(party, companions=(first, second)), now)
    route.retired_at = diet.retired_at = now
    saved(route)
    saved(diet)
    corrected = replace(second, family_name="Stevilka 2x", answers={}, sensitive={})
    without = replace(a_party(function="Direktor"), companions=(corrected,))

    commands.change(registration.id, without, by=by, now=now)

    contact, companion = persistence.party_of(fresh(registration)).people
    assert contact.every_answer == {str(route.id): "Zug", str(diet.id): "a"}
    assert contact.sensitive == {str(diet.id): "a"}
    assert companion.every_answer == {str(route.id): "Bus 2", str(diet.id): "nuts 2"}


@GUEST_AND_DESK
def test_answers_to_a_question_that_companions_are_asked_no_more_stay_with_them(
    app: Flask, now: datetime, by: Actor
) -> None:
    event = an_event()
    diet = a_question(
        event, QuestionKind.SHORT_TEXT, "Essen?", asks_companions=True, is_sensitive=True
    )
    nuts, none = {str(diet.id): "Nüsse"}, {str(diet.id): "nichts"}
    party = a_party(companions=1, sensitive=none)
    companion = replace(party.companions[0], sensitive=nuts)
    registration = enter(event, replace(party, companions=(companion,)), now)
    diet.asks_companions = False
    saved(diet)

    changed = a_party(companions=1, sensitive=none, function="Direktor")
    commands.change(registration.id, changed, by=by, now=now)

    contact, companion = persistence.party_of(fresh(registration)).people
    assert (contact.function, contact.sensitive, companion.sensitive) == ("Direktor", none, nuts)


@GUEST_AND_DESK
@pytest.mark.parametrize("required", [True, False])
def test_whose_option_was_taken_away_can_change_all_else(
    app: Flask, now: datetime, by: Actor, required: bool
) -> None:
    event = an_event()
    meal = a_question(
        event, QuestionKind.CHOICE, "Essen?", options=[FISH, MEAT], is_required=required
    )
    registration = enter(event, a_party(answers={str(meal.id): "f"}), now)
    meal.options, meal.retired_options = [MEAT], [FISH]
    saved(meal)
    party = a_party(function="Direktor", answers={str(meal.id): "f"})

    commands.change(registration.id, party, by=by, now=now)

    contact = persistence.party_of(fresh(registration)).contact
    assert (contact.function, contact.answers) == ("Direktor", {str(meal.id): "f"})
    with pytest.raises(AnswerRefused):
        enter(event, a_party("Ana", "Novak", answers={str(meal.id): "f"}), now, nonce="n2")


def test_the_upgrade_leaves_questions_without_former_options(app: Flask) -> None:
    with database_at("0007") as connection:
        host = insert(connection, "organisations", slug="host", kind="cluster")
        event = insert(connection, "events", slug="e", host_id=host, largest_party=1, ends_at=LATER)
        insert(connection, "questions", event_id=event, kind="choice", options=[FISH, MEAT])

        schema.upgrade_on(connection)
        insert(connection, "questions", event_id=event, kind="choice", options=[FISH, MEAT])

        found = connection.execute(text("SELECT retired_options FROM questions")).scalars().all()
        assert [value if isinstance(value, list) else str(value) for value in found] in (
            [[], []],
            ["[]", "[]"],
        )
