"""The organiser's questions as part of a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from wtforms import Field

from event_mgmt.events.models import Question
from event_mgmt.registrations.party import Answer, Person
from event_mgmt.registrations.questions import answers
from event_mgmt.registrations.questions.answer_text import form_value
from event_mgmt.web.locale import current_language


@dataclass(frozen=True)
class QuestionField:
    """One of the organiser's questions with the field that takes its answer."""

    question: Question
    field: Field

    @property
    def show_if(self) -> str | None:
        """On which answer it is shown, as the script reads it; None: always."""
        if self.question.shown_if_question is None:
            return None
        return f"question-{self.question.shown_if_question}={self.question.shown_if_value}"

    def answer_given(self, stored: Answer | None) -> object:
        """What was typed; the ``stored`` answer itself where it came back as it was shown."""
        data = self.field.data
        if stored is None:
            return data
        shown = form_value(self.question, stored, current_language())
        return stored if _as_sent(data) == _as_sent(shown) else data


def _as_sent(data: object) -> object:
    return data.replace("\r\n", "\n").strip() if isinstance(data, str) else data


class QuestionsMixin:
    """What contact and companions share: the organiser's questions among the fields.

    Without ``requires_answers`` a form takes required questions unanswered. ``matched_person`` is
    who the person was before a change.
    """

    matched_person: Person | None = None

    questions: ClassVar[Sequence[Question]] = ()
    is_companion: ClassVar[bool] = False
    requires_answers: ClassVar[bool] = True

    @property
    def question_fields(self) -> list[QuestionField]:
        """The organiser's questions in their order."""
        fields: Mapping[str, Field] = self._fields  # type: ignore[attr-defined]
        wanted = answers.questions_for(self.questions, companion=self.is_companion)
        return [QuestionField(q, fields[f"question-{q.id}"]) for q in wanted]  # type: ignore[arg-type]

    def answers(self) -> answers.Answers:
        """What was answered, with the problems."""
        stored = self.matched_person.every_answer if self.matched_person else {}
        given = {
            (key := str(a.question.id)): a.answer_given(stored.get(key))
            for a in self.question_fields
        }
        return answers.read_answers(
            self.questions,
            given,
            companion=self.is_companion,
            locale=current_language(),
            requires_answers=self.requires_answers,
            stored=stored,
        )

    def note_problems(self) -> bool:
        """Put what is wrong with the answers at their fields; tells whether all is well."""
        problems = self.answers().problems
        for item in self.question_fields:
            if words := problems.get(str(item.question.id)):
                item.field.errors = [*item.field.errors, str(words)]
        return not problems
