"""What fits on paper: how wide columns are, how large the letters, where words may break."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from event_mgmt.documents.text_width import width_of

PORTRAIT: Final = 504.0
LANDSCAPE: Final = 751.0
"""Points between the margins of A4 (frame.typ: 16 mm at each side)."""

INSET: Final = 8.0
"""Points of a column that stay empty, left and right together."""

TALLEST: Final = 380.0
"""Points of a row that stays whole: half a page of A4 across. Taller ones may go on overleaf."""

_PORTRAIT_COLUMNS: Final = 6
_SIZES: Final = (9.0, 8.5, 8.0, 7.5, 7.0)
_SPLIT_SIZE: Final = 8.0
_LINE: Final = 1.3
_CROWDED: Final = 1.7
"""How much more text than room there may be in a row before letters get smaller."""

_HEADING_WORD: Final = 13.0
_CELL_WORD: Final = 9.0
_WHOLE: Final = 24.0
_SHARE_ON_ONE_LINE: Final = 0.9

_HAIR: Final = 0.01
"""Points by which a text may be wider than a column that was measured by it."""

_WORDS: Final = re.compile(r"(\s+)")
_ADDRESS: Final = re.compile(r"@|://|\.\w+/")
_AFTER_SIGNS: Final = re.compile(r"(?<=[@./_?&=:+-])(?=\w)")
_AFTER_HYPHENS: Final = re.compile(r"(?<=[-\u2010\u2013])(?=\w)")
_BREAK: Final = "\N{ZERO WIDTH SPACE}"

Piece = str | dict[str, object]
Text = str | list[Piece]
"""A cell's text: as it is, or in pieces of which some are words that must be broken."""


@dataclass(frozen=True)
class Wants:
    """What a column asks for, in em: for its widest words, and to have most cells on one line."""

    least: float
    whole: float


@dataclass(frozen=True)
class Part:
    """One sheet of a table: which columns stand on it, and how wide they are in points."""

    columns: Sequence[int]
    widths: Sequence[float]


@dataclass(frozen=True)
class Arrangement:
    """A table on paper: across or not, the size of its letters, its sheets side by side."""

    is_landscape: bool
    size: float
    parts: Sequence[Part]


def wants(heading: str, cells: Iterable[str]) -> Wants:
    """What a column with this heading and these cells asks for."""
    heading_word = max(map(width_of, heading.split()), default=0.0)
    widths, word = [], 0.0
    for cell in cells:
        if cell:
            widths.append(width_of(cell))
            word = max(word, *map(width_of, cell.split()), 0.0)
    least = max(min(heading_word, _HEADING_WORD), min(word, _CELL_WORD), 1.0)
    widths.sort()
    usual = widths[int((len(widths) - 1) * _SHARE_ON_ONE_LINE)] if widths else 0.0
    return Wants(least, max(least, min(usual, _WHOLE)))


def arranged(columns: Sequence[Wants], repeated: Sequence[int]) -> Arrangement:
    """How the columns stand on paper; where they go on several sheets, ``repeated`` on each."""
    every = range(len(columns))
    for is_landscape, size in _page_layouts(len(columns)):
        room = LANDSCAPE if is_landscape else PORTRAIT
        if _fits(columns, every, room, size, _CROWDED):
            return Arrangement(is_landscape, size, [_part(columns, every, room, size)])
    return Arrangement(
        True,
        _SPLIT_SIZE,
        [_part(columns, at, LANDSCAPE, _SPLIT_SIZE) for at in _split(columns, repeated)],
    )


def _page_layouts(count: int) -> Iterator[tuple[bool, float]]:
    if count <= _PORTRAIT_COLUMNS:
        yield False, _SIZES[0]
    yield from ((True, size) for size in _SIZES)


def _fits(
    columns: Sequence[Wants], at: Iterable[int], room: float, size: float, crowded: float
) -> bool:
    chosen = [columns[each] for each in at]
    free = (room - INSET * len(chosen)) / size
    least, whole = sum(each.least for each in chosen), sum(each.whole for each in chosen)
    return least <= free and whole <= crowded * free


