"""Workbooks' finer points, OpenDocument, tables in HTML, vCards and our own JSON as rows."""

from __future__ import annotations

import io
import json
from datetime import datetime

import pytest
from flask import Flask
from openpyxl import Workbook

from event_mgmt.registration_desk.imports import file_reader
from event_mgmt.registration_desk.imports.sheets import (
    FileRefused,
    ListSheet,
    Locked,
    ReachesTooFar,
    TooManyRows,
)
from tests.registration_desk.imports.documents import a_page, a_row, a_table, an_opendocument
from tests.registration_desk.imports.reading_files import tried

pytestmark = pytest.mark.usefixtures("in_english")

HEAD = ("Vorname", "Nachname", "E-Mail")


@pytest.fixture
def in_english(sqlite_app: Flask):
    with sqlite_app.test_request_context("/?lang=en"):
        yield


def sheets(contents: bytes) -> list[ListSheet]:
    return list(file_reader.read(contents).sheets)


def cells(contents: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in sheets(contents)[0].rows]


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def a_book(*rows: tuple) -> Workbook:
    book = Workbook()
    for row in (HEAD, *rows):
        book.active.append(list(row))
    return book


def test_numbers_read_as_their_format_shows_them() -> None:
    book = a_book((1067, 4915112345678, 0.5), (3.25, 49_211, datetime(2027, 1, 5, 18, 30)))
    sheet = book.active
    sheet["A2"].number_format = "00000"
    sheet["B2"].number_format = '"+"0'
    sheet["C3"].number_format = "dd.mm.yyyy hh:mm"

    assert cells(saved(book))[1:] == [
        ("01067", "+4915112345678", "0.5"),
        ("3.25", "49211", "2027-01-05 18:30:00"),
    ]


def test_a_cell_merged_over_several_rows_stands_in_each() -> None:
    book = a_book(("Ana", "Kos", "a@e.org", "Werk"), ("Ivo", "Kos", "i@e.org"))
    book.active.merge_cells("D2:D3")

    assert cells(saved(book))[2] == ("Ivo", "Kos", "i@e.org", "Werk")


def test_how_a_text_is_read_aloud_is_no_part_of_it() -> None:
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>山田</t>'
        "<rPh sb='0' eb='2'><t>ヤマダ</t></rPh></si><si><r><t>Ma</t></r><r><t>ja</t></r></si></sst>"
    )
    from event_mgmt.registration_desk.imports.workbook import _Strings
    from event_mgmt.registration_desk.imports.zipped_markup import Markup

    found = _Strings()
    Markup().go_through(io.BytesIO(strings.encode()), found)

    assert found.found == ["山田", "Maja"]


def test_a_value_beyond_all_columns_is_refused_with_its_place() -> None:
    book = a_book(("Ana", "Kos", "a@e.org"))
    book.active["XFD1048576"] = "x"

    (sheet,) = sheets(saved(book))

    assert isinstance(sheet.refusal, ReachesTooFar)
    assert "XFD" in str(sheet.refusal)
    assert "16384" in str(sheet.refusal)


def test_a_sheet_that_cannot_be_read_keeps_no_other_from_it() -> None:
    book = a_book(("Ana", "Kos", "a@e.org"))
    far = book.create_sheet("Weit")
    far["XFD1"] = "x"
    hidden = book.create_sheet("Versteckt")
    hidden.append(list(HEAD))
    hidden.sheet_state = "hidden"

    list_ = tried(saved(book))

    assert list_.names == ["Ana|Kos"]
    assert [sheet.is_hidden for sheet in list_.found.sheets] == [False, False, True]


def test_opendocument_cells_read_as_they_would_be_typed() -> None:
    spelt = (
        '<table:table-cell office:value-type="float" office:value="1067"><text:p>01067</text:p>'
        "</table:table-cell>",
        '<table:table-cell office:value-type="float" office:value="491511234567"><text:p>4,9E+11'
        "</text:p></table:table-cell>",
        '<table:table-cell office:value-type="date" office:date-value="2027-01-05"><text:p>5. 1.'
        "</text:p></table:table-cell>",
        "<table:table-cell><office:annotation><text:p>nur intern</text:p></office:annotation>"
        "<text:p>Ana<text:s text:c='2'/>Kos</text:p><text:p>Celje</text:p></table:table-cell>",
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>WAHR'
        "</text:p></table:table-cell>",
    )

    found = cells(an_opendocument(a_table(a_row("A", "B", "C", "D", "E"), a_row(*spelt))))

    assert found[1] == ("01067", "491511234567", "2027-01-05", "Ana  Kos\nCelje", "True")


