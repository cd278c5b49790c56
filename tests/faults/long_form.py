"""The short form of the fault tests runs with every change; ``make faults`` runs the long one."""

from __future__ import annotations

import os

IS_LONG = bool(os.environ.get("FAULTS_LONG"))


def seeds(short: int, *, long: int) -> list[int]:
    """So many seeds for dice; more in the long form, beginning with the same ones."""
    return list(range(1, 1 + (long if IS_LONG else short)))