def _split(columns: Sequence[Wants], repeated: Sequence[int]) -> list[list[int]]:
    """As few sheets as will do, as evenly filled as they can be."""
    fewest = _filled(columns, repeated, LANDSCAPE)
    for tenths in range(4, 10):
        evener = _filled(columns, repeated, LANDSCAPE * tenths / 10)
        if len(evener) == len(fewest):
            return evener
    return fewest


def _filled(columns: Sequence[Wants], repeated: Sequence[int], room: float) -> list[list[int]]:
    """Sheets in the order of the columns; if the repeated ones come late, they go first."""
    in_order = _begun_with([], columns, repeated, room)
    if set(repeated) <= set(in_order[0]):
        return in_order
    return _begun_with(repeated, columns, repeated, room)


def _begun_with(
    first: Sequence[int], columns: Sequence[Wants], repeated: Sequence[int], room: float
) -> list[list[int]]:
    sheets = [list(first)]
    for at in range(len(columns)):
        is_there = at in sheets[-1]
        begun = [each for each in sheets[-1] if each not in repeated]
        if (
            begun
            and not is_there
            and not _fits(columns, [*sheets[-1], at], room, _SPLIT_SIZE, _CROWDED)
        ):
            sheets.append(list(repeated))
            is_there = at in repeated
        if not is_there:
            sheets[-1].append(at)
    return sheets


def _part(columns: Sequence[Wants], at: Iterable[int], room: float, size: float) -> Part:
    places = list(at)
    free = (room - INSET * len(places)) / size
    ems = distributed([columns[each] for each in places], free)
    return Part(places, [round(em * size + INSET, 2) for em in ems])


def distributed(columns: Sequence[Wants], room: float) -> list[float]:
    """The whole ``room`` shared out: first what each needs, then what each would like."""
    least = [each.least for each in columns]
    spare = room - sum(least)
    if spare <= 0:
        return [each * room / sum(least) for each in least]
    more = [each.whole - each.least for each in columns]
    given = min(1.0, spare / sum(more)) if sum(more) else 0.0
    widths = [low + given * extra for low, extra in zip(least, more, strict=True)]
    return [width * room / sum(widths) for width in widths]


def shared(
    room: float, fixed: Mapping[str, float], shares: Mapping[str, float]
) -> dict[str, float]:
    """Widths by column in points: some fixed, the others in shares of what is left."""
    left = room - sum(fixed.values())
    whole = sum(shares.values())
    return {**fixed, **{key: left * share / whole for key, share in shares.items()}}


def fitted(text: str, width: float, size: float) -> Text:
    """``text`` for a column of ``width`` points: words that are wider may be broken.

    Addresses are broken after their signs and get no hyphens; other words are left to whoever
    sets them, who knows syllables.
    """
    room = width - INSET + _HAIR
    if not text or width_of(text) * size <= room:
        return text
    pieces: list[Piece] = []
    for word in _WORDS.split(text):
        if width_of(word) * size <= room:
            pieces.append(word)
        elif _ADDRESS.search(word):
            pieces.append(_BREAK.join(_broken(_AFTER_SIGNS.split(word), room / size)))
        else:
            pieces += [
                {"word": part, "room": room} if width_of(part) * size > room else part
                for part in _AFTER_HYPHENS.split(word)
            ]
    return pieces if any(isinstance(piece, dict) for piece in pieces) else "".join(map(str, pieces))


def _broken(parts: Iterable[str], room: float) -> Iterator[str]:
    """The parts of an address; those that are still too wide letter by letter."""
    for part in parts:
        yield part if width_of(part) <= room else _BREAK.join(part)


def is_tall(cells: Iterable[str], widths: Iterable[float], size: float) -> bool:
    """Whether a row is too tall to stay whole."""
    lines = max(
        sum(
            1 + int(1.15 * width_of(line) * size / max(width - INSET, 1.0))
            for line in cell.splitlines()
        )
        for cell, width in zip(cells, widths, strict=True)
    )
    return lines * size * _LINE > TALLEST
