"""How a workbook looks: whole headings, whole texts, and pages that can be read."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
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
from event_mgmt.attendee_lists.formats import xlsx, xlsx_layout
from tests.attendee_lists.making import a_sheet

ARROW = 2.5


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list"


def columns(which: str) -> tuple[ColumnHeading, ...]:
    found = chosen(USUAL, list(STANDARD)) if which == "usual" else list(STANDARD)
    more = [
        ColumnHeading(f"q{n}", f"Verpflegungsbesonderheiten {n}", ColumnKind.TEXT, 20)
        for n in range(6)
    ]
    return (*column_headings(found), *(more if which == "all" else []))


def written(path: Path, which: str, locale: str, **cells: Any) -> Any:
    with force_locale(locale):
        shown = columns(which)
        rows = [[cells.get(head.key) for head in shown]] * 3
        xlsx.write(a_sheet(heads=shown, locale=locale), rows, path)
    return openpyxl.load_workbook(io.BytesIO(path.read_bytes())).active


def widths_of(page: Any) -> list[float]:
    """The widths of all columns; neighbours of one width stand in the file together."""
    found = {
        at: group.width
        for group in page.column_dimensions.values()
        for at in range(group.min, group.max + 1)
    }
    return [width for _at, width in sorted(found.items())]


@pytest.mark.parametrize("locale", ["de", "sl", "en"])
@pytest.mark.parametrize("which", ["usual", "all"])
def test_no_heading_is_cut(sqlite_app: Flask, path: Path, which: str, locale: str) -> None:
    page = written(path, which, locale)

    for cell, width in zip(page[1], widths_of(page), strict=True):
        assert cell.alignment.wrap_text
        words = cell.value.split()
        assert max(map(len, words)) + 1 <= width
        least = (len(cell.value) + ARROW) / width
        assert page.row_dimensions[1].height >= 15 * int(least)


def test_a_text_wider_than_its_column_wraps_in_a_row_of_that_height(
    sqlite_app: Flask, path: Path
) -> None:
    page = written(path, "usual", "de", function="Leiterin der Abteilung " * 8, family_name="Kos")

    cell = next(cell for cell in page[2] if cell.value and cell.value.startswith("Leiterin"))
    assert cell.alignment.wrap_text
    assert page.row_dimensions[2].height >= 15 * 4
    assert all(cell.alignment.vertical == "top" for cell in page[2] if cell.value)


@pytest.mark.parametrize("locale", ["de", "sl", "en"])
def test_our_own_headings_take_two_lines_at_most(
    sqlite_app: Flask, path: Path, locale: str
) -> None:
    assert written(path, "all", locale).row_dimensions[1].height <= 2 * 15 + 3


@pytest.mark.parametrize(
    "text", ["Professur für Werkstofftechnik", "Ana", "i l . j", "WWW MMM", "+386 1 524 67 45"]
)
def test_a_row_whose_texts_fit_is_as_high_as_any_other(
    sqlite_app: Flask, path: Path, text: str
) -> None:
    page = written(path, "usual", "de", function=text, organisation=text, phone=text)

    assert page.row_dimensions[2].height in {None, 15}


def test_a_column_is_as_wide_as_what_stands_in_it() -> None:
    head = ColumnHeading("organisation", "Organisation", ColumnKind.TEXT, 32)

    short = xlsx_layout.width(head, ["AG", None])
    long = xlsx_layout.width(head, ["AG", "Industrie- und Handelskammer"])
    endless = xlsx_layout.width(head, ["x" * 500])

    assert short < long < endless < 50
    assert long >= len("Industrie- und Handelskammer")


def test_a_narrow_list_is_printed_on_one_page_across(sqlite_app: Flask, path: Path) -> None:
    shown = tuple(column_headings(chosen(("number", "given_name", "family_name"), list(STANDARD))))
    with force_locale("de"):
        xlsx.write(a_sheet(heads=shown), [[1, "Ana", "Kos"]], path)

    page = openpyxl.load_workbook(io.BytesIO(path.read_bytes())).active
    assert page.page_setup.orientation == "portrait"
    assert page.page_setup.paperSize == 9
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)


def test_a_wide_list_is_printed_on_several_pages_across_with_the_names_on_each(
    sqlite_app: Flask, path: Path
) -> None:
    page = written(path, "all", "de", email="x" * 40, organisation="y" * 40, function="z" * 40)

    assert page.page_setup.orientation == "landscape"
    assert page.page_setup.fitToHeight == 0
    assert page.print_title_rows == "$1:$1"
    names = [head.key for head in columns("all")]
    first, last = page.print_title_cols.replace("$", "").split(":")
    shown = {
        names[at - 1]
        for at in range(
            openpyxl.utils.column_index_from_string(first),
            openpyxl.utils.column_index_from_string(last) + 1,
        )
    }
    assert {"given_name", "family_name"} <= shown
    points = sum(width * 5.25 for width in widths_of(page))
    assert page.page_setup.fitToWidth * 784 / points > 0.6
