"""Files that are no lists say what they are, without an application."""

from __future__ import annotations

import io
import zipfile

import pytest

from event_mgmt.registration_desk.imports import refused_kinds as kinds
from event_mgmt.registration_desk.imports.file_reader import read
from event_mgmt.registration_desk.imports.sheets import FileRefused, Locked, OldWorkbook
from tests.registration_desk.imports.documents import a_row, a_table, an_opendocument


def an_archive(*names: str, mimetype: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def a_container(stream: str) -> bytes:
    start = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
    return start + stream.encode("utf-16-le") + b"\0" * 100


MAIL = (
    "Return-Path: <a@example.org>\r\nFrom: Ana Kos <a@example.org>\r\nTo: b@example.org\r\n"
    "Subject: Teilnehmer\r\nDate: Mon, 4 Jan 2027 09:00:00 +0100\r\n\r\nName;E-Mail\r\n"
)


@pytest.mark.parametrize(
    ("contents", "refusal"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", kinds.Pdf),
        (b"{\\rtf1\\ansi Name}", kinds.TextDocument),
        (an_archive("[Content_Types].xml", "word/document.xml"), kinds.TextDocument),
        (an_archive("content.xml", mimetype="application/vnd.oasis.opendocument.text"),
         kinds.TextDocument),
        (a_container("WordDocument"), kinds.TextDocument),
        (an_archive("[Content_Types].xml", "ppt/presentation.xml"), kinds.Presentation),
        (an_archive("[Content_Types].xml", "xl/workbook.bin"), kinds.BinaryWorkbook),
        (an_archive("Index/Document.iwa", "Metadata/Properties.plist"), kinds.AppleDocument),
        (an_archive("Liste.numbers/Index.zip", "Liste.numbers/preview.jpg"), kinds.AppleDocument),
        (an_archive("index.apxl"), kinds.AppleDocument),
        (MAIL.encode(), kinds.Mail),
        (b"From a@example.org Mon Jan  4 09:00:00 2027\n" + MAIL.encode(), kinds.Mail),
        (a_container("__substg1.0_0037001F"), kinds.Mail),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", kinds.Calendar),
        (b"\x89PNG\r\n\x1a\n", kinds.Picture),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", kinds.Picture),
        (b"\0\0\0\x18ftypheic\0\0", kinds.Picture),
        (an_archive("Liste.xlsx", "Liste.csv"), kinds.Packed),
        (b"\x1f\x8b\x08\0", kinds.Packed),
        (b'{"url": "https://docs.example/x", "doc_id": "1a", "email": "a@b.c"}', kinds.WebLink),
        (b"[InternetShortcut]\r\nURL=https://docs.example\r\n", kinds.WebLink),
        (b"dn: cn=Ana Kos\nobjectclass: person\ncn: Ana Kos\n", kinds.Ldif),
        (b"SQLite format 3\0", kinds.Database),
        (a_container("Workbook"), OldWorkbook),
        (a_container("EncryptedPackage"), Locked),
        (a_container("Something"), FileRefused),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_says_what_it_is(contents: bytes, refusal: type) -> None:
    with pytest.raises(FileRefused) as refused:
        read(contents)

    assert type(refused.value) is refusal


@pytest.mark.parametrize(
    "text",
    [
        "From;To;Subject\nAna;Kos;a@example.org\n",
        "Name: E-Mail\nFrom: x\n",
        "PDF;Name\n%PDF;Ana\n",
        "Date: 3.4.\nName;E-Mail\nAna;a@example.org\n",
    ],
)
def test_lists_that_begin_alike_are_lists(text: str) -> None:
    assert read(text.encode()).sheets[0].rows


def test_a_spreadsheet_in_one_piece_of_markup_is_read() -> None:
    packed = an_opendocument(a_table(a_row("Name", "E-Mail"), a_row("Ana Kos", "a@example.org")))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        content = archive.read("content.xml")
    flat = content.replace(b"office:document-content ", b"office:document ").replace(
        b"<office:document ",
        b'<office:document office:mimetype="application/vnd.oasis.opendocument.spreadsheet" ',
    )
    flat = flat.replace(b"</office:document-content>", b"</office:document>")

    (sheet,) = read(flat).sheets

    assert [row.cells for row in sheet.rows] == [("Name", "E-Mail"), ("Ana Kos", "a@example.org")]
