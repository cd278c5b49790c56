"""Separated text as rows."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Final

from event_mgmt.registration_desk.imports.sheets import (
    FileRefused,
    ListFile,
    ListSheet,
    RowCollector,
)

_DELIMITERS: Final = ";,\t|"
_SAMPLE: Final = 60


def read_text(text: str, encoding: str) -> ListFile:
    """The rows of separated text."""
    first, _, rest = text.partition("\n")
    delimiter = ""
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text = first.strip()[4], rest
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or _delimiter_of(text))
    stripped = ([cell.strip() for cell in cells] for cells in reader)
    try:
        return ListFile((ListSheet(RowCollector().take_all(stripped)),), encoding)
    except csv.Error:
        raise FileRefused from None


def _delimiter_of(text: str) -> str:
    """The delimiter that cuts the first lines into most columns, and most evenly."""
    lines = "\n".join(text[:200_000].splitlines()[:_SAMPLE])

    def regularity(delimiter: str) -> tuple[int, int]:
        try:
            rows = [row for row in csv.reader(io.StringIO(lines), delimiter=delimiter) if any(row)]
        except csv.Error:
            return 0, 0
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if not widths:
            return 0, 0
        return max((times * (width - 1), width) for width, times in widths.items())

    return max(_DELIMITERS, key=regularity)
