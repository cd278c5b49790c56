"""How long a list takes to write, estimated before it is written.

The figures are what ``python -m benchmarks.exports`` prints (docs/exports.md says under which
conditions); a machine that is slower than the one they are from estimates as much more.
"""

from __future__ import annotations

import functools
import time
from dataclasses import dataclass
from typing import Final

LONGEST_DIRECT_SECONDS: Final = 2.0
"""What somebody waits for with the page open; longer lists become tasks."""

YARDSTICK_SECONDS: Final = 0.6e-3
"""What ``yardstick`` took on the machine that the figures are from."""


@dataclass(frozen=True)
class _Cost:
    """Seconds for the file itself, for each person, and for each cell."""

    start: float
    person: float
    cell: float


_COSTS: Final = {
    "csv": _Cost(0.01, 3e-6, 0.9e-6),
    "xlsx": _Cost(0.05, 8e-6, 1.8e-6),
    "json": _Cost(0.015, 6e-6, 1.4e-6),
    "vcf": _Cost(0.01, 50e-6, 0.5e-6),
    "pdf": _Cost(0.15, 0.0, 0.19e-3),
}
"""By what a file ends in. All pages of a PDF are set by a program of its own: its start counts."""


def seconds(suffix: str, *, people: int, columns: int) -> float:
    """About how many seconds a list takes here while nothing else is done."""
    cost = _COSTS[suffix]
    return slowness() * (cost.start + people * (cost.person + columns * cost.cell))


def is_long(suffix: str, *, people: int, columns: int) -> bool:
    """Whether nobody should wait for it with the page open."""
    return seconds(suffix, people=people, columns=columns) > LONGEST_DIRECT_SECONDS


@functools.cache
def slowness() -> float:
    """How many times longer this machine takes than the one that the figures are from."""
    return min(yardstick() for _ in range(20)) / YARDSTICK_SECONDS


def yardstick() -> float:
    """Seconds of the processor for a little work of the kind that lists are: texts of numbers."""
    began = time.process_time()
    ";".join(map(str, range(5_000)))
    return time.process_time() - began
