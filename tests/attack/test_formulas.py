"""Formulas in every text, and every exported file opened again by somebody else's reader."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl
import pytest
from flask import Flask

from event_mgmt.attendee_lists.export_plan import catalogue
from event_mgmt.attendee_lists.formats import registry
from event_mgmt.core.database import db
from tests.attack.poison import a_poisoned_house
from tests.attack.stage import House, browser, csrf_header

FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\0=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example.net","x")',
    '"=1+1"',
    ";=1+1",
    "'=1+1",
    "|=1+1",
)
LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


@pytest.fixture(params=FORMULAS, ids=ascii)
def formula(request: pytest.FixtureRequest, attacked: Flask) -> str:
    text = str(request.param)
    if "\0" in text and db.engine.dialect.name == "postgresql":
        pytest.skip("PostgreSQL holds no NUL in any text")
    return text


def _taken(app: Flask, house: House, form: str) -> bytes:
    url = f"/desk/events/{house.event.id}/attendee-list/export"
    every = [column.key for column in catalogue(house.event.id, locale="de")]
    asked = {"format": form, "purpose": "x", "columns": ",".join(every)}
    client = browser(app, house.user)
    answer = client.post(url, data=asked, headers=csrf_header(app))
    assert answer.status_code == 200
    return answer.data


def _sheets(content: bytes) -> list[openpyxl.worksheet.worksheet.Worksheet]:
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets


def test_no_cell_of_the_workbook_is_a_formula_or_a_link(attacked: Flask, formula: str) -> None:
    house = a_poisoned_house(attacked, formula)

    content = _taken(attacked, house, "xlsx")
    cells = [cell for sheet in _sheets(content) for row in sheet.iter_rows() for cell in row]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert [cell.coordinate for cell in cells if cell.hyperlink] == []
    assert all(b"<f>" not in part and b"<f " not in part for part in parts.values())
    assert not [name for name in parts if "external" in name.lower() or "vba" in name.lower()]
    texts = {str(cell.value) for cell in cells if cell.value is not None}
    visible = "".join(c for c in formula if c.isprintable()).strip()
    assert any(visible in text for text in texts), "nothing is stripped that can be shown"


def test_no_cell_of_the_table_begins_as_a_formula_does(attacked: Flask, formula: str) -> None:
    house = a_poisoned_house(attacked, formula)

    text = _taken(attacked, house, "csv").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))

    live = [
        cell
        for row in rows
        for cell in row
        if cell.lstrip(" \u00a0\u200b\ufeff").startswith(LIVE) and not cell.startswith("'")
    ]
    assert live == []
    assert len({len(row) for row in rows}) == 1, "no payload adds a column"


def test_the_formats_that_a_spreadsheet_opens_are_these_two(
    attacked: Flask,
) -> None:
    """A new format must be put into the tests above."""
    assert {each.key for each in registry.ALL} == {
        *("xlsx", "csv"),
        *("sign_in", "door", "protocol", "pdf", "vcf", "json"),
    }


def test_a_formula_came_through_where_nothing_guards_it() -> None:
    """The control: the readers above see a formula where there is one."""
    book = openpyxl.Workbook()
    book.active.append(["=1+1"])
    out = io.BytesIO()
    book.save(out)

    assert [cell.data_type for row in _sheets(out.getvalue())[0] for cell in row] == ["f"]
