"""Printed lists: nothing runs into its neighbour, rows and groups stay together, readers hear it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
from flask import Flask
from flask_babel import force_locale

from event_mgmt.attendee_lists.columns import (
    STANDARD,
    USUAL,
    ColumnHeading,
    ColumnKind,
    chosen,
    column_headings,
)
from event_mgmt.attendee_lists.formats import pdf
from event_mgmt.attendee_lists.formats.registry import BY_KEY
from tests.attendee_lists.making import a_sheet
from tests.attendee_lists.paper import Page, pages_of, structure_of

LONG_ADDRESS = (
    "karoline.von-und-zu-hohenstein.sekretariat@wirtschaftsfoerderung.landeshauptstadt.example"
)
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamten12"
NO_SYLLABLES = "X" * 70

HARD: dict[str, Any] = {
    "number": 100_000,
    "registration": 1_234_567,
    "status": "Auf der Warteliste",
    "form_of_address": "Keine Anrede",
    "academic_title": "Prof. Dr.-Ing. habil.",
    "given_name": "Maximilian-Alexander",
    "family_name": "Leutheusser-Schnarrenberger",
    "function": LONG_WORD,
    "organisation": f"Gesellschaft für {LONG_WORD}",
    "country": "Südgeorgien und die Südlichen Sandwichinseln",
    "country_code": "GS",
    "language": "Slowenisch",
    "category": "Begleitperson",
    "companion_of": "Hildegard von Bingen-Rupertsberg",
    "party": 4,
    "contingent": "Industrie- und Handelskammer zu Düsseldorf",
    "email": LONG_ADDRESS,
    "phone": "+49 211 386 00 12 34 ext. 5678",
    "shares_name": False,
    "registered_at": datetime(2026, 12, 31, 23, 59),
    "checked_in_at": datetime(2026, 12, 31, 23, 59),
    "message": f"https://teams.example/l/meetup-join/{NO_SYLLABLES}?context={NO_SYLLABLES}",
}


def all_columns() -> tuple[ColumnHeading, ...]:
    """All there are, and six questions of the organiser's."""
    asked = (
        "Verpflegungsbesonderheiten",
        "Anreise",
        NO_SYLLABLES,
        "Zimmer?",
        "Mit wem möchten Sie sprechen?",
        "T-Shirt",
    )
    found = (ColumnHeading(f"q{n}", label, ColumnKind.TEXT, 20) for n, label in enumerate(asked))
    return (*column_headings(STANDARD), *found)


def a_hard_row(columns: Sequence[ColumnHeading], **given: Any) -> list[Any]:
    return [(HARD | given).get(head.key, NO_SYLLABLES) for head in columns]


def rows_for(key: str, people: Sequence[dict[str, Any]]) -> list[list[Any]]:
    """Rows with the columns of a format; whoever is not described there has none."""
    return [[person.get(column, "") for column in BY_KEY[key].columns or ()] for person in people]


