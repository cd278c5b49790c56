"""Answers to the organiser's questions, as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from event_mgmt.core import numbers
from event_mgmt.events.models import Question
from event_mgmt.events.words import QuestionKind
from event_mgmt.registrations.fields import localized_label
from event_mgmt.web.times import short_day


@dataclass(frozen=True)
class Answered:
    """A question with its answer in words."""

    label: str
    text: str
    is_sensitive: bool


def answered(
    questions: Iterable[Question], given: Mapping[str, Any], locale: str
) -> list[Answered]:
    """The answers in ``given`` ({question id as text: answer}) in the order of the questions."""
    return [
        Answered(q.label.into(locale), in_words(q, given[str(q.id)], locale), q.is_sensitive)
        for q in questions
        if str(q.id) in given
    ]


def in_words(question: Question, answer: Any, locale: str) -> str:
    """One answer for a reader of ``locale``."""
    if isinstance(answer, bool):
        return _("Yes") if answer else _("No")
    if question.kind in {QuestionKind.CHOICE, QuestionKind.CHOICES}:
        labels = {str(o["key"]): localized_label(o, locale) for o in question.options}
        chosen = answer if isinstance(answer, list) else [answer]
        return ", ".join(labels.get(str(key), str(key)) for key in chosen)
    if isinstance(answer, int | float):
        return numbers.written(answer, locale)
    if question.kind is QuestionKind.DATE:
        return short_day(date.fromisoformat(str(answer)), locale)
    return str(answer)
