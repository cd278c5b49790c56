"""Reading lists: formats, encodings, and files that want to do harm."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from datetime import datetime

import pytest

from event_mgmt.registration_desk.imports import file_reader, heading_rows
from event_mgmt.registration_desk.imports.opened_list import open_list
from event_mgmt.registration_desk.imports.sheets import (
    MOST_ABOVE,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    NOT_WORKED_OUT,
    FileRefused,
    ListSheet,
    Locked,
    NothingThere,
    OldWorkbook,
    TooLarge,
    TooManyColumns,
    TooManyRows,
    UnpacksToTooMuch,
)
from event_mgmt.registration_desk.imports.uploads import ReadingChoice
from tests.registration_desk.imports.lists import a_csv, a_workbook

MAJA = ("Maja", "Kovačič", "maja@example.org", "Tehnika d.o.o.")
JOERG = ("Jörg", "Weiß", "joerg@example.org", "Werk Süd GmbH")


def cells(sheet: ListSheet) -> list[tuple[str, ...]]:
    return [row.cells for row in sheet.rows[1:]]


def the_sheet(contents: bytes, **how: str) -> ListSheet:
    """The first sheet, or why there is none."""
    sheet = file_reader.read(contents, **how).sheets[0]
    if sheet.refusal is not None:
        raise sheet.refusal
    return sheet


def with_part(name: str, contents: bytes, *, workbook: bytes | None = None) -> bytes:
    """A workbook in which one part is replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook or a_workbook(MAJA))) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for part in source.infolist():
            target.writestr(part, contents if part.filename == name else source.read(part))
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_text_is_read_in_any_usual_encoding_and_with_any_delimiter(
    encoding: str, delimiter: str
) -> None:
    sheet = the_sheet(a_csv(MAJA, JOERG, delimiter=delimiter, encoding=encoding))

    assert cells(sheet) == [MAJA, JOERG]


def test_french_and_nordic_names_are_told_from_slovenian_ones() -> None:
    guests = [("Anaïs", "Lefèvre", "a@example.org", "Élan"), ("Søren", "Ångström", "s@e.org", "X")]

    book = file_reader.read(a_csv(*guests, encoding="cp1252"))

    assert (cells(book.sheets[0]), book.encoding) == (guests, "cp1252")


def test_the_encoding_can_be_told() -> None:
    sheet = the_sheet(a_csv(("Hélène", "X", "h@e.org", "Y"), encoding="cp1252"), encoding="cp1252")

    assert cells(sheet)[0][0] == "Hélène"


def test_the_line_that_spreadsheets_write_for_their_delimiter_is_no_row() -> None:
    sheet = the_sheet(b"sep=|\r\nVorname|Nachname\r\nMaja|Kos; Novak\r\n")

    assert cells(sheet) == [("Maja", "Kos; Novak")]


def test_quoted_line_breaks_stay_in_their_cell() -> None:
    sheet = the_sheet(b'Name;Note\r\nKos;"one\r\ntwo"\r\nNovak;x\r\n')

    assert [(row.number, row.cells) for row in sheet.rows[1:]] == [
        (2, ("Kos", "one\r\ntwo")),
        (3, ("Novak", "x")),
    ]


def test_rows_keep_the_numbers_that_the_spreadsheet_shows() -> None:
    sheet = the_sheet(a_workbook(MAJA, (), JOERG))

    assert [row.number for row in sheet.rows] == [1, 2, 4]


def test_values_of_a_workbook_read_as_they_would_be_typed() -> None:
    row = (4915112345678, 3.5, datetime(2027, 2, 15), True)

    sheet = the_sheet(a_workbook(row))

    assert cells(sheet) == [("4915112345678", "3.5", "2027-02-15", "True")]
    assert sheet.name == "Gäste"


def test_a_formula_is_never_worked_out() -> None:
    sheet = the_sheet(a_workbook(("Maja", '=HYPERLINK("http://x.example","x")', "m@e.org")))

    assert cells(sheet) == [("Maja", NOT_WORKED_OUT, "m@e.org")]


