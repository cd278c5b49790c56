"""Several people in one cell: couples, families, and whoever is named with a partner."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from event_mgmt.registration_desk.imports import column_detection, unnamed_guests
from event_mgmt.registration_desk.imports.person_names import (
    CODES,
    ParsedName,
    address_of,
    bare,
    parted,
    titled,
)

_SIGNS: Final = r"\s*[;|&+]\s*|(?<![cC])\s*/\s*|(?<=[cC])\s+/\s*|\s+/\s*(?![oO]\b)"
_WORDS: Final = (
    r"\s+(?:(?i:und|and|sowie|nebst|samt|mit|with|plus)|u|et|[sz](?=\s[a-zčšž]))\s+"
    r"|\s+u\.\s*|\s+(?:in|IN)\s+(?!(?:der|den|de|het)\s|['’]t\s)"
)
_APART: Final = re.compile(f"{_SIGNS}|{_WORDS}")
_LINES: Final = re.compile(r"\s*\n\s*")
_VON_UND: Final = re.compile(
    r"\b(von|vom|zu|de)\s+(und|u\.)\s+(?=(?:zu|zum|zur|von)\b)", re.IGNORECASE
)
_COMES_ALONG: Final = re.compile(
    r"\(\s*(?:\+|&|(?i:mit|und|samt|nebst|with|and|inkl\.?|incl\.?)\b|u\.|in\b|[sz]\b)\s*([^()]+)\)"
)
_NAMED_AFTER: Final = re.compile(
    r"\s*[,;(]?\s*\b(?:begleitung|begleitperson|begleiter(?:in)?|partner(?:in)?|spremljevalec"
    r"|spremljevalka|companion|guest)\s*:\s*",
    re.IGNORECASE,
)
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_STANDS_FOR: Final = re.compile("\ue000(\\d+)\ue000")
_EITHER: Final = re.compile(r"\s(?:oder|or|ali|bzw\.?|oz\.?)\s")
_HELD: Final = "\ue000"
"""Stands for a blank at which nothing is taken apart; it is for private use, and no name has it."""
_MOST: Final = 12
"""Nobody names more people in one cell."""
_FIRMS: Final = frozenset({"co", "cie", "sohne", "tochter", "sinovi"})
_FAMILIES: Final = frozenset({"familie", "fam", "druzina", "family", "rodbina", "geschwister",
                             "gebruder", "bruder"})  # fmt: skip
_TWO: Final = frozenset({"eheleute", "ehepaar", "zakonca", "zakonski"})
_PAIR: Final = re.compile(r"^(?:ehepaar|eheleute|zakonca|zakonski par)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class NamedPeople:
    """Who stands in a cell: ``named`` one by one, the first of them the one who is written to.

    ``announced``: somebody comes along whose name is not said. ``is_clear`` is false where nobody
    can tell how many there are, or who is who; then there are no names. ``is_doubtful``: what is
    read as one may be two, as in "Anna Müller, Jan Kos".
    """

    named: tuple[ParsedName, ...] = ()
    announced: bool = False
    is_clear: bool = True
    is_doubtful: bool = False


UNCLEAR: Final = NamedPeople(is_clear=False)


def people_in(cell: str, *, surname_first: bool = False) -> NamedPeople:
    """The people of a cell that holds whole names: "Anna u. Peter Müller", "Herr und Frau Kos"."""
    words = [bare(word) for word in cell.split()]
    if not words:
        return NamedPeople((ParsedName(),))
    if words[0] in _FAMILIES or (len(words) > 1 and words[-1] in {"family", "familie"}):
        return UNCLEAR
    pieces = pieces_of(cell)
    if words[0] in _TWO:
        found = people_in(_PAIR.sub("", cell), surname_first=surname_first)
        return found if len(found.named) == 2 and _PAIR.match(cell) else UNCLEAR
    if _EITHER.search(cell):
        return UNCLEAR
    if len(pieces) == 1:
        named = parted(cell, surname_first=surname_first)
        return NamedPeople((named,), is_doubtful="," in cell and _may_be_two(named))
    is_firm = column_detection.is_company(cell) or any(bare(piece) in _FIRMS for piece in pieces)
    if is_firm or len(pieces) > _MOST:
        return UNCLEAR
    names = [_Piece.read(piece, surname_first=surname_first) for piece in pieces]
    return _agreed(names, has_stroke="/" in cell)


def parts_in(given: str, family: str) -> NamedPeople | None:
    """The people of a row with given and family name apart; None where it is one person's.

    "Anna u. Peter | Müller", "Anna und Jan | Müller und Kos", "Herr und Frau | Schmidt".
    """
    firsts = pieces_of(given) if given else []
    lasts = [family] if "/" in family else pieces_of(family) if family else []
    if given and {bare(word) for word in given.split()[:1]} & (_FAMILIES | _TWO):
        return people_in(f"{given} {family}")
    if family and {bare(word) for word in family.split()[:1]} & (_FAMILIES | _TWO):
        return UNCLEAR
    if len(firsts) < 2 and len(lasts) < 2:
        return None
    if all(_is_address(first) for first in firsts) and firsts:
        return people_in(f"{given} {family}")
    coming = [first for first in firsts if unnamed_guests.names_somebody(first)]
    if not coming or len(lasts) not in {1, len(firsts)} or "/" in given:
        return UNCLEAR
    lasts = lasts * len(firsts) if len(lasts) == 1 else lasts
    pairs = [(f, last) for f, last in zip(firsts, lasts, strict=True) if f in coming]
    return NamedPeople(
        tuple(_with_family(titled(first), titled(last)) for first, last in pairs),
        announced=len(coming) < len(firsts),
    )


def are_several(form_of_address: str) -> bool:
    """Whether a form of address is that of several people: "Herr und Frau", "Familie"."""
    words = [bare(word) for word in form_of_address.split()]
    if words and words[0] in _FAMILIES | _TWO:
        return True
    pieces = pieces_of(form_of_address)
    return len(pieces) > 1 and "/" not in form_of_address and all(map(_is_address, pieces))


def pieces_of(cell: str) -> list[str]:
    """A cell taken apart where it seems to name somebody else."""
    brackets: list[str] = []

    def hold(found: re.Match[str]) -> str:
        brackets.append(found[0])
        return f"{_HELD}{len(brackets) - 1}{_HELD}"

    cell = cell.replace(_HELD, "")
    cell = _BRACKETS.sub(hold, _COMES_ALONG.sub(r" & \1", _NAMED_AFTER.sub(" & ", cell)))
    return [_STANDS_FOR.sub(lambda m: brackets[int(m[1])], piece) for piece in _split(cell)]


def _split(cell: str) -> list[str]:
    lines = [line.strip() for line in _LINES.split(cell) if line.strip()]
    if len(lines) < 2 or not all(len(line.split()) > 1 for line in lines):
        lines = [" ".join(lines)]  # a name that only goes on in the next line
    found = []
    for line in lines:
        held = _VON_UND.sub(lambda m: f"{m[1]}{_HELD}{m[2]}{_HELD}", line)
        found += [piece.replace(_HELD, " ").strip(" ,") for piece in _APART.split(held)]
    pieces = [piece for piece in found if piece]
    if len(pieces) == 1 and cell.count(",") > 1:  # "Marko Kos, Ina Kos, Eva Zajc"
        parts = [part.strip() for part in cell.split(",")]
        if all(len(part.split()) == 2 and parted(part).given_name for part in parts):
            return parts
    return pieces or [cell.strip()]


def single_names(cell: str) -> list[str]:
    """Where a cell holds single names alone ("Marko und Ina"), these; nothing for any other."""
    pieces = pieces_of(cell)
    fit = all(len(piece.split()) == 1 and unnamed_guests.names_somebody(piece) for piece in pieces)
    if len(pieces) < 2 or "/" in cell or column_detection.is_company(cell):
        return []
    return pieces if fit else []


@dataclass(frozen=True)
class _Piece:
    named: ParsedName
    is_announced: bool
    is_address: bool
    has_comma: bool

    @classmethod
    def read(cls, piece: str, *, surname_first: bool) -> _Piece:
        named = parted(piece, surname_first=surname_first)
        is_address = _is_address(piece)
        is_announced = not is_address and not unnamed_guests.names_somebody(piece)
        return cls(named, is_announced, is_address, has_comma="," in piece and named.is_turned)

    @property
    def is_full(self) -> bool:
        return bool(self.named.given_name and self.named.family_name)

    @property
    def is_whole(self) -> bool:
        """Whether somebody can be called by it: "Frau Müller" is as good as a full name."""
        return self.is_full or (bool(self.named.form_of_address) and not self.is_address)


def _is_address(piece: str) -> bool:
    return bool(address_of(piece)[0]) and bare(piece.rsplit(maxsplit=1)[-1]) in CODES


def _may_be_two(named: ParsedName) -> bool:
    """Whether both names of somebody are like a whole name of their own."""
    return all(
        len(words) == 2 and all(word.istitle() and "." not in word for word in words)
        for words in (named.given_name.split(), named.family_name.split())
    )


def _agreed(pieces: Sequence[_Piece], *, has_stroke: bool) -> NamedPeople:
    """The people of these pieces, as far as they fit together."""
    named: list[ParsedName] = []
    coming = [piece for piece in pieces if not piece.is_announced]
    if len(coming) > 1 and coming[-1].is_address:  # "Peter Müller und Frau"
        coming.pop()
    if not coming or pieces[0].is_announced:
        return UNCLEAR
    if has_stroke and not all(piece.is_whole for piece in coming):
        return UNCLEAR
    if pieces[0].named.is_turned and not (pieces[0].is_full or pieces[0].is_address):
        return UNCLEAR  # "Anna u. Peter Müller" where family names are said to stand first
    if len({piece.has_comma for piece in coming if piece.is_full}) > 1:
        return UNCLEAR  # "Anna, Peter und Jan Müller" and "Müller, Anna und Jan Kos" look alike
    for at, piece in enumerate(coming):
        fitted = _fitted(piece, coming[:at], coming[at + 1 :])
        if fitted is None:
            return UNCLEAR
        named.append(fitted)
    return NamedPeople(tuple(named), announced=len(coming) < len(pieces))


def _fitted(piece: _Piece, before: Sequence[_Piece], after: Sequence[_Piece]) -> ParsedName | None:
    """One of several people, with the family name that is said once for all."""
    own = piece.named
    if piece.is_full:
        return own
    full_after = next((other.named for other in after if other.is_full), None)
    if piece.is_address:
        shared = after[0].named if after else None
        if shared is None or shared.given_name or shared.academic_title or after[0].is_address:
            return None  # whose the title or the given name is, nobody can tell
        code = address_of(" ".join(filter(None, [own.given_name, own.family_name])))[0] or ""
        code = code or own.form_of_address
        return ParsedName(family_name=shared.family_name, form_of_address=code)
    if own.form_of_address:
        return None if full_after else own
    if full_after:
        return _with_family(own, full_after)
    first = next((other.named for other in before if other.is_full), None)
    if first is not None and first.is_turned:
        return _with_family(own, first)
    return own if first is not None or own.academic_title else None


def _with_family(first: ParsedName, last: ParsedName) -> ParsedName:
    """``first``, whose only name is a given one, with the family name of ``last``."""
    return replace(first, given_name=first.family_name, family_name=last.family_name)
