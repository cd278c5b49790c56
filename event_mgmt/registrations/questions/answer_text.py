"""Answers to the organiser's questions, as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from event_mgmt.core import numbers
from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import QuestionKind
from event_mgmt.events.models import Question
from event_mgmt.registrations.party import Answer
from event_mgmt.registrations.questions.answers import as_values
from event_mgmt.web.times import short_date


@dataclass(frozen=True)
class AnswerText:
    """A question with its answer in words."""

    label: str
    text: str
    is_sensitive: bool


def answer_texts(
    questions: Iterable[Question], given: Mapping[str, object], locale: str
) -> list[AnswerText]:
    """The answers in ``given`` ({question id as text: answer}) in the order of the questions."""
    return [
        AnswerText(q.label.into(locale), answer_text(q, given[str(q.id)], locale), q.is_sensitive)
        for q in questions
        if str(q.id) in given
    ]


def answer_text(question: Question, answer: object, locale: str) -> str:
    """One answer for a reader of ``locale``; also one given when the question was of another kind,
    or with an option that is offered no more.
    """
    if isinstance(answer, bool):
        return _("Yes") if answer else _("No")
    if isinstance(answer, int | float):
        return numbers.format_number(answer, locale)
    labels = _labels(question, locale)
    if isinstance(answer, list):
        return ", ".join(labels.get(str(key), str(key)) for key in answer)
    if question.kind is QuestionKind.DATE and (day := _day(str(answer))):
        return short_date(day, locale)
    return labels.get(str(answer), str(answer))


def option_label(option: Mapping[str, Any], locale: str) -> str:
    """An option's label for a reader of ``locale``."""
    return Localized(option["label"]).into(locale) or str(option["key"])


def _labels(question: Question, locale: str) -> dict[str, str]:
    options = [*question.retired_options, *question.options]
    return {str(option["key"]): option_label(option, locale) for option in options}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def form_value(question: Question, answer: Answer, locale: str) -> str | list[str]:
    """A stored answer as the question's field shows it, and gives it back."""
    values = as_values(answer)
    if question.kind is QuestionKind.CHOICES:
        return values
    if question.kind in {QuestionKind.CHOICE, QuestionKind.YES_NO}:
        return ", ".join(values)
    if not isinstance(answer, str) or answer in _labels(question, locale):
        return answer_text(question, answer, locale)
    return str(answer)


def former_values(question: Question, stored: Iterable[Answer], locale: str) -> dict[str, str]:
    """What ``stored`` answers stand for in the question's field: {its value: words}."""
    found: dict[str, str] = {}
    for answer in stored:
        shown = form_value(question, answer, locale)
        if isinstance(shown, list):
            found |= {value: answer_text(question, [value], locale) for value in shown}
        else:
            found[shown] = answer_text(question, answer, locale)
    return found
