"""Choosing a country in a form."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, Final

from flask_babel import gettext as _
from markupsafe import Markup, escape
from wtforms import Field, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import html_params

from event_mgmt.core import countries
from event_mgmt.web.locale import current_language

NEAREST: Final = ("DE", "SI", "AT", "CH", "HR", "IT", "HU")
"""The countries that most guests come from stand at the top of the list."""

_OPTION: Final = Markup('<option value="{}">{}</option>')


@functools.lru_cache(maxsize=8)
def _options(locale: str) -> str:
    names = countries.country_names(locale)
    ordered = [*NEAREST, *(code for code in names if code not in NEAREST)]
    return "".join(_OPTION.format(code, names[code]) for code in ordered)


class _CountryWidget:
    """A select whose 250 options are made once per language."""

    validation_attrs: Final = ("required",)

    def __call__(self, field: Field, **attributes: object) -> Markup:
        attributes.setdefault("id", field.id)
        locale = current_language()
        options = _options(locale)
        if field.data:
            chosen = f'<option value="{escape(field.data)}"'
            if chosen not in options:  # stored long ago, or not understood
                options += str(_OPTION.format(field.data, countries.name_of(field.data, locale)))
            options = options.replace(chosen, f"{chosen} selected", 1)
        empty = _OPTION.format("", _("Please choose")) if field.may_be_empty else ""
        return Markup(  # noqa: S704 - codes and names from the table, and escaped text
            f"<select {html_params(name=field.name, **attributes)}>{empty}{options}</select>"
        )


class CountryField(StringField):
    """A country, chosen from the list; what a browser or script fills in by name is understood.

    A code that is stored but on the list no more may stay.
    """

    widget = _CountryWidget()
    data: Any

    def __init__(self, *args: object, may_be_empty: bool = True, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.may_be_empty = may_be_empty

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take a code, or the code of what was written."""
        super().process_formdata(valuelist)
        if self.data:
            self.data = countries.country_code_of(self.data) or self.data

    def pre_validate(self, _form: object) -> None:
        """Take countries only."""
        if not self.data and self.may_be_empty:
            return
        if self.data not in countries.codes() and self.data != (self.object_data or None):
            raise ValidationError(_("Please choose a country from the list."))