def test_what_opendocument_hides_is_known() -> None:
    columns = (
        "<table:table-column/><table:table-column table:visibility='collapse'"
        " table:number-columns-repeated='2'/>"
    )
    styles = (
        '<style:style style:name="ta2" style:family="table"><style:table-properties'
        ' xmlns:table="t" table:display="false"/></style:style>'
    )
    rows = (
        a_row("A", "B", "C"),
        a_row("1", "2", "3", more='table:visibility="filter"'),
        a_row("4", "5", "6"),
    )
    body = a_table(*rows, columns=columns) + a_table(*rows, name="Alt", style="ta2")

    shown, hidden = sheets(an_opendocument(body, styles=styles))

    assert [row.hidden for row in shown.rows] == [False, True, False]
    assert shown.hidden_columns == {1, 2}
    assert (shown.is_hidden, hidden.is_hidden) == (False, True)


def test_repeated_rows_without_anything_only_count() -> None:
    empty = a_row("<table:table-cell table:number-columns-repeated='16384'/>",
                  more='table:number-rows-repeated="1048570"')  # fmt: skip
    body = a_table(a_row(*HEAD), empty, a_row("Ana", "Kos", "a@e.org"))

    (sheet,) = sheets(an_opendocument(body))

    assert [row.number for row in sheet.rows] == [1, 1_048_572]


@pytest.mark.parametrize(
    ("row", "refusal", "figure"),
    [
        (a_row("x", more='table:number-rows-repeated="1048576"'), TooManyRows, "2000"),
        (
            a_row(
                "<table:table-cell table:number-columns-repeated='16384'><text:p>x</text:p>"
                "</table:table-cell>"
            ),
            ReachesTooFar,
            "16384",
        ),
    ],
)
def test_repeated_values_are_refused_with_their_figure(row: str, refusal, figure: str) -> None:
    (sheet,) = sheets(an_opendocument(a_table(a_row(*HEAD), row)))

    assert isinstance(sheet.refusal, refusal)
    assert figure in str(sheet.refusal)


def test_an_encrypted_opendocument_says_so() -> None:
    with pytest.raises(Locked):
        file_reader.read(an_opendocument("", manifest="<manifest:encryption-data/>"))


def test_a_page_is_read_as_text_and_nothing_of_it_is_loaded() -> None:
    before = (
        "<script>document.write('<table><tr><td>x</td></tr></table>')</script>"
        "<!-- <table><tr><td>y</td></tr></table> --><style>td { color: red }</style>"
        "<img src='http://tracker.example/1.gif'>"
    )
    rows = [
        ("<b>Vorname</b>", "Nachname&nbsp;", "E-Mail"),
        ("J&ouml;rg", "Wei&#223;<br>haupt", '<a href="mailto:j@e.org">j@e.org</a>'),
    ]

    assert cells(a_page(*rows, before=before)) == [
        ("Vorname", "Nachname", "E-Mail"),
        ("Jörg", "Weiß\nhaupt", "j@e.org"),
    ]


def test_cells_over_several_rows_and_columns_keep_the_others_in_place() -> None:
    page = (
        b"<table><tr><th colspan=2>Person<th>E-Mail<tr><td>Ana<td>Kos<td rowspan=2>a@e.org"
        b"<tr><td>Ivo<td>Kos</table>"
    )

    assert cells(page) == [
        ("Person", "", "E-Mail"),
        ("Ana", "Kos", "a@e.org"),
        ("Ivo", "Kos", "a@e.org"),
    ]


def test_a_page_names_its_own_characters() -> None:
    page = (
        '<html><meta charset="windows-1252"><table><tr><td>Name</td></tr>'
        "<tr><td>Hélène Lefèvre</td></tr></table>"
    )

    assert cells(page.encode("cp1252"))[1] == ("Hélène Lefèvre",)


