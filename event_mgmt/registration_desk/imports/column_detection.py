"""What a column is by its contents, and which row is the heading, where nothing says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from event_mgmt.core.text import fold
from event_mgmt.registration_desk.imports import person_names
from event_mgmt.registration_desk.imports.sheets import SheetRow
from event_mgmt.registration_desk.imports.statuses import WITHOUT_SEAT, status_of

_SAMPLE: Final = 200
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE: Final = re.compile(r"'?(?:\+|00?)[\d\s()/.\-]{5,25}")
_NAME: Final = re.compile(r"[^\W\d_][^\d@;:/_]{0,60}")
_COMPANY: Final = re.compile(
    r"\b(gmbh|ag|kg|ohg|ug|e\.?\s?v|d\.\s?o\.\s?o|d\.\s?d|s\.\s?p|inc|ltd|llc|gbr|se|zavod|zbornica"
    r"|verband|institut|universit\w+|hochschule|univerza)\b\.?",
    re.IGNORECASE,
)
_MOSTLY: Final = 0.6


def is_address(cell: str) -> bool:
    """Whether a cell holds an e-mail address, as far as it looks."""
    return bool(_EMAIL.fullmatch(cell.strip().strip("<>")))


def are_halves(rows: Sequence[SheetRow], place: int) -> bool:
    """Whether this column and the next hold one name each, where a heading may reach over both."""
    return all(_mostly(rows, at, _is_half) for at in (place, place + 1))


def _is_half(cell: str) -> bool:
    return bool(_NAME.fullmatch(cell)) and "," not in cell and len(cell.split()) == 1


def is_company(cell: str) -> bool:
    """Whether a cell holds a company's legal form, or the like."""
    return bool(_COMPANY.search(cell))


def are_names(rows: Sequence[SheetRow], place: int) -> bool:
    """Whether a column holds names, and no answers like yes and no."""
    return _mostly(rows, place, lambda cell: bool(_NAME.fullmatch(cell)) and len(cell) > 4)


def are_statuses(rows: Sequence[SheetRow], place: int) -> bool:
    """Whether a column says who comes: most of it does, or one cell says that somebody does not."""
    if somebody_declined(rows, place):
        return True
    return _mostly(rows, place, lambda cell: status_of(cell) is not None)


def somebody_declined(rows: Sequence[SheetRow], place: int) -> bool:
    """Whether one of a column's cells says that somebody does not come."""
    return any(status_of(row.cell(place)) in WITHOUT_SEAT for row in rows)


def are_titles(rows: Sequence[SheetRow], place: int) -> bool:
    """Whether a column holds academic titles alone."""
    return _mostly(rows, place, _is_title)


def _is_title(cell: str) -> bool:
    return all(map(person_names.is_title, cell.split()))


def are_numbers(rows: Sequence[SheetRow], place: int) -> bool:
    """Whether a column holds small numbers."""
    return _mostly(rows, place, lambda cell: cell.isdigit() and len(cell) < 4)


def by_contents(rows: Sequence[SheetRow], width: int) -> tuple[str, ...]:
    """What the columns of a list without headings seem to be."""
    targets = [""] * width
    taken: set[str] = set()

    def take(target: str, fits: Callable[[str], bool]) -> None:
        for place in range(width):
            if not targets[place] and target not in taken and _mostly(rows, place, fits):
                targets[place] = target
                taken.add(target)

    take("email", is_address)
    take("phone", lambda cell: bool(_PHONE.fullmatch(cell)))
    take("form_of_address", lambda cell: bool(person_names.address_of(cell)[0]))
    take("academic_title", _is_title)
    _guess_names(rows, width, targets)
    return tuple(targets)


def _guess_names(rows: Sequence[SheetRow], width: int, targets: list[str]) -> None:
    """The first two columns of single names, or one of whole names; and a company after them."""
    left = [place for place in range(width) if not targets[place]]
    texts = [place for place in left if are_texts(rows, place)]
    companies = [p for p in texts if any(map(is_company, _cells(rows, p)))]
    whole = [p for p in texts if p not in companies and _mostly(rows, p, _is_whole_name)]
    short = [p for p in texts if p not in companies and p not in whole]
    if len(short) >= 2:
        targets[short[0]], targets[short[1]] = "given_name", "family_name"
    elif whole:
        targets[whole[0]] = "full_name"
    rest = [place for place in texts if not targets[place]]
    if companies:
        targets[companies[0]] = "organisation"
    elif rest:
        targets[rest[0]] = "organisation"


def are_texts(rows: Sequence[SheetRow], place: int) -> bool:
    """Whether a column holds words."""
    return _mostly(rows, place, lambda cell: bool(_NAME.match(cell)) and len(cell) <= 120)


def _is_whole_name(cell: str) -> bool:
    return bool(_NAME.fullmatch(cell)) and len(cell.replace(",", " ").split()) > 1


def _cells(rows: Sequence[SheetRow], place: int) -> list[str]:
    return [cell for row in rows[:_SAMPLE] if (cell := row.cell(place))]


def _mostly(rows: Sequence[SheetRow], place: int, fits: Callable[[str], bool]) -> bool:
    cells = _cells(rows, place)
    return bool(cells) and sum(map(fits, cells)) >= _MOSTLY * len(cells)


def begins_with(cell: str, words: Iterable[str]) -> bool:
    """Whether a cell begins with one of these words."""
    plain = fold(cell).strip(" .:")
    return any(plain == word or plain.startswith((f"{word} ", f"{word}:")) for word in words)
