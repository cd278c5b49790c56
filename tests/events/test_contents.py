"""Programme and questions, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Missing, Stale
from event_mgmt.events import queries, refusals, service
from event_mgmt.events.enums import EventStatus, QuestionKind
from event_mgmt.events.inputs import QuestionInput, SpeakerInput
from event_mgmt.events.models import ProgrammeItem, Question
from tests.builders import an_event
from tests.events.plans import NOW, SOMEBODY, START, item

DIET = QuestionInput(
    ref="diet",
    kind=QuestionKind.CHOICE,
    label=Localized(de="Essen?"),
    options={"v": Localized(de="vegan"), "m": Localized(de="mit Fleisch")},
    is_sensitive=True,
)
EGG = QuestionInput(
    ref="egg", kind=QuestionKind.YES_NO, label=Localized(de="Mit Ei?"), shown_if=("diet", "v")
)


def ask(event, *asks):
    service.set_questions(event.id, asks, by=SOMEBODY, now=NOW)
    return queries.active_questions(event.id)


def again(question, **given):
    values = {
        "id": question.id,
        "ref": str(question.id),
        "kind": question.kind,
        "label": question.label,
        "options": {o["key"]: Localized(o["label"]) for o in question.options},
        "is_sensitive": question.is_sensitive,
        **given,
    }
    return QuestionInput(**values)


def test_a_programme_keeps_the_rows_of_its_items(app):
    event = an_event(starts_at=START)
    service.set_programme(event.id, [item(0), item(1, "Ende")], by=SOMEBODY, now=NOW)
    first, second = (row.id for row in event.programme)

    speakers = (SpeakerInput("Dr. Maja Kovač", "Direktorin", "GZS"),)
    service.set_programme(
        event.id,
        [item(2, "Ende", id=second, speakers=speakers), item(1, "Rede")],
        by=SOMEBODY,
        now=NOW,
    )

    rows = db.session.scalars(select(ProgrammeItem).order_by(ProgrammeItem.starts_at)).all()
    assert [row.title.into("de") for row in rows] == ["Rede", "Ende"]
    assert rows[1].id == second
    assert first not in {row.id for row in rows}
    assert rows[1].speakers[0]["function"] == "Direktorin"


def test_an_item_of_another_event_is_missing(app):
    event, other = an_event(), an_event()
    service.set_programme(other.id, [item()], by=SOMEBODY, now=NOW)

    with pytest.raises(Missing):
        service.set_programme(event.id, [item(id=other.programme[0].id)], by=SOMEBODY, now=NOW)


def test_an_item_does_not_end_before_it_starts(app):
    event = an_event()
    with pytest.raises(refusals.ProgrammeItemEndsBeforeStart):
        service.set_programme(
            event.id, [item(ends_at=START - timedelta(hours=1))], by=SOMEBODY, now=NOW
        )


def test_a_programme_that_somebody_else_changed_is_not_overwritten(app):
    event = an_event()
    seen = event.version
    service.set_programme(event.id, [item()], by=SOMEBODY, now=NOW)

    with pytest.raises(Stale):
        service.set_programme(event.id, [], by=SOMEBODY, now=NOW, seen_version=seen)

    assert len(event.programme) == 1


def test_a_programme_is_no_news_for_calendars(app):
    event = an_event()
    service.set_programme(event.id, [item()], by=SOMEBODY, now=NOW)
    assert event.revision == 0


def test_a_question_can_depend_on_an_earlier_answer(app):
    event = an_event()

    diet, egg = ask(event, DIET, EGG)

    assert (egg.shown_if_question, egg.shown_if_value) == (diet.id, "v")
    assert diet.options[0] == {"key": "v", "label": {"de": "vegan"}}
    assert diet.is_sensitive


def test_only_a_new_wording_is_a_new_revision(app):
    event = an_event()
    [diet] = ask(event, DIET)

    [same] = ask(event, again(diet, is_required=True))
    assert (same.id, same.revision, same.is_required) == (diet.id, 1, True)

    [other] = ask(event, again(diet, label=Localized(de="Was essen Sie?")))
    assert (other.id, other.revision) == (diet.id, 2)


def test_answers_that_guests_were_told_are_sensitive_stay_so(app):
    event = an_event()
    [diet] = ask(event, DIET)

    with pytest.raises(refusals.SensitivityIsFinal) as refused:
        ask(event, again(diet, is_sensitive=False))

    assert refused.value.field == str(diet.id)
    assert queries.active_questions(event.id)[0].is_sensitive


def test_what_a_draft_asks_is_sensitive_or_not_as_its_organiser_likes(app):
    event = an_event(status=EventStatus.DRAFT, published_at=None)
    [diet] = ask(event, DIET)

    [plain] = ask(event, again(diet, is_sensitive=False))

    assert not plain.is_sensitive


def test_a_question_of_a_draft_is_deleted_with_what_depends_on_it(app):
    event = an_event(status=EventStatus.DRAFT, published_at=None)
    ask(event, DIET, EGG)

    assert ask(event) == []

    left = db.session.execute(select(func.count()).select_from(Question)).scalar_one()
    assert left == 0


def test_a_question_of_an_event_that_was_online_is_retired_and_not_deleted(app):
    event = an_event()
    diet, egg = ask(event, DIET, EGG)

    assert [row.id for row in ask(event, again(egg))] == [egg.id]

    retired = db.session.get(Question, diet.id)
    assert retired.retired_at == NOW
    assert db.session.get(Question, egg.id).shown_if_question is None


def test_a_retired_question_cannot_be_brought_back_under_its_number(app):
    event = an_event()
    [diet] = ask(event, DIET)
    ask(event)
    with pytest.raises(Missing):
        ask(event, again(diet))


def test_a_condition_on_a_later_question_is_refused(app):
    event = an_event()
    with pytest.raises(refusals.UnknownCondition) as refused:
        ask(event, EGG, DIET)
    assert refused.value.field == "egg"
