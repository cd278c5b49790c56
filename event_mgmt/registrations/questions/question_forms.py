"""The organiser's questions as part of a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from wtforms import Field

from event_mgmt.events.models import Question
from event_mgmt.registrations.party import Answer, Person
from event_mgmt.registrations.person_fields import PERSON_FIELD_NAMES
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
    """What contact and companions share: a person's fields, the organiser's questions among them.

    ``matched_person`` is who the person was before a change.
    """

    matched_person: Person | None = None

    questions: ClassVar[Sequence[Question]] = ()
    is_companion: ClassVar[bool] = False

    _fields: Mapping[str, Field]

    @property
    def question_fields(self) -> list[QuestionField]:
        """The organiser's questions in their order."""
        wanted = answers.questions_for(self.questions, companion=self.is_companion)
        return [QuestionField(q, self._fields[f"question-{q.id}"]) for q in wanted]

    def typed_fields(self) -> dict[str, str]:
        """What was typed of the person, by the names of PERSON_FIELDS."""
        return {n: self._fields[n].data or "" for n in PERSON_FIELD_NAMES if n in self._fields}

    def person_mapping(self) -> dict[str, object]:
        """The person as the parser takes it."""
        stored = self.matched_person.every_answer if self.matched_person else {}
        given = {
            (key := str(asked.question.id)): asked.answer_given(stored.get(key))
            for asked in self.question_fields
        }
        return {**self.typed_fields(), "answers": given}
