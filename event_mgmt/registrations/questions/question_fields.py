"""Fields that registration forms need: a country, and the organiser's questions."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from flask_babel import gettext as _
from wtforms import Field, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from event_mgmt.events.enums import QuestionKind
from event_mgmt.events.models import Question
from event_mgmt.registrations.enums import FormOfAddress
from event_mgmt.registrations.party import Answer
from event_mgmt.registrations.questions.answer_text import former_values, option_label
from event_mgmt.registrations.questions.answers import LONG_TEXT_MAX, NO, SHORT_TEXT_MAX, YES
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.forms import ShownLimits
from event_mgmt.web.locale import current_language

MAX_RADIOS: Final = 7
_OPTIONAL: Final = ShownLimits(optional=True)


class FormOfAddressField(SelectField):
    """Ms, Mr, or none of them; what an import stored otherwise may stay."""

    choices: list[SelectChoice]

    def __init__(self, label: object = None, **given: object) -> None:
        choices = _forms_of_address(current_language())
        super().__init__(label, [_OPTIONAL], choices=choices, validate_choice=False, **given)

    def process_data(self, value: object) -> None:
        """Take the stored value as one of the choices."""
        super().process_data(value)
        if value and value not in set(FormOfAddress):
            self.choices = [*self.choices, SelectChoice(value)]


@functools.lru_cache(maxsize=8)
def _forms_of_address(_locale: str) -> list[SelectChoice]:
    """The choices in the language in force, which is ``_locale``."""
    return [SelectChoice("", "–"), *(SelectChoice(m.value, enum_label(m)) for m in FormOfAddress)]


class _FormerAnswersMixin:
    """A choice that goes on offering what was chosen before, to whoever has chosen it."""

    def __init__(self, label: object, former: Mapping[str, str], **given: object) -> None:
        super().__init__(label, **given)  # type: ignore[call-arg]  # of the field it is mixed into
        self._former = former

    def process(self, formdata: object, *given: object, **more: object) -> None:
        """Take the stored or posted value; offer it too where the question no longer does."""
        super().process(formdata, *given, **more)  # type: ignore[misc]  # of the field it is mixed into
        offered = {choice.value for choice in self.choices}
        chosen = [*_values(self.object_data), *_values(self.data)]  # type: ignore[attr-defined]  # of the field it is mixed into
        self.choices: list[SelectChoice] = [
            *self.choices,
            *(
                SelectChoice(value, _("%(answer)s (no longer offered)", answer=self._former[value]))
                for value in dict.fromkeys(chosen)
                if value not in offered and value in self._former
            ),
        ]


def _values(data: object) -> list[str]:
    return [str(value) for value in (data if isinstance(data, list) else [data]) if value]


class ChoiceField(_FormerAnswersMixin, RadioField):
    """One of a few answers."""


class LongChoiceField(_FormerAnswersMixin, SelectField):
    """One of many answers."""


class MultipleChoiceField(_FormerAnswersMixin, SelectMultipleField):
    """Any of some answers."""


def question_field(question: Question, stored: Sequence[Answer] = ()) -> Field:
    """An unbound field for the organiser's ``question``, in the reader's language.

    It takes what is typed as it is; the rules in ``answers`` decide, for every caller alike. What
    stands in ``stored`` answers can stay, although the question would not take it any more.
    """
    locale = current_language()
    label = question.label.into(locale)
    former = former_values(question, stored, locale)
    return _FIELDS[question.kind](question, label, former, description=question.help.into(locale))


def _most(limit: int, former: Mapping[str, str]) -> list[object]:
    longest = max([limit, *(len(_lines(text)) for text in former)])
    return [ShownLimits(optional=True, maxlength=longest)]


def _lines(text: str) -> str:
    """``text`` as browsers send it."""
    return text.replace("\n", "\r\n")


def _short_text(
    _question: Question, label: str, former: Mapping[str, str], **more: object
) -> Field:
    if any("\n" in text or len(text) > SHORT_TEXT_MAX for text in former):
        return TextAreaField(label, _most(SHORT_TEXT_MAX, former), **more)
    return StringField(label, _most(SHORT_TEXT_MAX, former), **more)


def _long_text(_question: Question, label: str, former: Mapping[str, str], **more: object) -> Field:
    return TextAreaField(label, _most(LONG_TEXT_MAX, former), **more)


def _options_of(question: Question) -> list[SelectChoice]:
    locale = current_language()
    return [SelectChoice(o["key"], option_label(o, locale)) for o in question.options]


def _choice(question: Question, label: str, former: Mapping[str, str], **more: object) -> Field:
    given: dict[str, object] = {"validators": [_OPTIONAL], "validate_choice": False, **more}
    choices = _options_of(question)
    if len(choices) <= MAX_RADIOS:
        return ChoiceField(label, former, choices=choices, **given)
    choices = [SelectChoice("", _("Please choose")), *choices]
    return LongChoiceField(label, former, choices=choices, **given)


def _choices(question: Question, label: str, former: Mapping[str, str], **more: object) -> Field:
    return MultipleChoiceField(
        label,
        former,
        validators=[_OPTIONAL],
        choices=_options_of(question),
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        **more,
    )


def _yes_no(_question: Question, label: str, former: Mapping[str, str], **more: object) -> Field:
    choices = [SelectChoice(YES, _("Yes")), SelectChoice(NO, _("No"))]
    return ChoiceField(
        label, former, validators=[_OPTIONAL], choices=choices, validate_choice=False, **more
    )


def _number(_question: Question, label: str, former: Mapping[str, str], **more: object) -> Field:
    return StringField(label, _most(30, former), render_kw={"inputmode": "decimal"}, **more)


def _date(_question: Question, label: str, former: Mapping[str, str], **more: object) -> Field:
    # A browser shows nothing but a day in a field for days.
    kind = "date" if all(_ISO_DAY.fullmatch(text) for text in former) else "text"
    return StringField(
        label, _most(10, former), widget=TextInput(), render_kw={"type": kind}, **more
    )


_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_FIELDS: Final[dict[QuestionKind, Callable[..., Field]]] = {
    QuestionKind.SHORT_TEXT: _short_text,
    QuestionKind.LONG_TEXT: _long_text,
    QuestionKind.CHOICE: _choice,
    QuestionKind.CHOICES: _choices,
    QuestionKind.YES_NO: _yes_no,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _date,
}
