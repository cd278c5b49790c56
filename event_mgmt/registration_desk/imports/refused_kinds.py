"""Files that are no lists: told by their contents, with how to get a list from there."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Sequence
from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.registration_desk.imports.sheets import FileRefused, Locked, OldWorkbook


class Pdf(FileRefused):
    """A PDF document."""

    message = _l(
        "This is a PDF. Please ask for the list it was made from. Or open it in Word, copy the"
        " table into a spreadsheet and save that as .xlsx."
    )


class TextDocument(FileRefused):
    """A document of a word processor."""

    message = _l(
        "This is a text document. Please copy its table into a spreadsheet (Excel, LibreOffice"
        " Calc) and save that as .xlsx or .ods."
    )


class Presentation(FileRefused):
    """A presentation; its tables can be copied into a spreadsheet."""

    message = _l(
        "This is a presentation. Please copy its table into a spreadsheet and save that as .xlsx."
    )


class BinaryWorkbook(FileRefused):
    """A workbook in Excel's binary format (.xlsb)."""

    message = _l("This is a binary workbook of Excel (.xlsb). Please open it and save it as .xlsx.")


class AppleDocument(FileRefused):
    """A document of Numbers, Pages or Keynote."""

    message = _l(
        "This is a document of Numbers, Pages or Keynote. In Numbers, please choose File > Export"
        " To > Excel, and import that file. A table in Pages is first copied into Numbers."
    )


class Mail(FileRefused):
    """A mail message (.eml, .msg, .mbox)."""

    message = _l(
        "This is an e-mail. Please open it, save the list that is attached to it, and import that."
        " Names in its text can be copied into a spreadsheet."
    )


class Calendar(FileRefused):
    """A calendar file (.ics)."""

    message = _l(
        "This is a calendar file. In Outlook, please open the meeting, choose Tracking > Copy"
        " status to clipboard, and paste it into a spreadsheet. Other calendars show the guests in"
        " the entry, from where they can be copied."
    )


class Picture(FileRefused):
    """A picture, often a photographed list."""

    message = _l(
        "This is a picture, in which no text can be read. Please ask for the list itself, or type"
        " it into a spreadsheet."
    )


class Packed(FileRefused):
    """An archive of files."""

    message = _l(
        "This is an archive of other files. Please unpack it and import the list that is in it."
    )


class WebLink(FileRefused):
    """A link to a spreadsheet on the web."""

    message = _l(
        "This file only links to a spreadsheet on the web. Please open it there and choose File >"
        " Download > Microsoft Excel (.xlsx)."
    )


class Ldif(FileRefused):
    """An address book in LDIF."""

    message = _l(
        "This is an address book in LDIF. In Thunderbird’s address book, please choose Tools >"
        " Export and save it as comma separated or as vCard."
    )


class Database(FileRefused):
    """A database."""

    message = _l(
        "This is a database. Please export the table with the people there as an Excel workbook."
    )


_BEGINS: Final[Sequence[tuple[bytes, type[FileRefused]]]] = (
    (b"%PDF-", Pdf),
    (b"{\\rtf", TextDocument),
    (b"\x89PNG", Picture),
    (b"\xff\xd8\xff", Picture),
    (b"GIF8", Picture),
    (b"II*\0", Picture),
    (b"MM\0*", Picture),
    (b"Rar!", Packed),
    (b"7z\xbc\xaf", Packed),
    (b"\x1f\x8b", Packed),
    (b"SQLite format 3\0", Database),
    (b"\0\x01\0\0Standard", Database),
)
_PARTS: Final[Sequence[tuple[re.Pattern[str], type[FileRefused]]]] = (
    (re.compile(r"xl/workbook\.bin"), BinaryWorkbook),
    (re.compile(r"word/document\.xml"), TextDocument),
    (re.compile(r"ppt/presentation\.xml"), Presentation),
    (re.compile(r"(?:.*/)?Index(?:\.zip|/.+\.iwa)|index\.(?:apxl|xml)(?:\.gz)?"), AppleDocument),
)
"""Parts by which archives of documents are known."""
_OPEN_DOCUMENTS: Final[Sequence[tuple[bytes, type[FileRefused]]]] = (
    (b"application/vnd.oasis.opendocument.text", TextDocument),
    (b"application/vnd.oasis.opendocument.presentation", Presentation),
    (b"application/vnd.oasis.opendocument.graphics", Presentation),
)
_STREAMS: Final[Sequence[tuple[str, type[FileRefused]]]] = (
    ("EncryptedPackage", Locked),
    ("WordDocument", TextDocument),
    ("PowerPoint Document", Presentation),
    ("__substg1.0_", Mail),
    ("Workbook", OldWorkbook),
    ("Book", OldWorkbook),
)
"""Streams by which the older containers of documents are known."""
_MAIL_FIELDS: Final = re.compile(
    r"^(?:From|To|Subject|Date|Received|Return-Path|Message-ID|MIME-Version|Delivered-To"
    r"|Content-Type|X-[\w-]+): ?.*$",
    re.IGNORECASE | re.MULTILINE,
)
_HEAD: Final = 4096
_FEWEST_FIELDS: Final = 3
_HEIC: Final = re.compile(rb"....ftyp(?:heic|heix|mif1|avif)", re.DOTALL)


def refuse_other_kinds(contents: bytes) -> None:
    """Refuse what is known by its first bytes, each kind with words of its own."""
    for start, refusal in _BEGINS:
        if contents.startswith(start):
            raise refusal
    if _HEIC.match(contents):
        raise Picture


def refuse_other_archives(contents: bytes) -> None:
    """Refuse archives that are no spreadsheet but something else that is known."""
    for kind, refusal in _OPEN_DOCUMENTS:
        if kind in contents[:200]:
            raise refusal
    with zipfile.ZipFile(io.BytesIO(contents)) as archive:
        names = archive.namelist()
    for part, refusal in _PARTS:
        if any(map(part.fullmatch, names)):
            raise refusal
    if not any(name in {"xl/workbook.xml", "content.xml", "[Content_Types].xml"} for name in names):
        raise Packed


def refuse_container(contents: bytes) -> None:
    """Refuse an older container of documents (MS-CFB) by what is in it."""
    for stream, refusal in _STREAMS:
        if stream.encode("utf-16-le") in contents:
            raise refusal
    raise FileRefused


def refuse_other_texts(text: str) -> None:
    """Refuse text in formats that hold no list."""
    head = text[:_HEAD].lstrip("\N{BOM} \t\r\n")
    if head[:15].upper() == "BEGIN:VCALENDAR":
        raise Calendar
    if head.startswith(("dn: ", "version: 1\ndn:", "version: 1\r\n")) and "\nobjectclass" in text:
        raise Ldif
    if _is_mail(head):
        raise Mail
    if head.startswith(("[InternetShortcut]", "[{000214A0")) or _is_link(head):
        raise WebLink


def _is_mail(head: str) -> bool:
    """Whether a text begins with the fields of a message (RFC 5322), or a mailbox of them."""
    first = head.partition("\n")[0]
    begins = first.startswith("From ") or _MAIL_FIELDS.match(first)
    fields = head.replace("\r\n", "\n").partition("\n\n")[0]
    return bool(begins) and len(_MAIL_FIELDS.findall(fields)) >= _FEWEST_FIELDS


def _is_link(head: str) -> bool:
    """Whether it is what Google Drive leaves on a disk for a spreadsheet (.gsheet)."""
    if not head.startswith("{") or "doc_id" not in head:
        return False
    try:
        return "doc_id" in json.loads(head)
    except ValueError:
        return False
