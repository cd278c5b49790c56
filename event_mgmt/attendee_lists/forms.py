"""Forms for saved views and exports; the choice of columns is read apart, since it has an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    widgets,
)
from wtforms.validators import InputRequired, Length, Optional

from event_mgmt.attendee_lists.columns import ListColumn
from event_mgmt.attendee_lists.criteria import (
    ListCriteria,
    PersonFilter,
    PresenceFilter,
    SortOrder,
    read_order,
)
from event_mgmt.attendee_lists.export_plan import LONGEST_PURPOSE, ExportRequest
from event_mgmt.attendee_lists.formats import registry
from event_mgmt.attendee_lists.models import Export
from event_mgmt.attendee_lists.service import LONGEST_NAME
from event_mgmt.registrations.enums import Status
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.forms import Form
from event_mgmt.web.row_ids import row_id

LIST, SENSITIVE = "list", "sensitive"
_CRITERIA: Final = tuple(field.name for field in fields(ListCriteria))


class CheckboxesField(SelectMultipleField):
    """Several of several, as a list of checkboxes."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class ViewForm(Form):
    """A name for the present filter; criteria and order come as hidden fields of the page."""

    name = StringField(
        _l("Name of the view"), validators=[InputRequired(), Length(max=LONGEST_NAME)]
    )


def _words(words: type[StrEnum]) -> list[SelectChoice]:
    return [SelectChoice(member.value, enum_label(member)) for member in words]


class ExportForm(Form):
    """What to export: format, purpose, contents, criteria; or the name of a template to save."""

    format = RadioField(
        _l("Format"),
        choices=[SelectChoice(form.key, form.label) for form in registry.ALL],
        default="xlsx",
    )
    purpose = StringField(
        _l("What is the list for?"),
        description=_l("Recorded with your name, and printed on each page."),
        validators=[Length(max=LONGEST_PURPOSE)],
    )
    contents = RadioField(
        _l("Contents"),
        choices=[
            SelectChoice(LIST, _l("Attendee list")),
            SelectChoice(SENSITIVE, _l("Only sensitive answers, with names")),
        ],
        default=LIST,
        validators=[Optional()],
    )
    statuses = CheckboxesField(_l("Status"), validate_choice=True)
    people = SelectField(_l("Who"), validators=[Optional()])
    contingent = SelectField(_l("Contingent"), validators=[Optional()])
    presence = SelectField(_l("At the door"), validators=[Optional()])
    order = SelectField(_l("Order"), validators=[Optional()])
    since = SelectField(_l("Only what has changed since"), validators=[Optional()])
    search = HiddenField()
    country = HiddenField()
    organisation = HiddenField()
    template_name = StringField(
        _l("Name of the template"), validators=[Optional(), Length(max=LONGEST_NAME)]
    )

    def offer(
        self, contingents: Sequence[tuple[str, str]], exports: Sequence[tuple[Export, str]]
    ) -> None:
        """Fill in the choices; each export comes with its summary."""
        self.statuses.choices = _words(Status)
        self.people.choices = _words(PersonFilter)
        self.presence.choices = _words(PresenceFilter)
        self.order.choices = _words(SortOrder)
        self.contingent.choices = [
            SelectChoice("", _l("All contingents")),
            *(SelectChoice(value, name) for value, name in contingents),
        ]
        self.since.choices = [
            SelectChoice("", _l("Everybody, not only changes")),
            *(SelectChoice(str(export.id), summary) for export, summary in exports),
        ]

    def criteria(self) -> ListCriteria:
        """Who was asked for."""
        return ListCriteria.read({name: self[name].data for name in _CRITERIA})

    def wish(self, columns: Sequence[str]) -> ExportRequest:
        """What was asked for."""
        since = self.since.data or ""
        return ExportRequest(
            format=self.format.data or "",
            purpose=self.purpose.data or "",
            columns=tuple(columns),
            criteria=self.criteria(),
            order=read_order(self.order.data),
            is_sensitive=self.contents.data == SENSITIVE,
            since=row_id(since),
        )


@dataclass(frozen=True)
class ColumnChoice:
    """One column as it can be chosen, and the place it has."""

    key: str
    label: str
    is_chosen: bool
    place: int | None


def column_choices(on_offer: Sequence[ListColumn], wanted: Sequence[str]) -> list[ColumnChoice]:
    """All columns, the chosen ones first and in their order."""
    by_key: Mapping[str, ListColumn] = {column.key: column for column in on_offer}
    first = [key for key in dict.fromkeys(wanted) if key in by_key]
    chosen = [ColumnChoice(key, str(by_key[key].label), True, n) for n, key in enumerate(first, 1)]
    others = [
        ColumnChoice(c.key, str(c.label), False, None) for c in on_offer if c.key not in first
    ]
    return chosen + others


def wanted_columns(form: MultiDict[str, str]) -> list[str]:
    """The columns that a request names, in the person's order.

    They come as ``columns``, repeated or with commas; ``position-<column>`` moves one to a place.
    """
    keys = [key.strip() for text in form.getlist("columns") for key in text.split(",")]
    keys = [key for key in dict.fromkeys(keys) if key]

    def place(item: tuple[int, str]) -> tuple[float, int]:
        index, key = item
        text = form.get(f"position-{key}", "").strip()
        return (float(int(text)) if text.isdecimal() and len(text) < 6 else index + 1.0, index)

    return [key for _index, key in sorted(enumerate(keys), key=place)]
