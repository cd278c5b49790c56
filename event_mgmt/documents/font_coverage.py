"""Which letters no font has: read from the fonts' own tables (OpenType, "cmap")."""

from __future__ import annotations

import mmap
import struct
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path
from typing import Final

Font = tuple[Path, int]
"""A font's file, and which of the fonts in it."""

_UNSEEN: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_SELECTORS: Final = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_UNICODE: Final = frozenset({0, 3})


def lacking(text: str, fonts: Iterable[Font]) -> set[str]:
    """The letters in ``text`` that none of ``fonts`` has; files that cannot be read have none."""
    left = {ord(letter) for letter in set(text) if not letter.isascii() and _is_seen(letter)}
    for path, index in fonts:
        if not left:
            break
        try:
            left -= _found(left, path, index)
        except (OSError, ValueError, struct.error):
            continue
    return set(map(chr, left))


def _is_seen(letter: str) -> bool:
    is_selector = any(ord(letter) in selectors for selectors in _SELECTORS)
    return unicodedata.category(letter) not in _UNSEEN and not is_selector


def _found(letters: set[int], path: Path, index: int) -> set[int]:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as font:
        found: set[int] = set()
        for place in _tables(font, index):
            kind = _numbers(font, ">H", place)[0]
            has = {4: _in_segments, 12: _in_groups}.get(kind)
            if has is not None:
                found |= has(font, place, letters)
        return found


def _numbers(font: mmap.mmap, form: str, place: int) -> tuple[int, ...]:
    return struct.unpack_from(form, font, place)


def _tables(font: mmap.mmap, index: int) -> list[int]:
    """Where the tables from Unicode to glyphs begin."""
    begin = _numbers(font, ">I", 12 + 4 * index)[0] if font[:4] == b"ttcf" else 0
    number = _numbers(font, ">H", begin + 4)[0]
    entries = [begin + 12 + 16 * at for at in range(number)]
    cmap = next(
        (_numbers(font, ">I", at + 8)[0] for at in entries if font[at : at + 4] == b"cmap"), None
    )
    if cmap is None:
        return []
    several = range(_numbers(font, ">H", cmap + 2)[0])
    tables = [_numbers(font, ">HHI", cmap + 4 + 8 * at) for at in several]
    return [cmap + place for platform, _encoding, place in tables if platform in _UNICODE]


def _in_segments(font: mmap.mmap, place: int, letters: set[int]) -> set[int]:
    """Of ``letters`` those in a table of format 4: the first 65,536."""
    double = _numbers(font, ">H", place + 6)[0]
    form = f">{double // 2}H"
    at_starts = place + 16 + double
    at_offsets = at_starts + 2 * double
    ends, starts = _numbers(font, form, place + 14), _numbers(font, form, at_starts)
    deltas, offsets = (
        _numbers(font, form, at_starts + double),
        _numbers(font, form, at_offsets),
    )

    def glyph(letter: int) -> int:
        segment = next((at for at, end in enumerate(ends) if letter <= end), None)
        if segment is None or letter < starts[segment]:
            return 0
        if not offsets[segment]:
            return int(letter + deltas[segment]) & 0xFFFF
        own = at_offsets + 2 * segment + offsets[segment] + 2 * (letter - starts[segment])
        return int(_numbers(font, ">H", own)[0])

    return {letter for letter in letters if letter <= 0xFFFF and glyph(letter)}


def _in_groups(font: mmap.mmap, place: int, letters: set[int]) -> set[int]:
    """Of ``letters`` those in a table of format 12: all of Unicode."""
    number = _numbers(font, ">I", place + 12)[0]
    begin = place + 16
    groups = list(struct.iter_unpack(">III", font[begin : begin + 12 * number]))
    starts = [group[0] for group in groups]

    def has(letter: int) -> bool:
        at = bisect_right(starts, letter) - 1
        return at >= 0 and letter <= groups[at][1]

    return {letter for letter in letters if has(letter)}
