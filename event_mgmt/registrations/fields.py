"""Fields that registration forms need: a country, and the organiser's questions."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final

from flask_babel import gettext as _
from wtforms import Field, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from event_mgmt.core.localized import Localized
from event_mgmt.events.models import Question
from event_mgmt.events.words import QuestionKind
from event_mgmt.registrations.answers import LONG_TEXT_MOST, NO, SHORT_TEXT_MOST, YES
from event_mgmt.registrations.words import FormOfAddress
from event_mgmt.web.locale import current_language
from event_mgmt.web.words import word

MOST_RADIOS: Final = 7


class FormOfAddressField(SelectField):
    """Ms, Mr, or none of them; what an import stored otherwise may stay."""

    choices: list[SelectChoice]

    def __init__(self, label: Any = None, **given: Any) -> None:
        choices = _forms_of_address(current_language())
        super().__init__(label, [Optional()], choices=choices, **given)

    def process_data(self, value: Any) -> None:
        """Take the stored value as one of the choices."""
        super().process_data(value)
        if value and value not in set(FormOfAddress):
            self.choices = [*self.choices, SelectChoice(value)]


@functools.lru_cache(maxsize=8)
def _forms_of_address(_locale: str) -> list[SelectChoice]:
    """The choices in the language in force, which is ``_locale``."""
    return [SelectChoice("", "–"), *(SelectChoice(m.value, word(m)) for m in FormOfAddress)]


def question_field(question: Question) -> Field:
    """An unbound field for the organiser's ``question``, in the reader's language.

    It takes what is typed as it is; the rules in ``answers`` decide, for every caller alike.
    """
    locale = current_language()
    label = question.label.into(locale)
    return _FIELDS[question.kind](question, label, description=question.help.into(locale))


def _short_text(_question: Question, label: str, **more: Any) -> Field:
    return StringField(label, [Optional(), Length(max=SHORT_TEXT_MOST)], **more)


def _long_text(_question: Question, label: str, **more: Any) -> Field:
    return TextAreaField(label, [Optional(), Length(max=LONG_TEXT_MOST)], **more)


def _options_of(question: Question) -> list[SelectChoice]:
    locale = current_language()
    return [SelectChoice(o["key"], localized_label(o, locale)) for o in question.options]


def localized_label(option: dict[str, Any], locale: str) -> str:
    """An option's label for a reader of ``locale``."""
    return Localized(option["label"]).into(locale) or str(option["key"])


def _choice(question: Question, label: str, **more: Any) -> Field:
    choices = _options_of(question)
    if len(choices) <= MOST_RADIOS:
        return RadioField(label, [Optional()], choices=choices, validate_choice=False, **more)
    choices = [SelectChoice("", _("Please choose")), *choices]
    return SelectField(label, [Optional()], choices=choices, validate_choice=False, **more)


def _choices(question: Question, label: str, **more: Any) -> Field:
    return SelectMultipleField(
        label,
        [Optional()],
        choices=_options_of(question),
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        **more,
    )


def _yes_no(_question: Question, label: str, **more: Any) -> Field:
    choices = [SelectChoice(YES, _("Yes")), SelectChoice(NO, _("No"))]
    return RadioField(label, [Optional()], choices=choices, validate_choice=False, **more)


def _number(_question: Question, label: str, **more: Any) -> Field:
    return StringField(
        label, [Optional(), Length(max=30)], render_kw={"inputmode": "decimal"}, **more
    )


def _date(_question: Question, label: str, **more: Any) -> Field:
    return StringField(
        label, [Optional(), Length(max=10)], widget=TextInput(), render_kw={"type": "date"}, **more
    )


_FIELDS: Final[dict[QuestionKind, Callable[..., Field]]] = {
    QuestionKind.SHORT_TEXT: _short_text,
    QuestionKind.LONG_TEXT: _long_text,
    QuestionKind.CHOICE: _choice,
    QuestionKind.CHOICES: _choices,
    QuestionKind.YES_NO: _yes_no,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _date,
}
