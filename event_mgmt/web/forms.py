"""The base of all forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Generic, ParamSpec, TypeVar

from flask import g, request
from flask_babel import get_domain, gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from flask_wtf.form import _Auto
from werkzeug.datastructures import MultiDict
from wtforms import (
    DateField,
    DateTimeLocalField,
    Field,
    FieldList,
    Form as PlainForm,
    FormField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional

from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Busy, Refusal
from event_mgmt.settings import LOCALES
from event_mgmt.web import uploads
from event_mgmt.web.locale import current_language
from event_mgmt.web.row_ids import ROW_NUMBER

_YEARS: Final = range(1800, 2200)

P = ParamSpec("P")
R = TypeVar("R")

Filter = Callable[[object], object]


class _Translations:
    """WTForms' own messages, from our catalogues (WTForms has no Slovenian)."""

    def gettext(self, text: str) -> str:
        return gettext(text)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        # Not Flask-Babel's own, which fills placeholders in at once: WTForms does that itself,
        # and knows them.
        return str(get_domain().get_translations().ungettext(singular, plural, n))


class _TranslatedMessages:
    def get_translations(self, _form: object) -> _Translations:
        return _Translations()


def _takes_file(form: FlaskForm, name: str) -> bool:
    return isinstance(form._fields.get(name), FileField)


class Form(FlaskForm):
    """A form with CSRF protection and messages in the reader's language."""

    class Meta(_TranslatedMessages, FlaskForm.Meta):
        """Where the form's own words come from, and what it is filled with."""

        def wrap_formdata(self, form: FlaskForm, formdata: object) -> object:
            """What was sent as a form; a file only where one is asked for, and no JSON.

            Fields expect text: anything else in it would be a fault instead of a wrong value.
            """
            if formdata is not _Auto or not form.is_submitted():
                return super().wrap_formdata(form, formdata)
            files = [(n, f) for n, f in request.files.items(multi=True) if _takes_file(form, n)]
            if files:
                return MultiDict([*files, *request.form.items(multi=True)])
            return request.form or None

    def validate(self, extra_validators: object = None) -> bool:
        """Check everything. A token that ran out is told in words, and nothing typed is lost."""
        if uploads.is_too_large():
            self._say_too_large()
            return False
        valid = bool(super().validate(extra_validators))
        token = self._fields.get("csrf_token")
        if token is not None and token.errors:
            token.errors = []
            self.form_errors.append(
                gettext("This page was open for too long. Please send the form once more.")
            )
        return valid

    def _say_too_large(self) -> None:
        """The body was not read: what is wrong with it stands at the file, if one is asked for."""
        files = [field for field in self._fields.values() if isinstance(field, FileField)]
        if files:
            files[0].errors = [uploads.too_large()]
        else:
            self.form_errors.append(uploads.too_large())

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal at its field, or above the form where it has none."""
        field = self._fields.get(refusal.field or "")
        if field is None:
            self.form_errors.append(str(refusal))
        elif isinstance(field, LocalizedField):
            own = field.form[current_language()]
            own.errors = [*own.errors, str(refusal)]
        else:
            field.errors = [*field.errors, str(refusal)]

    def problems(self) -> Iterator[tuple[str, str]]:
        """Every error as (id of the field or '', words), in the order of the fields."""
        for words in self.form_errors:
            yield "", str(words)
        yield from _problems(self._fields.values())


class ShownLimits:
    """What a field's HTML says of its limits (``required``, ``maxlength``, ``optional``), where the
    rules themselves stand elsewhere: it checks nothing.
    """

    def __init__(self, **flags: bool | int) -> None:
        self.field_flags = flags

    def __call__(self, _form: object, _field: Field) -> None:
        """Leave it to the rules."""


class SubForm(PlainForm):
    """A part of a form, inside a FormField; the CSRF token is the outer form's."""

    class Meta(_TranslatedMessages, PlainForm.Meta):
        """Where the form's own words come from."""


