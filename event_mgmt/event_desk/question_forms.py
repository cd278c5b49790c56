"""The form of an event's own questions: rows for them, and in each row its options."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, Final

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import BooleanField, FormField, HiddenField, SelectChoice, SelectField
from wtforms.validators import Length

from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Refusal
from event_mgmt.event_desk.forms import VersionField, enum_choices
from event_mgmt.events.enums import QuestionKind
from event_mgmt.events.inputs import QuestionInput
from event_mgmt.events.models import Event, Question
from event_mgmt.events.refusals import SensitivityIsFinal, UnknownCondition
from event_mgmt.events.rules import possible_answers
from event_mgmt.web.forms import Form, LocalizedField, RowsField, SubForm
from event_mgmt.web.locale import current_language
from event_mgmt.web.row_ids import row_id

MOST_QUESTIONS: Final = 30
MOST_OPTIONS: Final = 20
_FAULTY_FIELDS: Final = {UnknownCondition: "shown_if", SensitivityIsFinal: "is_sensitive"}
CHOOSES: Final = (QuestionKind.CHOICE.value, QuestionKind.CHOICES.value)


class OptionForm(SubForm):
    """One option; its key stays when its wording changes."""

    key = HiddenField(validators=[Length(max=40)])
    label = LocalizedField(_l("Option"), most=120)


class QuestionForm(SubForm):
    """One question; a row without any words counts for nothing."""

    id = HiddenField()
    ref = HiddenField(validators=[Length(max=40)])
    kind = SelectField(_l("Kind of answer"), choices=lambda: enum_choices(QuestionKind))
    label = LocalizedField(_l("Question"))
    help = LocalizedField(_l("Explanation"), most=400)
    options = RowsField(FormField(OptionForm), max_entries=MOST_OPTIONS)
    is_required = BooleanField(_l("Has to be answered"))
    asks_companions = BooleanField(_l("Also asked of companions"))
    is_sensitive = BooleanField(
        _l("Sensitive"),
        description=_l("For instance diet or access needs: kept apart, seen by few, erased soon."),
    )
    shown_if = SelectField(_l("When it is asked"), validate_choice=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed into this row."""
        return not self.label.data and not self.help.data and not self.labels()

    @property
    def has_options(self) -> bool:
        """Whether there is something to choose from."""
        return self.kind.data in CHOOSES

    def labels(self) -> dict[str, Localized]:
        """The options that have a text, by key."""
        return {
            entry.form["key"].data: entry.form["label"].data
            for entry in self.options
            if entry.form["label"].data
        }

    def validate(self, extra_validators: object = None) -> bool:
        """Demand the question's wording."""
        valid = bool(super().validate(extra_validators))
        if not self.is_empty and not self.label.data:
            self.label.form["de"].errors = [_("Please fill this in in at least one language.")]
            return False
        return valid

    def ask(self) -> QuestionInput:
        """What was typed."""
        ref, _colon, answer = (self.shown_if.data or "").rpartition(":")
        return QuestionInput(
            id=row_id(str(self.id.data or "")),
            ref=self.ref.data,
            kind=QuestionKind(self.kind.data),
            label=self.label.data,
            help=self.help.data,
            options=self.labels() if self.has_options else {},
            is_required=self.is_required.data,
            is_sensitive=self.is_sensitive.data,
            asks_companions=self.asks_companions.data,
            shown_if=(ref, answer) if ref else None,
        )


class QuestionsForm(Form):
    """All questions of an event."""

    version = VersionField()
    questions = RowsField(FormField(QuestionForm), max_entries=MOST_QUESTIONS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [entry.form for entry in self.questions]
        for row in rows:
            row.ref.data = row.ref.data or f"n{secrets.token_hex(4)}"
            for option in row.options:
                option.form["key"].data = option.form["key"].data or secrets.token_hex(4)
        for number, row in enumerate(rows):
            row.shown_if.choices = _conditions(rows[:number])

    def asks(self) -> list[QuestionInput]:
        """The questions that were typed, in their order."""
        return [entry.form.ask() for entry in self.questions if not entry.form.is_empty]

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal at the question that it is about."""
        for entry in self.questions:
            row = entry.form
            if row.ref.data == refusal.field:
                field = row[_FAULTY_FIELDS.get(type(refusal), "kind")]
                field.errors = [*field.errors, str(refusal)]
                return
        super().refuse(refusal)


def _conditions(earlier: Sequence[QuestionForm]) -> list[SelectChoice]:
    """Every answer to an earlier question that a later one can depend on."""
    locale = current_language()
    found = [SelectChoice("", _("Always"))]
    for row in earlier:
        if row.is_empty or row.kind.data not in list(QuestionKind):
            continue
        labels = {"yes": _("Yes"), "no": _("No")} if not row.has_options else {}
        labels |= {key: label.into(locale) for key, label in row.labels().items()}
        answers = possible_answers(QuestionKind(row.kind.data), row.labels())
        found += [
            SelectChoice(
                f"{row.ref.data}:{key}",
                _(
                    "Only if “%(question)s”: %(answer)s",
                    question=row.label.data.into(locale),
                    answer=words,
                ),
            )
            for key, words in labels.items()
            if key in answers
        ]
    return found


def question_values(event: Event, questions: Sequence[Question]) -> dict[str, object]:
    """What the form begins with."""
    return {"version": event.version, "questions": [_row_values(row) for row in questions]}


def _row_values(question: Question) -> dict[str, object]:
    depends_on = question.shown_if_question
    return {
        "id": question.id,
        "ref": f"q{question.id}",
        "kind": question.kind.value,
        "label": question.label,
        "help": question.help,
        "options": [
            {"key": option["key"], "label": Localized(option["label"])}
            for option in question.options
        ],
        "is_required": question.is_required,
        "is_sensitive": question.is_sensitive,
        "asks_companions": question.asks_companions,
        "shown_if": f"q{depends_on}:{question.shown_if_value}" if depends_on else "",
    }
