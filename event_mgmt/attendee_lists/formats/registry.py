"""All formats of attendee lists, in the order in which the export page offers them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.attendee_lists.columns import NAME_AND_FUNCTION
from event_mgmt.attendee_lists.criteria import SortOrder
from event_mgmt.attendee_lists.formats import csv_format, json_format, pdf, vcard, xlsx
from event_mgmt.attendee_lists.formats.document import Writer

MOST_ON_PAPER: Final = 2500
"""People on a printed list: some ninety pages, set within seconds.

All pages are in memory until the last one is set, 75 KB for each person: 270 MB for so many.
"""

MOST_CELLS_ON_PAPER: Final = 15_000
"""Cells of a printed table: setting each takes 0.3 ms and 14 to 16 KB, 290 MB for so many."""

_PDF: Final = "application/pdf"


@dataclass(frozen=True)
class Format:
    """One format. ``columns`` and ``order`` are given where the format itself decides them.

    ``usual_purpose`` is what a list is mostly taken for that is offered ready to take.
    """

    key: str
    label: object
    about: object
    icon: str
    title: object
    suffix: str
    mimetype: str
    write: Writer
    columns: tuple[str, ...] | None = None
    order: SortOrder | None = None
    most: int | None = None
    as_codes: bool = False
    usual_purpose: object = ""


ALL: Final = (
    Format(
        "xlsx",
        _l("Excel"),
        _l("Spreadsheet with typed cells, ready to filter and print"),
        "file-spreadsheet",
        _l("Attendee list"),
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        xlsx.write,
        usual_purpose=_l("Preparation"),
    ),
    Format(
        "csv",
        _l("CSV"),
        _l("Plain table for other programs"),
        "list",
        _l("Attendee list"),
        "csv",
        "text/csv",
        csv_format.write,
    ),
    Format(
        "sign_in",
        _l("Sign-in sheet"),
        _l("PDF with a line to sign for each person"),
        "pencil",
        _l("Sign-in sheet"),
        "pdf",
        _PDF,
        pdf.write_sign_in,
        (
            "number",
            *NAME_AND_FUNCTION,
            "companion_of",
        ),
        most=MOST_ON_PAPER,
        usual_purpose=_l("Proof of attendance"),
    ),
    Format(
        "door",
        _l("Door list"),
        _l("PDF by surname, with a box to tick"),
        "door-open",
        _l("Door list"),
        "pdf",
        _PDF,
        pdf.write_door,
        (
            "academic_title",
            "given_name",
            "family_name",
            "organisation",
            "companion_of",
            "checked_in_at",
        ),
        SortOrder.SURNAME,
        MOST_ON_PAPER,
        usual_purpose=_l("Receiving the guests at the door"),
    ),
    Format(
        "protocol",
        _l("Protocol list"),
        _l("PDF by organisation, with titles and functions"),
        "landmark",
        _l("Protocol list"),
        "pdf",
        _PDF,
        pdf.write_protocol,
        (
            "number",
            "form_of_address",
            *NAME_AND_FUNCTION,
            "country",
            "companion_of",
        ),
        SortOrder.ORGANISATION,
        MOST_ON_PAPER,
        usual_purpose=_l("Protocol and welcome"),
    ),
    Format(
        "pdf",
        _l("PDF table"),
        _l("The chosen columns on paper"),
        "file-text",
        _l("Attendee list"),
        "pdf",
        _PDF,
        pdf.write_table,
        most=MOST_ON_PAPER,
    ),
    Format(
        "vcf",
        _l("Contacts"),
        _l("vCards for an address book"),
        "id-card",
        _l("Contacts"),
        "vcf",
        "text/vcard",
        vcard.write,
        (
            "card_id",
            *NAME_AND_FUNCTION,
            "country",
            "email",
            "phone",
            "companion_of",
        ),
    ),
    Format(
        "json",
        _l("JSON"),
        _l("Codes and UTC times, for developers"),
        "settings",
        _l("Attendee list"),
        "json",
        "application/json",
        json_format.write,
        as_codes=True,
    ),
)
BY_KEY: Final = {each.key: each for each in ALL}


def called(key: str) -> str:
    """The format's label; the key itself for one that old records name and that is gone."""
    return str(BY_KEY[key].label) if key in BY_KEY else key