class RowsField(FieldList):
    """Rows of a form, by the numbers that a page gives them; fields of other numbers are no rows.

    WTForms takes whatever is a digit to somebody ("²") or has thousands of them, and then fails.
    """

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        row = re.compile(rf"{re.escape(prefix)}-({ROW_NUMBER})(?:-|$)")
        return (int(found[1]) for name in formdata if (found := row.match(name)))


class ConfirmForm(Form):
    """A form that holds nothing but its CSRF token: a button."""


def _problems(fields: Iterable[Field]) -> Iterator[tuple[str, str]]:
    for field in fields:
        if isinstance(field, FormField):
            yield from _problems(field.form._fields.values())
        elif isinstance(field, FieldList):
            yield from _problems(field.entries)
        else:
            for words in field.errors:
                yield field.id, str(words)


class _PlausibleYear(Field):
    """Refuses a day that nobody means. Near the ends of the calendar, dates cannot be reckoned
    with: a zone's distance from UTC, or a year's retention, would leave it.
    """

    data: Any

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and self.data.year not in _YEARS:
            self.data = None
            raise ValueError(
                gettext(
                    "Please enter a year from %(first)d to %(last)d.",
                    first=_YEARS[0],
                    last=_YEARS[-1],
                )
            )


class PlausibleDateField(_PlausibleYear, DateField):
    """A day."""


class LocalDateTimeField(_PlausibleYear, DateTimeLocalField):
    """A day and a time of day by somebody's wall clock."""


@dataclass(frozen=True)
class Accepted(Generic[R]):
    """What a verb gave back; true even when that is nothing."""

    value: R


def accepted(
    form: Form, verb: Callable[P, R], *args: P.args, **kwargs: P.kwargs
) -> Accepted[R] | None:
    """Call a service verb; put its refusal on the form and give None, or give what it returned.

    A database that is busy is told above the form too, so that nothing typed is lost; the answer
    goes out as 503 (see errors.py).
    """
    try:
        return Accepted(verb(*args, **kwargs))
    except Refusal as refusal:
        form.refuse(refusal)
    except Busy as busy:
        g.was_busy = True
        form.form_errors.append(str(busy))
    return None


class LocalizedField(FormField):
    """A text in up to three languages: fields named ``<name>-de``, ``<name>-sl``, ``<name>-en``.

    ``data`` is a Localized. With ``required`` at least one language must be filled in.
    """

    is_localized: ClassVar[bool] = True

    def __init__(
        self,
        label: object = "",
        *,
        most: int = 200,
        required: bool = False,
        long: bool = False,
        description: object = "",
        **kwargs: object,
    ) -> None:
        kind = TextAreaField if long else StringField
        inner = type(
            "LocalizedForm",
            (SubForm,),
            {locale: kind(validators=[Optional(), Length(max=most)]) for locale in LOCALES},
        )
        super().__init__(inner, label, description=description, **kwargs)
        self.must_have_one = required

    def process(
        self, formdata: object, data: object = None, extra_filters: Sequence[Filter] | None = None
    ) -> None:
        """Take a Localized (or a mapping) as the default."""
        if isinstance(data, Mapping):
            data = dict(data)
        super().process(formdata, data if isinstance(data, dict) else {}, extra_filters)

    def validate(self, _form: object, _extra_validators: Sequence[object] = ()) -> bool:
        """Check lengths, and that there is a text where one is required."""
        valid = bool(self.form.validate())
        if self.must_have_one and not self.data:
            own = self.form[current_language()]
            own.errors = [gettext("Please fill this in in at least one language.")]
            return False
        return valid

    @property
    def data(self) -> Localized:
        """The texts that were filled in."""
        return Localized({locale: self.form[locale].data for locale in LOCALES})

    def populate_obj(self, obj: object, name: str) -> None:
        """Forms never write to rows; services do."""
        raise NotImplementedError
