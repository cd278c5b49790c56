"""The forms of an import: the file, how it is read, what its columns are, and the last word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from flask import request
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, FieldList, HiddenField, SelectField
from wtforms.fields import SelectChoice

from event_mgmt.events.models import Question
from event_mgmt.registration_desk.forms import EntryOptionsForm
from event_mgmt.registration_desk.imports import columns
from event_mgmt.registration_desk.imports.columns import ListTable, is_target
from event_mgmt.registration_desk.imports.heading_rows import HEADING_WITHIN, NO_HEADING
from event_mgmt.registration_desk.imports.headings import LABELS
from event_mgmt.registration_desk.imports.import_plan import ImportPlan
from event_mgmt.registration_desk.imports.opened_list import OpenedList
from event_mgmt.registration_desk.imports.sheets import ListSheet, column_name
from event_mgmt.registration_desk.imports.uploads import ReadingChoice
from event_mgmt.registrations.party import one_line
from event_mgmt.web.forms import Form, RowsField
from event_mgmt.web.locale import current_language

_ENCODINGS: Final = {
    "utf-8": _l("Unicode (UTF-8)"),
    "utf-16": _l("Unicode (UTF-16)"),
    "cp1250": _l("Central European (Windows-1250)"),
    "cp1252": _l("Western European (Windows-1252)"),
    "iso8859-2": _l("Central European (ISO 8859-2)"),
    "mac_latin2": _l("Central European (Macintosh)"),
    "mac_roman": _l("Western European (Macintosh)"),
    "cp852": _l("Central European (DOS, 852)"),
    "cp850": _l("Western European (DOS, 850)"),
}
_CUT: Final = 60


def shown_name(file_name: str) -> str:
    """A file's name as it is shown: without folders, and without signs that turn text round."""
    return one_line(re.split(r"[/\\]", file_name)[-1])[:120]


class UploadForm(EntryOptionsForm):
    """The file, and what holds for all its rows."""

    file = FileField(_l("File"), [FileRequired(_l("Please choose a file."))])
    tells = BooleanField(_l("Send everybody their mail"), default=True)
    at_once = BooleanField(_l("Accept at once, without a further decision"))


class ReadForm(Form):
    """How a file is read: which sheet, which row holds the headings, what is hidden."""

    sheet = SelectField(_l("Sheet"), coerce=int)
    heading = SelectField(_l("Headings"), coerce=int)
    encoding = SelectField(
        _l("Characters"),
        choices=[SelectChoice(code, name) for code, name in _ENCODINGS.items()],
    )
    hidden_rows = BooleanField()
    hidden_columns = BooleanField()

    def offer(self, found: OpenedList) -> None:
        """Offer what there is to choose; what leaves no choice is not asked."""
        self.sheet.choices = [
            SelectChoice(found.place_of(sheet), sheet_name(found, sheet)) for sheet in found.sheets
        ]
        self.heading.choices = _heading_choices(found)
        if len(found.sheets) < 2:
            del self.sheet
        if not found.book.encoding:
            del self.encoding
        if hidden := found.sheet.hidden_rows:
            words = ngettext("Read %(num)d hidden row", "Read %(num)d hidden rows", hidden)
            self.hidden_rows.label.text = words
        else:
            del self.hidden_rows
        if hidden := len(found.sheet.hidden_with_values):
            words = ngettext("Read %(num)d hidden column", "Read %(num)d hidden columns", hidden)
            self.hidden_columns.label.text = words
        else:
            del self.hidden_columns

    def choice(self, before: ReadingChoice) -> ReadingChoice:
        """What was chosen. With another sheet or other characters the headings are looked for."""
        sheet = self.sheet.data if self.sheet is not None else before.sheet
        encoding = self.encoding.data if self.encoding is not None else ""
        same = self.sheet is None or self.sheet.data == self.sheet.object_data
        return ReadingChoice(
            encoding=encoding,
            sheet=sheet,
            heading=self.heading.data if same else None,
            hidden_rows=bool(self.hidden_rows is not None and self.hidden_rows.data),
            hidden_columns=bool(self.hidden_columns is not None and self.hidden_columns.data),
        )


def read_form(found: OpenedList) -> ReadForm:
    """The form with what holds at present chosen in it."""
    form = ReadForm(
        sheet=found.place_of(found.sheet),
        heading=found.table.header.number if found.table.header else NO_HEADING,
        encoding=found.book.encoding,
        hidden_rows=found.choice.hidden_rows,
        hidden_columns=found.choice.hidden_columns,
    )
    form.offer(found)
    return form


