"""The questions of an event, on the forms of guests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from event_mgmt.core.database import db
from event_mgmt.events.words import QuestionKind
from event_mgmt.registrations.models import SensitiveAnswers
from tests.builders import a_question, an_event, saved
from tests.registrations.visits import opened, register, the_registration

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
