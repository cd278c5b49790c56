"""What every benchmark answers with, and how it is printed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure beside its yardstick.

    ``ratio`` compares the two so that machines of different speed agree; ``target`` says in words
    what it must reach, ``holds`` whether it does. A figure without a yardstick has ratio ``None``.
    """

    name: str
    figure: float
    unit: str
    yardstick: float | None
    ratio: float | None
    target: str
    holds: bool


def at_least(name: str, figure: float, unit: str, *, yardstick: float, ratio: float) -> Row:
    """A row for something that should be large: ``figure`` ≥ ``ratio`` × ``yardstick``."""
    found = figure / yardstick
    return Row(name, figure, unit, yardstick, found, f"≥ {ratio:g} ×", found >= ratio)


def at_most(name: str, figure: float, unit: str, *, yardstick: float, ratio: float) -> Row:
    """A row for something that should be small: ``figure`` ≤ ``ratio`` × ``yardstick``."""
    found = figure / yardstick
    return Row(name, figure, unit, yardstick, found, f"≤ {ratio:g} ×", found <= ratio)


def no_more_than(name: str, figure: float, unit: str, *, limit: float) -> Row:
    """A row for something that has a plain limit."""
    return Row(name, figure, unit, None, None, f"≤ {limit:g} {unit}", figure <= limit)


def for_the_record(name: str, figure: float, unit: str, *, yardstick: float) -> Row:
    """A row for something that has no target of its own."""
    return Row(name, figure, unit, yardstick, figure / yardstick, "–", holds=True)


def show(rows: Sequence[Row]) -> None:
    """Print the rows as a table."""
    heads = ("", "work", "figure", "yardstick", "ratio", "to reach")
    lines = [
        (
            "ok" if row.holds else "NO",
            row.name,
            f"{_short(row.figure)} {row.unit}",
            "" if row.yardstick is None else f"{_short(row.yardstick)} {row.unit}",
            "" if row.ratio is None else f"{row.ratio:.2f}",
            row.target,
        )
        for row in rows
    ]
    widths = [max(len(line[i]) for line in [heads, *lines]) for i in range(len(heads))]
    for line in [heads, *lines]:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def finish(rows: Sequence[Row]) -> int:
    """Show the rows; gives the exit status, 0 when all of them hold."""
    show(rows)
    return 0 if all(row.holds for row in rows) else 1


def _short(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"