def sheet_name(found: OpenedList, sheet: ListSheet) -> str:
    """What a sheet is called, with what there is to know of it."""
    name = sheet.name or _("Table %(number)d", number=found.place_of(sheet) + 1)
    return _("%(name)s (hidden)", name=name) if sheet.is_hidden else name


def _heading_choices(found: OpenedList) -> list[SelectChoice]:
    choice = found.choice
    rows = found.sheet.shown(rows=choice.hidden_rows, columns=choice.hidden_columns).rows
    choices = [SelectChoice(NO_HEADING, _("There are none"))]
    for row in rows[:HEADING_WITHIN]:
        if row.number == NO_HEADING:  # that of a file that is no spreadsheet
            choices = []
        words = " · ".join(" ".join(cell.split()) for cell in row.cells if cell)
        cut = words if len(words) <= _CUT else f"{words[:_CUT]}…"
        label = _("Row %(number)d: %(words)s", number=row.number, words=cut)
        choices.append(SelectChoice(row.number, label if row.number else cut))
    return choices


class ColumnsForm(Form):
    """What each column is, chosen by hand. The fields stand for the columns that hold values."""

    columns: FieldList = RowsField(SelectField(validate_choice=False))
    places: Sequence[int] = ()
    is_stale = False

    def name_columns(
        self, table: ListTable, places: Sequence[int], questions: Sequence[Question]
    ) -> None:
        """Label the selects with the headings, and offer what a column can be."""
        locale = current_language()
        self.places = places
        choices = [
            SelectChoice("", _("Leave out")),
            *(SelectChoice(target, str(label)) for target, label in LABELS.items()),
            *(SelectChoice(f"question-{q.id}", q.label.into(locale)) for q in questions),
        ]
        for place, entry in zip(places, self.columns.entries, strict=False):
            entry.label.text = table.heading(place) or column_name(place)
            entry.choices = choices

    def targets(self, width: int, questions: Sequence[Question]) -> tuple[str, ...]:
        """What was chosen for each column; anything that no column can be is left out."""
        found = [""] * width
        for place, entry in zip(self.places, self.columns.entries, strict=False):
            chosen = str(entry.data or "")
            found[place] = chosen if is_target(chosen, questions) else ""
        return tuple(found)

    def note_doubles(self, targets: Sequence[str]) -> bool:
        """Put it at the field where two columns are the same; tells whether all differ."""
        twice = columns.doubles(targets)
        for place, entry in zip(self.places, self.columns.entries, strict=False):
            if place in twice:
                entry.errors = [_("Another column is this already.")]
        return not twice


def columns_form(
    table: ListTable, targets: Sequence[str], questions: Sequence[Question]
) -> ColumnsForm:
    """A form with one select for each column of ``table`` that holds something."""
    places = [
        place
        for place in range(table.width)
        if table.heading(place) or any(row.cell(place) for row in table.rows)
    ]
    held = [place for place in places if any(row.cell(place) for row in table.rows)]
    places = held or places
    kind: Any = type(
        "Columns",
        (ColumnsForm,),
        {"columns": RowsField(SelectField(validate_choice=False), max_entries=len(places))},
    )
    chosen = [targets[p] if p < len(targets) else "" for p in places]
    form: ColumnsForm = kind(columns=chosen)
    if form.is_submitted() and not _is_of_these_columns(form, len(places)):
        # Sent by a page that showed the file otherwise: what it says is about other columns.
        form = kind(formdata=None, columns=chosen)
        form.is_stale = True
    form.name_columns(table, places, questions)
    return form


def _is_of_these_columns(form: ColumnsForm, most: int) -> bool:
    """Whether the fields that were sent are those of a file with so many columns."""
    sent = {name for name in request.form if name.startswith(f"{form.columns.name}-")}
    return sent == {f"{form.columns.name}-{number}" for number in range(most)}


def column_title(table: ListTable, place: int) -> str:
    """What a column of a file is called to the reader."""
    return table.heading(place) or column_name(place)


class RunForm(Form):
    """The last word before a list is entered. ``seen`` is what the page showed."""

    seen = HiddenField()
    leave_out = BooleanField()
    leave_values = BooleanField()

    def count(self, planned: ImportPlan) -> None:
        """Say how many rows and values are meant."""
        rows = len({problem.row for problem in planned.problems})
        cells = len({(problem.row, problem.place) for problem in planned.left_behind})
        self.leave_out.label.text = ngettext(
            "Leave out %(num)d row and import the others",
            "Leave out %(num)d rows and import the others",
            rows,
        )
        self.leave_values.label.text = ngettext(
            "Import these people without %(num)d value that cannot be read",
            "Import these people without %(num)d values that cannot be read",
            cells,
        )