def test_text_that_begins_like_a_formula_stays_text() -> None:
    sheet = the_sheet(a_csv(("=1+1", "@Kos", "-x", "+386 1 234")))

    assert cells(sheet) == [("=1+1", "@Kos", "-x", "+386 1 234")]


def test_exactly_as_many_rows_as_allowed_are_read_and_one_more_is_refused() -> None:
    rows = [MAJA] * MOST_ROWS

    assert len(heading_rows.headed(the_sheet(a_csv(*rows)), ()).rows) == MOST_ROWS
    for contents in (a_csv(*rows, MAJA), a_workbook(*rows, MAJA)):
        with pytest.raises(TooManyRows, match="2000"):
            heading_rows.headed(the_sheet(contents), ())
    with pytest.raises(TooManyRows):
        the_sheet(a_csv(*rows, *[MAJA] * MOST_ABOVE))


def test_very_many_columns_are_refused() -> None:
    wide = ["x"] * (MOST_COLUMNS + 1)

    for contents in (a_csv(wide, header=wide), a_workbook(wide, header=wide)):
        with pytest.raises(TooManyColumns):
            the_sheet(contents)


@pytest.mark.parametrize("contents", [b"", b"\r\n\r\n", a_csv(), a_workbook()])
def test_a_list_of_nobody_is_refused(contents: bytes) -> None:
    with pytest.raises(NothingThere):
        open_list(contents, ReadingChoice(), ())


def test_a_file_over_two_megabytes_is_refused() -> None:
    with pytest.raises(TooLarge):
        the_sheet(b"x" * (MOST_BYTES + 1))


@pytest.mark.parametrize(
    "contents",
    [
        b"\1\2\0\0\0\3 of no kind",
        b"PK\x03\x04 and then nothing of the kind",
        with_part("xl/workbook.xml", b"<not xml"),
        with_part("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"),
    ],
    ids=["no text", "broken archive", "broken workbook", "broken sheet"],
)
def test_what_is_no_list_is_refused_in_words(contents: bytes) -> None:
    with pytest.raises(FileRefused, match="cannot be read"):
        the_sheet(contents)


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("letter.txt", "hello")

    with pytest.raises(FileRefused):
        the_sheet(out.getvalue())


def test_an_old_workbook_is_refused_with_what_to_do() -> None:
    with pytest.raises(OldWorkbook, match=r"save it as \.xlsx"):
        the_sheet(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"))


def test_a_workbook_with_a_password_says_so() -> None:
    contents = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")

    with pytest.raises(Locked):
        the_sheet(contents)


def test_a_zip_bomb_is_refused_quickly_and_in_flat_memory() -> None:
    bomb = with_part("xl/worksheets/sheet1.xml", b"\0" * (200 * 1024 * 1024))
    assert len(bomb) < MOST_BYTES

    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(UnpacksToTooMuch, match="12 MB"):
        the_sheet(bomb)
    took, (_now, most) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert took < 1
    assert most < 5 * 1024 * 1024


def test_entities_are_not_expanded() -> None:
    laughs = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">
        <!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>
        <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
        <sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&lol2;</t></is></c></row>
        </sheetData></worksheet>"""

    with pytest.raises(FileRefused):
        the_sheet(with_part("xl/worksheets/sheet1.xml", laughs))


def test_a_sheet_that_claims_a_million_empty_rows_is_read_in_short_time() -> None:
    sparse = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
        <sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>
        <row r="1048576"><c r="A1048576" t="inlineStr"><is><t>Kos</t></is></c></row>
        </sheetData></worksheet>"""

    began = time.perf_counter()
    sheet = the_sheet(with_part("xl/worksheets/sheet1.xml", sparse))

    assert [row.number for row in sheet.rows] == [1, 1_048_576]
    assert time.perf_counter() - began < 1
