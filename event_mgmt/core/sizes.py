"""Sizes of files and of memory, in bytes, and as they are written."""

from __future__ import annotations

from typing import Final

KILOBYTE: Final = 1024
MEGABYTE: Final = 1024 * KILOBYTE


def size_text(size: int) -> str:
    """Whole MB, or KB below one, rounded down: ``2 MB``."""
    return f"{size // MEGABYTE} MB" if size >= MEGABYTE else f"{size // KILOBYTE} KB"
