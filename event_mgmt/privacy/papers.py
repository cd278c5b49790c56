"""Sheets of data protection as data: pages draw them, and paper sets them."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from flask_babel import gettext as _

from event_mgmt.documents import engine, layout

_LAYOUT: Final = "privacy/layouts/sheet.typ"
_SIZE: Final = 9.5
_TABLE_SIZE: Final = 8.5
_HEADING_SIZE: Final = 13.5  # 12 points with serifs, which are wider than what widths are told by
_LABELS: Final = 148.0
"""Points for the labels of facts."""


@dataclass(frozen=True)
class PaperTable:
    """Rows under headings; ``widths`` are shares."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]


@dataclass(frozen=True)
class PaperSection:
    """One part of a sheet: a heading, paragraphs, labelled facts, a table. Empty parts are left."""

    title: str
    words: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    table: PaperTable | None = None


@dataclass(frozen=True)
class PaperDocument:
    """A whole sheet in the reader's language.

    ``subject`` is what it is about, with ``when`` and ``place`` below; ``accents`` are the colours
    of the ``hosts`` (#rrggbb), ``taken`` who made it and when; ``names_guests`` says whether it
    holds data of guests.
    """

    locale: str
    title: str
    subject: str
    hosts: str
    accents: Sequence[str]
    taken: str
    made_at: datetime
    sections: Sequence[PaperSection]
    when: str = ""
    place: str = ""
    names_guests: bool = True


def pdf_of(sheet: PaperDocument) -> bytes:
    """The sheet on paper."""
    content = {
        "locale": sheet.locale,
        "title": sheet.title,
        "event": sheet.subject,
        "when": sheet.when,
        "place": sheet.place,
        "hosts": sheet.hosts,
        "accents": list(sheet.accents),
        "taken": sheet.taken,
        "confidential": _("Confidential: personal data, only for the purpose named")
        if sheet.names_guests
        else _("From the settings of the event at this moment"),
        "words": {
            "page": _("Page {page} of {pages}"),
            "people": "",
            "nobody": "",
            "lacks_letters": engine.lacks_letters(),
        },
        "people": 1,
        "label_width": _LABELS,
        "sections": [_laid_out(section) for section in sheet.sections],
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.pdf"
        engine.set_pdf(_LAYOUT, content, path, at=int(sheet.made_at.timestamp()))
        return path.read_bytes()


def _laid_out(section: PaperSection) -> dict[str, object]:
    """A section whose words fit into its columns."""
    values = layout.PORTRAIT - _LABELS
    return {
        "title": layout.fitted(section.title, layout.PORTRAIT, _HEADING_SIZE),
        "words": [layout.fitted(words, layout.PORTRAIT, _SIZE) for words in section.words],
        "facts": [
            [
                layout.fitted(label, _LABELS, _SIZE),
                layout.fitted(value, values, _SIZE),
            ]
            for label, value in section.facts
            if value
        ],
        "table": _table(section.table) if section.table and section.table.rows else None,
    }


def _table(table: PaperTable) -> dict[str, object]:
    widths = [layout.PORTRAIT * share / sum(table.widths) for share in table.widths]

    def fitted(cells: Sequence[str]) -> list[layout.Text]:
        return [
            layout.fitted(cell, width, _TABLE_SIZE)
            for cell, width in zip(cells, widths, strict=True)
        ]

    return {
        "widths": widths,
        "heads": fitted(table.heads),
        "rows": [
            {"cells": fitted(row), "tall": layout.is_tall(row, widths, _TABLE_SIZE)}
            for row in table.rows
        ],
    }
