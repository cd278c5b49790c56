"""Lists for tests: workbooks and separated text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

HEADER = ("Vorname", "Nachname", "E-Mail", "Organisation")


def a_workbook(*rows: Sequence[Any], header: Sequence[Any] = HEADER, title: str = "Gäste") -> bytes:
    """An Excel workbook with one sheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in (header, *rows):
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def a_csv(
    *rows: Sequence[str],
    header: Sequence[str] = HEADER,
    delimiter: str = ";",
    encoding: str = "utf-8",
) -> bytes:
    """Separated text."""
    lines = [delimiter.join(row) for row in (header, *rows)]
    return "\r\n".join([*lines, ""]).encode(encoding)