def printed(key: str, people: Sequence[dict[str, Any]], path: Path, **given: Any) -> list[Page]:
    form = BY_KEY[key]
    sheet = a_sheet(*form.columns or (), **given)
    with force_locale(sheet.locale):
        form.write(sheet, rows_for(key, people), path)
    return pages_of(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list"


@pytest.mark.parametrize("locale", ["de", "sl"])
@pytest.mark.parametrize("which", ["usual", "all"])
def test_words_of_a_table_stay_in_their_columns_however_long_they_are(
    sqlite_app: Flask, path: Path, which: str, locale: str
) -> None:
    with force_locale(locale):
        columns = (
            all_columns()
            if which == "all"
            else tuple(column_headings(chosen(USUAL, list(STANDARD))))
        )
        rows = [a_hard_row(columns, number=n) for n in range(1, 8)]
        pdf.write_table(a_sheet(heads=columns, locale=locale), rows, path)

    pages = pages_of(path)
    for page in pages:
        assert page.printed_over() == []
        heading = page.heading
        table = [words for words in page.body if words.y < heading[0].top]
        assert len(table) > len(heading)
        assert [words for words in table if not any(box.holds(words) for box in heading)] == []


@pytest.mark.parametrize("key", ["sign_in", "door", "protocol"])
def test_words_of_the_other_lists_stay_in_their_columns_too(
    sqlite_app: Flask, path: Path, key: str
) -> None:
    people = [HARD | {"number": n, "checked_in_at": None} for n in range(1, 40)]
    people[3] |= {"given_name": NO_SYLLABLES, "family_name": LONG_WORD, "companion_of": LONG_WORD}

    pages = printed(key, people, path, event=f"Tag {NO_SYLLABLES}", place=NO_SYLLABLES)

    assert len(pages) > 1
    for page in pages:
        assert page.printed_over() == []


def test_all_columns_go_on_several_sheets_each_with_the_names_again(
    sqlite_app: Flask, path: Path
) -> None:
    columns = all_columns()
    with force_locale("de"):
        pdf.write_table(
            a_sheet(heads=columns), [a_hard_row(columns, number=n) for n in (1, 2)], path
        )

    lines = [" ".join(page.lines) for page in pages_of(path)]
    starts = [text for text in lines if "Blatt" in text]
    assert len(starts) == len(lines) > 1
    for number, text in enumerate(lines, 1):
        assert f"Blatt {number} von {len(lines)}: " in text
        assert text.count("Schnarrenberger") == 2
        assert text.count("Maximilian") == 2


def test_a_row_is_on_one_page_whole(sqlite_app: Flask, path: Path) -> None:
    columns = tuple(column_headings(chosen(("number", "family_name", "message"), list(STANDARD))))
    rows: list[list[Any]] = [
        [n, f"Anfang{n:03}", f"{'ein langes Wort an die Gastgebenden ' * (n % 9 * 4)}Schluss{n:03}"]
        for n in range(1, 120)
    ]
    with force_locale("de"):
        pdf.write_table(a_sheet(heads=columns), rows, path)

    pages = [" ".join(page.lines) for page in pages_of(path)]
    assert len(pages) > 3
    for n in range(1, 120):
        assert [f"Anfang{n:03}" in text for text in pages] == [
            f"Schluss{n:03}" in text for text in pages
        ]


def test_a_row_taller_than_a_page_goes_on_overleaf_and_loses_nothing(
    sqlite_app: Flask, path: Path
) -> None:
    columns = tuple(column_headings(chosen(("number", "family_name", "message"), list(STANDARD))))
    long = " ".join(f"Wort{n:04}" for n in range(2000))
    with force_locale("de"):
        pdf.write_table(a_sheet(heads=columns), [[1, "Žagar", long]], path)

    pages = pages_of(path)
    assert len(pages) > 1
    whole = " ".join(" ".join(page.lines) for page in pages)
    assert [n for n in range(2000) if f"Wort{n:04}" not in whole] == []


def in_companies(sizes: Sequence[int]) -> Iterator[dict[str, Any]]:
    number = 0
    for company, size in enumerate(sizes):
        for _ in range(size):
            number += 1
            yield {
                "number": number,
                "given_name": "Ana",
                "family_name": f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[company % 26]}person",
                "organisation": f"Firma {company:02}",
            }


@pytest.mark.parametrize(
    ("key", "heading"), [("protocol", "Firma 00"), ("door", "A")], ids=["protocol", "door"]
)
def test_a_group_that_goes_on_overleaf_stands_there_again(
    sqlite_app: Flask, path: Path, key: str, heading: str
) -> None:
    pages = printed(key, list(in_companies([120])), path)

    assert len(pages) > 2
    for page in pages:
        assert heading in page.lines


