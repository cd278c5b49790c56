"""Questions and options that are taken away and come back, on both databases."""

from __future__ import annotations

from dataclasses import replace

from event_mgmt.audit.service import SYSTEM
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.events import service
from event_mgmt.events.enums import EventStatus, QuestionKind
from event_mgmt.events.inputs import QuestionInput
from event_mgmt.events.models import Question
from tests.builders import an_event
from tests.events.plans import NOW, START
from tests.events.test_contents import ask

FISH, MEAT, VEGAN = (Localized(de=word, sl=word, en=word) for word in ("Fisch", "Fleisch", "Vegan"))
MEAL = QuestionInput(
    ref="meal",
    kind=QuestionKind.CHOICE,
    label=Localized(de="Essen?"),
    options={"f": FISH, "m": MEAT},
)
SAUCE = QuestionInput(ref="sauce", kind=QuestionKind.YES_NO, label=Localized(de="Mit Soße?"))


def test_an_option_that_is_offered_no_more_keeps_its_words(app):
    event = an_event()
    (row,) = ask(event, MEAL)

    ask(event, replace(MEAL, id=row.id, options={"m": MEAT, "v": VEGAN}))

    stored = db.session.get(Question, row.id)
    assert [o["key"] for o in stored.options] == ["m", "v"]
    assert stored.retired_options == [{"key": "f", "label": FISH.as_dict()}]


def test_another_kind_of_answer_keeps_the_words_of_all_options(app):
    event = an_event()
    (row,) = ask(event, MEAL)

    ask(event, replace(MEAL, id=row.id, kind=QuestionKind.SHORT_TEXT, options={}))
    ask(event, replace(MEAL, id=row.id, kind=QuestionKind.NUMBER, options={}))

    assert [o["key"] for o in db.session.get(Question, row.id).retired_options] == ["f", "m"]


def test_an_option_put_back_in_the_same_words_is_the_same_option(app):
    event = an_event()
    (row,) = ask(event, MEAL)
    ask(event, replace(MEAL, id=row.id, options={"m": MEAT, "v": VEGAN}))

    back = replace(MEAL, id=row.id, options={"m": MEAT, "new": Localized(de="fisch")})
    meal, sauce = ask(event, back, replace(SAUCE, shown_if=("meal", "new")))

    assert [o["key"] for o in meal.options] == ["m", "f"]
    assert [o["key"] for o in meal.retired_options] == ["v"]
    assert (sauce.shown_if_question, sauce.shown_if_value) == (meal.id, "f")


def test_a_question_asked_again_in_the_same_words_is_the_same_question(app):
    event = an_event()
    (row,) = ask(event, MEAL)
    ask(event, SAUCE)

    meal = ask(event, replace(MEAL, options={"x": FISH, "y": MEAT}))[0]

    assert (meal.id, meal.retired_at) == (row.id, None)
    assert [o["key"] for o in meal.options] == ["f", "m"]


def test_a_question_of_other_words_kind_or_confidence_is_another_one(app):
    event = an_event()
    (row,) = ask(event, SAUCE)
    ask(event)

    asked = ask(
        event,
        replace(SAUCE, label=Localized(de="Mit Salz?")),
        replace(SAUCE, ref="2", kind=QuestionKind.NUMBER),
        replace(SAUCE, ref="3", is_sensitive=True),
        replace(SAUCE, ref="4", label=Localized(sl="Z omako?")),
    )

    assert row.id not in [question.id for question in asked]


def test_a_copy_takes_nothing_along_that_is_offered_no_more(app):
    event = an_event()
    (row,) = ask(event, MEAL)
    ask(event, replace(MEAL, id=row.id, options={"m": MEAT, "v": VEGAN}), SAUCE)
    (meal,) = ask(event, replace(MEAL, id=row.id, options={"m": MEAT, "v": VEGAN}))

    copy = service.duplicate(
        event.id, starts_at=START, with_partners=False, nonce="copy", by=SYSTEM, now=NOW
    )

    (copied,) = copy.questions
    assert (copied.options, copied.retired_options) == (meal.options, [])


def test_a_draft_remembers_no_options_since_nobody_has_chosen_them(app):
    event = an_event(status=EventStatus.DRAFT, published_at=None)
    (row,) = ask(event, MEAL)

    (meal,) = ask(event, replace(MEAL, id=row.id, options={"m": MEAT, "v": VEGAN}))

    assert meal.retired_options == []
