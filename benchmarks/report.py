"""What every benchmark answers with, and how it is printed."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass

Figures = float | Sequence[float]
"""One figure, or what several rounds gave: their median counts, and the spread is shown."""


@dataclass(frozen=True)
class Row:
    """One figure beside its yardstick.

    ``ratio`` compares the two so that machines of different speed agree; ``target`` says in words
    what it must reach, ``holds`` whether it does. A figure without a yardstick has ratio ``None``;
    ``spread`` are the least and the greatest of several rounds.
    """

    name: str
    figure: float
    unit: str
    yardstick: float | None
    ratio: float | None
    target: str
    holds: bool
    spread: tuple[float, float] | None = None


def at_least(name: str, figure: Figures, unit: str, *, yardstick: Figures, ratio: float) -> Row:
    """A row for something that should be large: ``figure`` ≥ ``ratio`` × ``yardstick``."""
    found = median(figure) / median(yardstick)
    return _row(
        name, figure, unit, median(yardstick), found, f"≥ {ratio:g} ×", holds=found >= ratio
    )


def at_most(name: str, figure: Figures, unit: str, *, yardstick: Figures, ratio: float) -> Row:
    """A row for something that should be small: ``figure`` ≤ ``ratio`` × ``yardstick``."""
    found = median(figure) / median(yardstick)
    return _row(
        name, figure, unit, median(yardstick), found, f"≤ {ratio:g} ×", holds=found <= ratio
    )


def no_more_than(name: str, figure: Figures, unit: str, *, limit: float) -> Row:
    """A row for something that has a plain limit."""
    holds = median(figure) <= limit
    return _row(name, figure, unit, None, None, f"≤ {limit:g} {unit}", holds=holds)


def told(name: str, figure: Figures, unit: str, *, yardstick: Figures) -> Row:
    """A row without a target, which explains another."""
    found = median(figure) / median(yardstick)
    return _row(name, figure, unit, median(yardstick), found, "(explains)", holds=True)


def median(figures: Figures) -> float:
    """The middle of several figures."""
    return figures if isinstance(figures, int | float) else statistics.median(figures)


def _row(
    name: str,
    figure: Figures,
    unit: str,
    yardstick: float | None,
    ratio: float | None,
    target: str,
    *,
    holds: bool,
) -> Row:
    several = None if isinstance(figure, int | float) else (min(figure), max(figure))
    return Row(name, median(figure), unit, yardstick, ratio, target, holds, several)


def for_the_record(name: str, figure: float, unit: str, *, yardstick: float) -> Row:
    """A row for something that has no target of its own."""
    return Row(name, figure, unit, yardstick, figure / yardstick, "–", holds=True)


def show(rows: Sequence[Row]) -> None:
    """Print the rows as a table; a missed target is marked."""
    heads = ("", "work", "figure", "spread", "yardstick", "ratio", "to reach")
    lines = [
        (
            "ok" if row.holds else "NO",
            row.name,
            f"{short(row.figure)} {row.unit}",
            "" if row.spread is None else "–".join(map(short, row.spread)),
            "" if row.yardstick is None else f"{short(row.yardstick)} {row.unit}",
            "" if row.ratio is None else f"{row.ratio:.2f}",
            row.target,
        )
        for row in rows
    ]
    widths = [max(len(line[i]) for line in [heads, *lines]) for i in range(len(heads))]
    for line in [heads, *lines]:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def short(number: float) -> str:
    """A number with three digits."""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"
