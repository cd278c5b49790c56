"""How long a list takes to write, reckoned before it is written."""

from __future__ import annotations

from typing import Final

LONGEST_DIRECT_SECONDS: Final = 2.0
"""What somebody waits for with the page open; longer lists become tasks."""

_START_SECONDS: Final = {"pdf": 0.6}
_SECONDS_A_CELL: Final = {
    "csv": 0.6e-6,
    "xlsx": 1.6e-6,
    "json": 1.6e-6,
    "vcf": 1.6e-6,
    "pdf": 0.3e-3,
}
"""By what a file ends in. CSV and XLSX: 100,000 people × 20 columns in 1.17 and 3.10 s, on two idle
cores (docs/performance.md); JSON and contacts are reckoned like XLSX, which they do not exceed.
PDF: 0.3 ms for each cell that is set, and the start of the program that sets it."""


def seconds(suffix: str, *, people: int, columns: int) -> float:
    """About how many seconds a list takes on an idle machine; ``suffix`` is its file's ending."""
    cells = people * max(1, columns)
    return _START_SECONDS.get(suffix, 0.0) + cells * _SECONDS_A_CELL[suffix]


def is_long(suffix: str, *, people: int, columns: int) -> bool:
    """Whether nobody should wait for it with the page open."""
    return seconds(suffix, people=people, columns=columns) > LONGEST_DIRECT_SECONDS
