"""The forms of an import: the file, what its columns are, and the last word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, FieldList, SelectField
from wtforms.fields import SelectChoice

from event_mgmt.events.models import Question
from event_mgmt.registration_desk.forms import Entering
from event_mgmt.registration_desk.imports.columns import LABELS, is_target
from event_mgmt.web.forms import Form
from event_mgmt.web.locale import current_language

_ENCODINGS: Final = {
    "utf-8": _l("Unicode (UTF-8)"),
    "utf-16": _l("Unicode (UTF-16)"),
    "cp1250": _l("Central European (Windows-1250)"),
    "cp1252": _l("Western European (Windows-1252)"),
}


class UploadForm(Entering):
    """The file, and what holds for all its rows."""

    file = FileField(_l("File"), [FileRequired(_l("Please choose a file."))])
    tells = BooleanField(_l("Send everybody their mail"), default=True)
    at_once = BooleanField(_l("Accept at once, without a further decision"))


class ColumnsForm(Form):
    """What each column is, chosen by hand."""

    encoding = SelectField(
        _l("Characters"),
        choices=[SelectChoice(code, name) for code, name in _ENCODINGS.items()],
    )
    columns: FieldList = FieldList(SelectField(validate_choice=False))

    def name_columns(self, header: Sequence[str], questions: Sequence[Question]) -> None:
        """Label the selects with the headings, and offer what a column can be."""
        locale = current_language()
        choices = [
            SelectChoice("", _("Leave out")),
            *(SelectChoice(target, str(label)) for target, label in LABELS.items()),
            *(SelectChoice(f"question-{q.id}", q.label.into(locale)) for q in questions),
        ]
        for place, entry in enumerate(self.columns.entries):
            heading = header[place] if place < len(header) else ""
            entry.label.text = heading or _("Column %(place)d", place=place + 1)
            entry.choices = choices

    def targets(self, questions: Sequence[Question]) -> tuple[str, ...]:
        """What was chosen; anything that no column can be is left out."""
        chosen = [str(entry.data or "") for entry in self.columns.entries]
        return tuple(target if is_target(target, questions) else "" for target in chosen)

    def note_doubles(self, questions: Sequence[Question]) -> bool:
        """Put it at the field where two columns are the same; tells whether all differ."""
        targets = self.targets(questions)
        fine = True
        for place, target in enumerate(targets):
            if target and target in targets[:place]:
                words = _("Another column is this already.")
                self.columns.entries[place].errors = [words]
                fine = False
        return fine


class RunForm(Form):
    """The last word before a list is entered."""

    leave_out = BooleanField(_l("Leave these rows out and import the others"))


def columns_form(header: Sequence[str], **defaults: Any) -> ColumnsForm:
    """A form with one select for each column of ``header``."""
    kind: Any = type(
        "Columns",
        (ColumnsForm,),
        {"columns": FieldList(SelectField(validate_choice=False), max_entries=len(header))},
    )
    form: ColumnsForm = kind(**defaults)
    return form
