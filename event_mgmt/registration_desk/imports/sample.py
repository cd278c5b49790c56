"""A list to fill in: the headings in the reader's language, and two people to see how."""

from __future__ import annotations

import csv
import io
from typing import Final

from flask_babel import gettext as _

from event_mgmt.registration_desk.imports.headings import LABELS
from event_mgmt.registrations.enums import FormOfAddress
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.locale import current_language
from event_mgmt.web.templating import country_name

_COLUMNS: Final = (
    "form_of_address",
    "academic_title",
    "given_name",
    "family_name",
    "email",
    "organisation",
    "function",
    "country",
    "phone",
    "language",
    "companion_of",
)


def sample() -> bytes:
    """A CSV file as spreadsheets in German and Slovenian open it: a mark, and semicolons."""
    people = (
        {
            "form_of_address": enum_label(FormOfAddress.MS),
            "academic_title": "Dr.",
            "given_name": "Maja",
            "family_name": "Kovač",
            "email": "maja.kovac@example.org",
            "organisation": "Tehnika Kovač d.o.o.",
            "function": _("Managing director"),
            "country": country_name("SI"),
            "phone": "+386 1 234 56 78",
            "language": "sl",
        },
        {
            "form_of_address": enum_label(FormOfAddress.MR),
            "given_name": "Jörg",
            "family_name": "Weiß",
            "companion_of": "Maja Kovač",
        },
    )
    out = io.StringIO()
    # Commas part the columns where the decimal sign is a point.
    writer = csv.writer(out, delimiter="," if current_language() == "en" else ";")
    writer.writerow([str(LABELS[name]) for name in _COLUMNS])
    for person in people:
        # A leading apostrophe keeps the plus of a number; the import takes it off again.
        cells = [person.get(name, "") for name in _COLUMNS]
        writer.writerow([f"'{cell}" if cell.startswith("+") else cell for cell in cells])
    return out.getvalue().encode("utf-8-sig")
