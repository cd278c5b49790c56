"""A file as sheets of rows: whatever kind it is, told by its contents and never by its name."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from event_mgmt.core.refusals import Refusal
from event_mgmt.registration_desk.imports import (
    encodings,
    html_tables,
    json_lists,
    mailing_lists,
    refused_kinds,
    separated,
    vcards,
)
from event_mgmt.registration_desk.imports.headings import LABELS
from event_mgmt.registration_desk.imports.opendocument import (
    MIMETYPE,
    is_flat,
    read_flat,
    read_opendocument,
)
from event_mgmt.registration_desk.imports.sheets import (
    MOST_BYTES,
    FileRefused,
    ListFile,
    NothingThere,
    TooLarge,
)
from event_mgmt.registration_desk.imports.workbook import read_workbook

_ARCHIVE: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The container of workbooks from before 2007, and of newer ones with a password."""


def read(contents: bytes, *, encoding: str = "") -> ListFile:
    """The sheets of an uploaded file; ``encoding`` overrides what is recognised in text.

    Refusals: FileRefused and its kinds. Whatever the file claims, memory stays flat and the time
    short. A sheet that is too large by itself is there with its own refusal.
    """
    if len(contents) > MOST_BYTES:
        raise TooLarge
    try:
        book = _read(contents, encoding)
    except (Refusal, RecursionError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - a hostile or broken file fails in a hundred ways: one refusal
        raise FileRefused from None
    book = replace(book, sheets=tuple(mailing_lists.in_rows(s, _heading()) for s in book.sheets))
    if all(len(sheet.rows) < 1 and sheet.refusal is None for sheet in book.sheets):
        raise NothingThere
    return book


def _read(contents: bytes, encoding: str) -> ListFile:
    refused_kinds.refuse_other_kinds(contents)
    if contents[:4] == _ARCHIVE:
        if MIMETYPE in contents[:200]:
            return read_opendocument(contents)
        refused_kinds.refuse_other_archives(contents)
        return read_workbook(contents)
    if contents[:8] == _COMPOUND:
        refused_kinds.refuse_container(contents)
    if is_flat(contents):
        return read_flat(contents)
    wanted = encoding or html_tables.declared_encoding(contents)
    text, encoding = encodings.decoded(contents, wanted)
    refused_kinds.refuse_other_texts(text)
    if html_tables.is_html(text):
        return html_tables.read_html(text, encoding)
    if vcards.is_cards(text):
        heading = tuple(str(LABELS[column]) for column in vcards.COLUMNS)
        return vcards.read_cards(text, encoding, heading)
    if json_lists.is_machine_list(text):
        return json_lists.read_machine_list(text, encoding)
    if found := mailing_lists.recipients(text):
        return mailing_lists.read_recipients(found, encoding, _heading())
    return separated.read_text(text, encoding)


def _heading() -> tuple[str, str]:
    return str(LABELS["full_name"]), str(LABELS["email"])