def test_excels_own_markup_of_2003_is_read() -> None:
    sheet = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A"><Table>'
        "<Row><Cell><Data ss:Type='String'>Vorname</Data></Cell><Cell><Data>Nachname</Data></Cell>"
        "<Cell><Data>E-Mail</Data></Cell></Row><Row><Cell><Data>Ana</Data></Cell>"
        "<Cell ss:Index='3'><Data>a@e.org</Data></Cell></Row></Table></Worksheet></Workbook>"
    )

    assert cells(sheet.encode())[1] == ("Ana", "", "a@e.org")


def test_a_page_without_a_table_is_refused() -> None:
    with pytest.raises(FileRefused):
        file_reader.read(b"<html><body><p>Vorname; Nachname</p><table></table></body></html>")


CARD_2_1 = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\n"
    "N;LANGUAGE=de;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:Wei=DFhaupt;J=F6rg;;Dr.;\r\n"
    "FN;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:Dr. J=F6rg =\r\nWei=DFhaupt\r\n"
    "ORG:Beispielwerk GmbH;Einkauf\r\nTITLE:Einkaufsleiter\r\n"
    "NOTE;ENCODING=QUOTED-PRINTABLE:privat=0D=0A=\r\nund lang\r\n"
    "TEL;WORK;VOICE:+49 (211) 5550101\r\nTEL;CELL;VOICE:+49 (151) 55501011\r\n"
    "ADR;WORK;PREF:;;Musterweg 1;D;NRW;40210;Deutschland\r\n"
    "EMAIL;PREF;INTERNET:j@card.example\r\nPHOTO;TYPE=JPEG;ENCODING=BASE64:\r\n /9j/4AAQ\r\n"
    "END:VCARD\r\n"
)
CARD_3 = (
    "BEGIN:VCARD\nVERSION:3.0\nN:Žnidaršič;Špela;Ana;mag.;\nFN:mag. Špela Žnidaršič\n"
    "item1.EMAIL;TYPE=INTERNET:spela@card.\n example\nEMAIL;type=pref:s@card.example\n"
    "ORG:Čebelarstvo\\, d.o.o.\nTEL;TYPE=WORK:041 555 012\nADR:;;;;;;Slovenija\nEND:VCARD\n"
)
CARD_4 = (
    "BEGIN:VCARD\nVERSION:4.0\nFN:Jane O’Brien\nEMAIL;PREF=1:jane@card.example\n"
    "TEL;VALUE=uri:tel:+44-20-7946-0123\nLANG:en\nEND:VCARD\n"
)


def test_cards_of_every_version_are_read_as_a_list() -> None:
    list_ = tried((CARD_2_1 + CARD_3 + CARD_4).encode())

    assert not list_.found.needs_columns
    assert list_.people[:2] == ["|Dr.|Jörg|Weißhaupt", "|mag.|Špela Ana|Žnidaršič"]
    assert [row.email for row in list_.plan.rows] == [
        "j@card.example", "s@card.example", "jane@card.example",
    ]  # fmt: skip
    assert list_.each("phone")[:2] == ["+492115550101", "+38641555012"]
    assert list_.each("organisation")[:2] == ["Beispielwerk GmbH", "Čebelarstvo, d.o.o."]
    assert list_.each("function")[0] == "Einkaufsleiter"
    assert [row.row for row in list_.plan.rows] == [1, 2, 3]
    assert not any(row.party and row.party.message for row in list_.plan.rows)


def test_a_card_in_windows_letters_is_read() -> None:
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Groß;Jörg\r\nEMAIL:j@e.org\r\nEND:VCARD\r\n"

    assert tried(card.encode("cp1252")).names == ["Jörg|Groß"]


def test_objects_in_a_list_are_read_by_their_keys() -> None:
    people = [{"given_name": "Ana", "family_name": "Kos", "email": "ana@e.org", "country": "SI"}]

    list_ = tried(json.dumps({"attendees": people}).encode())

    assert (list_.names, list_.each("country")) == (["Ana|Kos"], ["SI"])


def test_half_a_character_in_json_is_no_fault() -> None:
    people = (
        rb'[{"given_name": "A\ud800na", "family_name": "Kos", "\udfff": "x", "email": "a@e.org"}]'
    )

    assert tried(people).names == ["A?na|Kos"]


@pytest.mark.parametrize("contents", [b"[1, 2]", b'{"a": 1}', b"[" * 40_000 + b"]" * 40_000])
def test_json_that_is_no_list_of_people_is_refused(contents: bytes) -> None:
    with pytest.raises(FileRefused):
        file_reader.read(contents)
