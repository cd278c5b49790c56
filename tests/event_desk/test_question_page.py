"""The questions of an event, row by row."""

from __future__ import annotations

from sqlalchemy import select

from event_mgmt.core.database import db
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Question
from tests.builders import a_question, an_event
from tests.event_desk.planning import FAR, page_form, submit


def test_questions_with_options_and_conditions_are_saved(client, house):
    event = an_event(house, starts_at=FAR)
    url = f"/desk/events/{event.id}/questions"
    page = submit(client, url, do="add:questions")
    values = {
        **dict(page_form(page, url).values),
        "questions-0-label-de": "Essen?",
        "questions-0-kind": "choice",
        "questions-0-options-0-label-de": "vegan",
        "questions-0-options-1-label-de": "mit Fleisch",
        "questions-0-is_sensitive": "y",
        "do": "add:questions",
    }
    page = client.post(url, data=values)
    values = dict(page_form(page, url).values)
    vegan = values["questions-0-options-0-key"]
    condition = f"{values['questions-0-ref']}:{vegan}"
    assert condition in page.text

    answer = client.post(
        url,
        data={
            **values,
            "questions-1-kind": "short_text",
            "questions-1-label-de": "Mit Ei?",
            "questions-1-shown_if": condition,
        },
    )

    assert answer.status_code == 302
    diet, egg = db.session.scalars(select(Question).order_by(Question.position)).all()
    assert diet.is_sensitive
    assert [option["label"]["de"] for option in diet.options] == ["vegan", "mit Fleisch"]
    assert (egg.shown_if_question, egg.shown_if_value) == (diet.id, vegan)
    assert "Mit Ei?" in client.get(url).text


def test_whoever_edits_what_people_may_have_answered_reads_what_becomes_of_answers(client, house):
    online = an_event(house, starts_at=FAR)
    draft = an_event(house, starts_at=FAR, status=EventStatus.DRAFT, published_at=None)
    for event in (online, draft):
        a_question(event)
    client.get("/desk/events?lang=en")

    pages = [client.get(f"/desk/events/{event.id}/questions").text for event in (online, draft)]

    assert ["its answers are kept" in page for page in pages] == [True, False]


def test_a_choice_without_options_is_refused_at_its_question(client, house):
    event = an_event(house, starts_at=FAR)
    url = f"/desk/events/{event.id}/questions"
    page = submit(client, url, do="add:questions")
    values = {
        **dict(page_form(page, url).values),
        "questions-0-label-de": "Essen?",
        "questions-0-kind": "choice",
    }

    answer = client.post(url, data=values)

    assert answer.status_code == 422
    assert 'id="questions-0-kind-error"' in answer.text