@pytest.mark.parametrize("first", range(4))
@pytest.mark.parametrize("key", ["protocol", "door"])
def test_no_heading_stands_alone_at_a_pages_foot(
    sqlite_app: Flask, path: Path, key: str, first: int
) -> None:
    sizes = [first + 1, *(1 + n % 3 for n in range(25))] * 2
    pages = printed(key, list(in_companies(sizes)), path)

    assert len(pages) > 2
    for page in pages:
        assert "person" in page.lines[-1]


def test_the_last_line_to_sign_is_as_high_as_the_others(sqlite_app: Flask, path: Path) -> None:
    people = [
        {"number": n, "given_name": "Ana", "family_name": "Kos", "organisation": "Firma"}
        for n in range(1, 61)
    ]

    pages = printed("sign_in", people, path)

    assert len(pages) > 1
    for page in pages:
        rules = sorted(rule for rule in page.rules if rule > 60)[::-1]
        heights = [upper - lower for upper, lower in itertools.pairwise(rules)]
        assert len(heights) > 3
        assert max(heights) - min(heights) < 1
        assert min(heights) > 25  # 9 mm to sign on
    assert sum(len([rule for rule in page.rules if rule > 60]) - 1 for page in pages) == 60


@pytest.mark.parametrize(
    ("missing", "left"),
    [
        ((), ["Nr.", "Anrede", "Name", "Funktion"]),
        (("form_of_address",), ["Nr.", "Name", "Funktion"]),
        (("function",), ["Nr.", "Anrede", "Name"]),
        (("form_of_address", "function"), ["Nr.", "Name"]),
    ],
)
def test_what_nobody_has_gets_no_column_in_the_protocol_list(
    sqlite_app: Flask, path: Path, missing: tuple[str, ...], left: list[str]
) -> None:
    person = {
        "number": 1,
        "form_of_address": "Frau",
        "given_name": "Ana",
        "family_name": "Kos",
        "function": "Direktorin",
    }

    (page,) = printed("protocol", [{**person, **dict.fromkeys(missing, "")}], path)

    assert " ".join(left) in page.lines
    assert len(page.heading) == len(left)


@pytest.mark.parametrize("key", ["sign_in", "door", "protocol"])
def test_people_without_an_organisation_are_named_under_words_that_say_so(
    sqlite_app: Flask, path: Path, key: str
) -> None:
    pages = printed(key, [{"number": 1, "given_name": "Ana", "family_name": "Kos"}], path)

    text = " ".join(pages[0].lines)
    assert "Kos" in text
    assert ("Ohne Organisation" in text) == (key == "protocol")


@pytest.mark.parametrize("key", ["sign_in", "door", "protocol", "pdf"])
@pytest.mark.parametrize("locale", ["de", "sl", "en"])
def test_a_screen_reader_finds_a_named_document_with_tables(
    sqlite_app: Flask, path: Path, key: str, locale: str
) -> None:
    if key == "pdf":
        columns = all_columns()
        with force_locale(locale):
            pdf.write_table(a_sheet(heads=columns, locale=locale), [a_hard_row(columns)], path)
    else:
        printed(key, list(in_companies([2, 3])), path, locale=locale)

    reader = pypdf.PdfReader(path)
    root: Any = reader.root_object
    about = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == locale
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Teilnehmerliste – Empfang & Aussprache"
    tables = list(structure_of(reader).below("Table"))
    assert tables
    for table in tables:
        rows = list(table.below("TR"))
        assert len(rows) > 1
        first, *_others = rows
        assert {cell.role for cell in first.children} == {"TH"}
        assert {cell.scope for cell in first.children} == {"Column"}
        assert len(list(table.below("TD"))) >= len(first.children)
        assert {cell.role for row in rows for cell in row.children} == {"TH", "TD"}


def test_a_letter_that_no_font_has_still_makes_a_list(sqlite_app: Flask, path: Path) -> None:
    pages = printed("door", [{"family_name": "Kos \U0001f9ff\ue123", "given_name": "Ana"}], path)

    assert "Kos" in " ".join(pages[0].lines)
