"""The organiser's questions as columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final, Protocol

from flask_babel import gettext as _

from event_mgmt.attendee_lists.columns import (
    Cell,
    ColumnContext,
    ColumnKind,
    Convert,
    ListColumn,
    each,
)
from event_mgmt.core import numbers
from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import QuestionKind
from event_mgmt.registrations.party import Answer
from event_mgmt.registrations.questions.answer_text import option_label

_KINDS: Final = {
    QuestionKind.SHORT_TEXT: (ColumnKind.TEXT, 24),
    QuestionKind.LONG_TEXT: (ColumnKind.LONG_TEXT, 40),
    QuestionKind.CHOICE: (ColumnKind.TEXT, 22),
    QuestionKind.CHOICES: (ColumnKind.TEXT, 30),
    QuestionKind.YES_NO: (ColumnKind.YES_NO, 12),
    QuestionKind.NUMBER: (ColumnKind.NUMBER, 12),
    QuestionKind.DATE: (ColumnKind.DATE, 14),
}


class ColumnQuestion(Protocol):
    """What a column must know of a question."""

    id: int
    kind: QuestionKind
    label: Localized
    options: list[dict[str, object]]
    retired_options: list[dict[str, object]]
    is_sensitive: bool


def columns_of(questions: Iterable[ColumnQuestion], locale: str) -> list[ListColumn]:
    """One column for each question, in their order, headed in the language ``locale``."""
    return [_column(question, locale) for question in questions]


def _column(question: ColumnQuestion, locale: str) -> ListColumn:
    kind, width = _KINDS[question.kind]
    return ListColumn(
        key=f"question_{question.id}",
        label=question.label.into(locale),
        kind=kind,
        source="sensitive" if question.is_sensitive else "answers",
        width=width,
        convert=lambda reading: _answer(question, reading),
        is_sensitive=question.is_sensitive,
        options=_labels(question, locale),
    )


def _answer(question: ColumnQuestion, reading: ColumnContext) -> Convert:
    key = str(question.id)
    show = _shower(question, reading)

    def read(answers: Cell) -> Cell:
        answer = answers.get(key) if isinstance(answers, dict) else None
        return None if answer is None else show(answer)

    return each(read)


def _shower(question: ColumnQuestion, reading: ColumnContext) -> Callable[[Answer], Cell]:
    """How answers are shown; one given when the question was of another kind, in words."""
    words = _as_it_is if reading.as_codes else _as_labels(question, reading)
    match question.kind:
        case QuestionKind.DATE:
            return lambda answer: _as_date(answer) or words(answer)
        case QuestionKind.YES_NO:
            return lambda answer: answer if isinstance(answer, bool) else words(answer)
        case QuestionKind.NUMBER:
            return lambda answer: answer if type(answer) in {int, float} else words(answer)
    return words


def _as_it_is(answer: Answer) -> Cell:
    return answer


def _as_date(answer: Answer) -> date | None:
    try:
        return date.fromisoformat(answer) if isinstance(answer, str) else None
    except ValueError:
        return None


def _labels(question: ColumnQuestion, locale: str) -> dict[str, str]:
    return {
        str(option["key"]): option_label(option, locale)
        for option in [*question.retired_options, *question.options]
    }


def _as_labels(question: ColumnQuestion, reading: ColumnContext) -> Callable[[Answer], Cell]:
    labels = _labels(question, reading.locale)

    def show(answer: Answer) -> str:
        if isinstance(answer, bool):
            return _("yes") if answer else _("no")
        if isinstance(answer, int | float):
            return numbers.format_number(answer, reading.locale)
        keys = [str(key) for key in (answer if isinstance(answer, list) else [answer])]
        return ", ".join(labels.get(key, key) for key in keys)

    return show
