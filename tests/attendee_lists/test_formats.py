"""Each format is read again by another program than the one that wrote it."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pypdf
import pytest
import vobject
from flask import Flask
from flask_babel import force_locale

from event_mgmt.attendee_lists.columns import ColumnHeading, ColumnKind
from event_mgmt.attendee_lists.formats import csv_format, json_format, pdf, vcard, xlsx
from tests.attendee_lists.making import NOW, a_sheet

PAYLOADS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+49 211 38600",
    "+4921138600",
    "-1+1",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    " =1+1",
    "\N{NO-BREAK SPACE}=1+1",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list"


def test_a_workbook_has_typed_cells_under_a_frozen_heading_that_is_printed_on_each_page(
    sqlite_app: Flask, path: Path
) -> None:
    sheet = a_sheet("number", "family_name", "phone", "shares_name", "registered_at")
    rows = [
        [1, "Žagar", None, None, None],
        [2, "Weiß", "+4921138600", True, datetime(2027, 1, 12, 10, 0)],
    ]

    with force_locale("de"):
        xlsx.write(sheet, rows, path)

    page = openpyxl.load_workbook(io.BytesIO(path.read_bytes())).active
    assert [cell.value for cell in page[1]] == [head.label for head in sheet.heads]
    second = page[3]
    assert [cell.value for cell in second] == [
        2,
        "Weiß",
        "+4921138600",
        "ja",
        datetime(2027, 1, 12, 10),
    ]
    assert [cell.data_type for cell in second] == ["n", "s", "s", "s", "d"]
    assert second[4].number_format == "dd.mm.yyyy hh:mm"
    assert page.freeze_panes == "C2"
    assert page.print_title_rows == "$1:$1"
    assert page.auto_filter.ref == "A1:E3"


def test_each_page_of_a_workbook_says_whose_event_it_is_and_who_took_it(
    sqlite_app: Flask, path: Path
) -> None:
    xlsx.write(a_sheet("family_name"), [["Žagar"]], path)

    page = openpyxl.load_workbook(io.BytesIO(path.read_bytes())).active
    assert page.oddHeader.left.text == "Empfang && Aussprache"
    assert page.oddFooter.left.text == "Gezogen von Maja Kovač, 12. Jan. 2027, 10:00"
    assert page.oddFooter.right.text == "Vertraulich · &P / &N"


def test_a_very_long_title_still_makes_a_workbook(sqlite_app: Flask, path: Path) -> None:
    long = "&" * 300
    sheet = a_sheet("family_name", event=long, taken=long, confidential=long, title="A/B:" + long)

    xlsx.write(sheet, [["Žagar"]], path)

    page = openpyxl.load_workbook(io.BytesIO(path.read_bytes())).active
    assert len(page.title) <= 31


def test_workbook_cells_that_look_like_formulas_are_text_in_the_text_format(
    sqlite_app: Flask, path: Path
) -> None:
    xlsx.write(a_sheet("family_name"), [[payload] for payload in PAYLOADS], path)

    page = openpyxl.load_workbook(io.BytesIO(path.read_bytes())).active
    cells = [row[0] for row in page.iter_rows(min_row=2)]
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}
    assert [cell.value.replace("_x000D_", "\r") for cell in cells] == list(PAYLOADS)


def test_a_workbook_survives_text_that_xml_does_not_know(sqlite_app: Flask, path: Path) -> None:
    rows = [["a\0b\x0bc\ud800d"], ["x" * 40_000]]

    xlsx.write(a_sheet("family_name"), rows, path)

    page = openpyxl.load_workbook(io.BytesIO(path.read_bytes())).active
    assert page["A2"].value == "abcd"
    assert len(page["A3"].value) == xlsx.LONGEST_CELL


def test_two_questions_of_the_same_name_keep_their_own_columns(
    sqlite_app: Flask, path: Path
) -> None:
    from event_mgmt.attendee_lists.columns import ListColumn, column_headings

    twins = [
        ListColumn("a", "Menü", ColumnKind.TEXT, "answers"),
        ListColumn("b", "Menü", ColumnKind.TEXT, "answers"),
    ]

    xlsx.write(a_sheet(heads=tuple(column_headings(twins))), [["Fisch", "Fleisch"]], path)

    page = openpyxl.load_workbook(io.BytesIO(path.read_bytes())).active
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["Menü", "Menü (2)"],
        ["Fisch", "Fleisch"],
    ]


@pytest.mark.parametrize(("locale", "separator"), [("de", ";"), ("sl", ";"), ("en", ",")])
def test_csv_is_separated_as_spreadsheets_of_the_language_expect(
    sqlite_app: Flask, path: Path, locale: str, separator: str
) -> None:
    csv_format.write(
        a_sheet("given_name", "family_name", locale=locale), [["Ana;,", 'Šuš"č']], path
    )

    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=separator))
    assert rows[1] == ["Ana;,", 'Šuš"č']


def test_csv_cells_that_look_like_formulas_are_text_and_lose_nothing(
    sqlite_app: Flask, path: Path
) -> None:
    csv_format.write(a_sheet("family_name"), [[payload] for payload in PAYLOADS], path)

    text = path.read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]
    assert [row[0] for row in rows] == [f"'{payload}" for payload in PAYLOADS]


@pytest.mark.parametrize("text", ["Ana-Marija", " Žagar", "O'Neill", "'t Hooft", "5-7", ""])
def test_ordinary_text_is_left_as_it_is(text: str) -> None:
    assert csv_format.guarded(text) == text


def test_csv_says_yes_and_no_and_dates_in_the_readers_way(sqlite_app: Flask, path: Path) -> None:
    heads = (
        ColumnHeading("a", "A", ColumnKind.YES_NO, 5),
        ColumnHeading("b", "B", ColumnKind.DATE, 5),
        ColumnHeading("c", "C", ColumnKind.MOMENT, 5),
        ColumnHeading("d", "D", ColumnKind.NUMBER, 5),
    )
    rows = [[True, date(2027, 3, 4), datetime(2027, 3, 4, 18, 5), 3], [None, None, None, None]]

    with force_locale("en"):
        csv_format.write(a_sheet(heads=heads, locale="sl"), rows, path)

    lines = path.read_bytes().decode("utf-8-sig").splitlines()
    assert lines[1:] == ["yes;04. 03. 2027;04. 03. 2027 18:05;3", ";;;"]


@pytest.mark.parametrize(
    ("locale", "written"),
    [("de", "1,5;1200;1,2340"), ("sl", "1,5;1200;1,2340"), ("en", "1.5,1200,1.2340")],
)
def test_csv_writes_decimals_as_the_readers_spreadsheet_expects_them(
    path: Path, locale: str, written: str
) -> None:
    heads = tuple(ColumnHeading(key, key, ColumnKind.NUMBER, 5) for key in "abc")

    csv_format.write(a_sheet(heads=heads, locale=locale), [[1.5, 1200, 1.234]], path)

    assert path.read_text("utf-8-sig").splitlines()[1] == written


def test_json_names_the_event_the_taking_and_every_attendee(sqlite_app: Flask, path: Path) -> None:
    json_format.write(
        a_sheet("family_name", "registered_at"), [["Žagar", NOW], ["Weiß", None]], path
    )

    found = json.loads(path.read_text("utf-8"))
    assert found["event"]["title"] == "Empfang & Aussprache"
    assert found["taken"]["purpose"] == "Einlass & Empfang"
    assert found["attendees"] == [
        {"family_name": "Žagar", "registered_at": "2027-01-12T09:00:00+00:00"},
        {"family_name": "Weiß", "registered_at": None},
    ]


def test_json_of_nobody_is_json(sqlite_app: Flask, path: Path) -> None:
    json_format.write(a_sheet("family_name"), [], path)

    assert json.loads(path.read_text("utf-8"))["attendees"] == []


CARD = (
    "card_id",
    "academic_title",
    "given_name",
    "family_name",
    "function",
    "organisation",
    "country",
    "email",
    "phone",
    "companion_of",
)


def test_vcards_keep_commas_semicolons_line_breaks_and_long_names(
    sqlite_app: Flask, path: Path
) -> None:
    long = "Združenje kovinske industrije, plastike; in še česa\\drugega " * 4
    row = ["urn:uuid:1", "Dr.", "Ana\nMarija", "Žagar; Kos", "Direktorica", long, "Slovenija"]

    vcard.write(a_sheet(*CARD), [[*row, "ana@example.org", "+38614701234", ""], [""] * 10], path)

    raw = path.read_bytes()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    first, second = vobject.readComponents(raw.decode())
    assert first.n.value.family == "Žagar; Kos"
    assert first.n.value.given == "Ana\nMarija"
    assert first.n.value.prefix == "Dr."
    assert first.fn.value == "Dr. Ana\nMarija Žagar; Kos"
    assert first.org.value == [long]
    assert first.email.value == "ana@example.org"
    assert first.tel.value == "+38614701234"
    assert first.adr.value.country == "Slovenija"
    assert not hasattr(second, "email")


def test_a_companions_vcard_says_whose_companion_it_is(sqlite_app: Flask, path: Path) -> None:
    row = ["urn:uuid:1", "", "Luka", "Kos", "", "", "", "", "", "Ana Žagar"]

    with force_locale("de"):
        vcard.write(a_sheet(*CARD), [row], path)

    card = vobject.readOne(path.read_bytes().decode())
    assert card.note.value == "Begleitet Ana Žagar"
    assert card.uid.value == "urn:uuid:1"
    assert card.rev.value == "2027-01-12T09:00:00Z"


def test_a_guest_cannot_smuggle_a_line_into_a_vcard(sqlite_app: Flask, path: Path) -> None:
    row = ["", "", "Ana", "Žagar\r\nTEL:+1", "", "", "", "", "", ""]

    vcard.write(a_sheet(*CARD), [row], path)

    assert "\r\nTEL" not in path.read_bytes().decode()


PEOPLE = (
    "number",
    "form_of_address",
    "academic_title",
    "given_name",
    "family_name",
    "function",
    "organisation",
    "country",
    "companion_of",
    "checked_in_at",
)


def _people(count: int) -> list[list[object]]:
    surnames = ("Čeh", "Đurić", "Müller", "Šuštaršič", "Weiß", "Žagar")
    return [
        [
            n + 1,
            "Frau",
            "Dr.",
            f"Ana {n}",
            surnames[n * 6 // count],
            "",
            f"Firma {n // 4}",
            "",
            "",
            None,
        ]
        for n in range(count)
    ]


@pytest.mark.parametrize(
    "write", [pdf.write_sign_in, pdf.write_door, pdf.write_protocol, pdf.write_table]
)
def test_a_printed_list_names_everybody_and_on_each_page_who_took_it(
    sqlite_app: Flask, path: Path, write: object
) -> None:
    write(a_sheet(*PEOPLE), _people(90), path)

    paper = pypdf.PdfReader(io.BytesIO(path.read_bytes()))
    pages = [page.extract_text() for page in paper.pages]
    assert len(pages) > 1
    for number, text in enumerate(pages, 1):
        assert "Vertraulich" in text
        assert "Gezogen von Maja Kovač" in text
        assert "Einlass & Empfang" in text
        assert f"{number}" in text
    whole = "\n".join(pages)
    for name in ("Čeh", "Đurić", "Müller", "Šuštaršič", "Weiß", "Žagar"):
        assert name in whole
    assert whole.count("Ana ") >= 90
    assert paper.metadata is not None
    assert paper.metadata.title == "Teilnehmerliste – Empfang & Aussprache"


def test_what_guests_write_is_never_markup_on_paper(sqlite_app: Flask, path: Path) -> None:
    nasty = '#panic() *x* $y$ @z [w] `v` \\ "q" <u>'
    row = [1, "", "", nasty, "#let", nasty, nasty, "", "", None]

    pdf.write_protocol(a_sheet(*PEOPLE), [row], path)

    text = pypdf.PdfReader(io.BytesIO(path.read_bytes())).pages[0].extract_text()
    assert "#panic() *x* $y$ @z [w] `v`" in " ".join(text.split())


def test_a_printed_list_of_nobody_says_so(sqlite_app: Flask, path: Path) -> None:
    pdf.write_door(a_sheet(*PEOPLE), [], path)

    assert len(pypdf.PdfReader(io.BytesIO(path.read_bytes())).pages) == 1


@pytest.mark.parametrize(
    ("surname", "locale", "letter"),
    [
        ("Žagar", "sl", "Ž"),
        ("Žagar", "de", "Z"),
        ("Öztürk", "de", "O"),
        ("Öztürk", "sl", "O"),
        ("čeh", "sl", "Č"),
        ("Шевченко", "de", "Ш"),
        ("王", "de", "王"),
        ("–", "de", "#"),
        ("1. FC Köln", "de", "#"),
        ("", "de", "#"),
    ],
)
def test_the_door_list_puts_names_under_the_letter_that_readers_look_for(
    surname: str, locale: str, letter: str
) -> None:
    assert pdf.initial(surname, locale) == letter
