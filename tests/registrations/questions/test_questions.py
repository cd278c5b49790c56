"""The questions of an event, on the forms of guests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from event_mgmt.core.database import db
from event_mgmt.events.enums import QuestionKind
from event_mgmt.registrations.models import SensitiveAnswers
from tests.builders import a_question, an_event, saved
from tests.registrations.guest_pages import opened, register, the_registration

pytestmark = pytest.mark.usefixtures("frozen")


def test_an_answer_counts_only_if_its_question_was_asked(client: FlaskClient) -> None:
    event = an_event()
    dinner = a_question(event, QuestionKind.YES_NO, "Abendessen?", is_required=True, position=1)
    diet = a_question(
        event,
        QuestionKind.SHORT_TEXT,
        "Unverträglichkeiten?",
        is_required=True,
        is_sensitive=True,
        position=2,
        shown_if_question=dinner.id,
        shown_if_value="yes",
    )

    unanswered = register(client, event)
    no_dinner = register(
        client, event, **{f"question-{dinner.id}": "no", f"question-{diet.id}": "Nüsse"}
    )
    half = register(client, event, email="b@example.org", **{f"question-{dinner.id}": "yes"})

    assert unanswered.status_code == 422
    assert no_dinner.status_code == 303
    assert half.status_code == 422
    assert f'href="#question-{diet.id}"' in half.text
    assert the_registration().attendees[0].answers == {str(dinner.id): False}
    assert db.session.scalars(select(SensitiveAnswers)).all() == []


def test_all_kinds_of_questions_are_answered_and_shown_again(client: FlaskClient) -> None:
    event = an_event()
    options = [
        {"key": "a", "label": {"de": "Bus", "en": "Bus"}},
        {"key": "b", "label": {"de": "Bahn"}},
    ]
    asked = {
        kind: a_question(event, kind, f"Frage {kind}", options=options, asks_companions=True)
        for kind in QuestionKind
    }
    given: dict[str, Any] = {
        QuestionKind.SHORT_TEXT: "kurz",
        QuestionKind.LONG_TEXT: "Zeile 1\nZeile 2",
        QuestionKind.CHOICE: "b",
        QuestionKind.CHOICES: ["a", "b"],
        QuestionKind.YES_NO: "yes",
        QuestionKind.NUMBER: "2,5",
        QuestionKind.DATE: "2027-02-03",
    }
    fields = {f"question-{asked[kind].id}": value for kind, value in given.items()}
    companion = {"companions-0-given_name": "Ivo", "companions-0-family_name": "Kos"}
    of_companion = {f"companions-0-question-{asked[QuestionKind.CHOICE].id}": "a"}

    sent = register(client, event, **fields, **companion, **of_companion)

    assert sent.status_code == 303
    stored = {kind: the_registration().attendees[0].answers[str(q.id)] for kind, q in asked.items()}
    assert stored == {
        **given,
        QuestionKind.YES_NO: True,
        QuestionKind.NUMBER: 2.5,
    }
    registration = the_registration()
    assert registration.attendees[1].answers == {str(asked[QuestionKind.CHOICE].id): "a"}
    page = client.get(f"{opened(client, registration)}/change")
    assert "Zeile 2" in page.text
    assert 'value="2027-02-03"' in page.text


def test_an_answer_is_handed_over_with_its_question_although_it_is_asked_no_more(
    client: FlaskClient, now: datetime
) -> None:
    event = an_event()
    route = a_question(event, QuestionKind.SHORT_TEXT, "Anreise?")
    register(client, event, **{f"question-{route.id}": "mit dem Zug"})
    route.retired_at = now
    saved(route)

    url = opened(client, the_registration())
    data = client.get(f"{url}/data.json").get_json()

    (answer,) = data["people"][0]["answers"]
    assert (answer["question"]["de"], answer["answer"]) == ("Anreise?", "mit dem Zug")


@pytest.mark.parametrize(
    ("locale", "typed", "number", "shown"),
    [
        ("de", "1.200", 1200, "1.200"),
        ("sl", "1.200,5", 1200.5, "1.200,5"),
        ("en", "1,200", 1200, "1,200"),
        ("de", "1,5", 1.5, "1,5"),
        ("de", "1.5", 1.5, "1,5"),
        ("en", "12 000", 12000, "12,000"),
    ],
)
def test_a_number_is_taken_and_shown_again_as_the_guest_writes_it(
    client: FlaskClient, locale: str, typed: str, number: float, shown: str
) -> None:
    event = an_event()
    tonnes = a_question(event, QuestionKind.NUMBER, "Tonnen?")
    client.get("/", query_string={"lang": locale})

    sent = register(client, event, **{f"question-{tonnes.id}": typed})

    assert sent.status_code == 303
    assert the_registration().attendees[0].answers == {str(tonnes.id): number}
    page = client.get(f"{opened(client, the_registration())}/change", query_string={"lang": locale})
    assert f'value="{shown}"' in page.text


def test_a_number_that_can_be_read_in_two_ways_is_asked_back(client: FlaskClient) -> None:
    event = an_event()
    tonnes = a_question(event, QuestionKind.NUMBER, "Tonnen?")

    asked = register(client, event, **{f"question-{tonnes.id}": "1,200"})

    assert asked.status_code == 422
    assert "Ist das 1200 oder 1,2?" in asked.text
    assert 'value="1,200"' in asked.text
