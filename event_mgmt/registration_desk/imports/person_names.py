"""A name as people write it into one cell: form of address, titles, given and family name apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from event_mgmt.core.text import fold
from event_mgmt.registration_desk.imports.word_lists import by_blanks
from event_mgmt.registrations.party import one_line
from event_mgmt.registrations.words import FormOfAddress

MS, MR = FormOfAddress.MS.value, FormOfAddress.MR.value

_ADDRESSES: Final = {
    MS: "frau fr fräulein gospa ga gdc gospodična ms mrs miss w f weiblich female ženska ž",
    MR: "herr herrn hr gospod g gosp mr m männlich male moški",
}
_CODES: Final = {fold(word): code for code, words in _ADDRESSES.items() for word in words.split()}
_NONE: Final = "divers d x keine keine angabe mx neutral ohne none neznano drugo other"
_ALONE: Final = frozenset({"w", "f", "m", "d", "x", "z"})
"""Letters that say so only where nothing else stands in the cell."""
_BEFORE: Final = frozenset(
    {"sehr", "geehrte", "geehrter", "geehrten", "spostovana", "spostovani", "dear", "an", "familie"}
)

_TITLES: Final = by_blanks(
    "prof professor professorin profesor profesorica dr drs doktor doctor mag magister ing dipl"
    " akad pd priv doz dozent doc docent univ exzellenz s.e. i.e. hon honorarkonsul"
    " dr-ing dipl-ing dipl-kfm dipl-kffr dipl-vw dipl-wirt dipl-phys dipl-chem dipl-inf dipl-oec"
    " mba-dr drdr ddr dddr mudr mddr mvdr judr phdr rndr paeddr pharmdr thdr"
)
_GO_ON: Final = by_blanks(
    "med phil jur iur rer nat pol oec h.c hc h c e eh e.h mult habil ing theol vet dent agr sc"
    " techn mont publ soc psych univ emer em lic apl und et"
)
"""What may follow a title as a part of it."""
_DEGREES: Final = by_blanks(
    "mba msc bsc ma ba bba llm llb phd md dphil dsc drsc mph meng beng mph mpa cpa esq dipl spec"
    " univ inz"
    " ekon prav farm mag dr prof med ing m.a b.a m.sc b.sc ll.m ph.d mas emba dds arh kem stroj el"
    " gradb les soc org manag posl akad vet dent"
)
_GENERATIONS: Final = frozenset({"jr", "sr", "jun", "sen", "ii", "iii", "iv", "ml", "st"})
_PARTICLES: Final = by_blanks(
    "von van de del della dalla di vom zu zum zur ten ter der den dos du af av"
)
_LOWER_PARTICLES: Final = by_blanks("da do das la le el al bin ibn und y e t't")
_NOBLE: Final = by_blanks(
    "graf grafin freiherr freifrau baron baronin baronesse prinz prinzessin furst furstin ritter"
    " edler edle"
)
_ASIDE: Final = re.compile(r"\s*[(\[]([^()\[\]]{1,200})[)\]]")
_GLUED: Final = re.compile(r"\b((?:prof|dr|mag|ing|dipl|akad)\.)(?=\w)", re.IGNORECASE)


_NOT_A_NAME: Final = by_blanks(
    "begleitung begleitperson begleiter begleiterin partner partnerin lebenspartner ehefrau ehemann"
    " ehepartner gatte gattin frau mann gast person plus nn n.n"
    " spremljevalec spremljevalka spremstvo partnerka soproga soprog zena moz gost gostja oseba"
    " guest spouse wife husband companion someone person"
)
"""What is written of a companion whose name is not known yet."""


_ANNOUNCES: Final = by_blanks(
    "mit samt with noch offen folgt unbekannt bekannt nicht ein eine einer weitere weiterer zwei"
    " two one another name ime eno ena en dva dve se ni znano neznano open unknown yet not"
)
"""What stands beside such words: "mit Ehemann", "noch offen", "1 weitere Person"."""


@dataclass(frozen=True)
class Named:
    """What a name holds. ``aside`` is what stood in brackets, which is often an organisation."""

    given_name: str = ""
    family_name: str = ""
    form_of_address: str = ""
    academic_title: str = ""
    aside: str = ""


def parted(cell: str, *, surname_first: bool = False) -> Named:
    """A whole name taken apart: "Graf von Hardenberg, Dr. Max", "Herr Jörg Weiß Jr.".

    Without a comma the family name is the last word, with the particles before it; with
    ``surname_first`` it is the first one. A single word is a family name. Nothing is lost: what
    is no title and no form of address stays in one of the names.
    """
    text = one_line(cell)
    aside = "; ".join(_ASIDE.findall(text))
    pieces = [piece.strip() for piece in _ASIDE.sub("", text).split(",")]
    pieces = [piece for piece in pieces if piece]
    degrees = [piece for piece in pieces[1:] if _is_degree(piece)]
    generations = [piece for piece in pieces[1:] if _bare(piece) in _GENERATIONS]
    pieces = [piece for piece in pieces if piece not in degrees and piece not in generations]
    if not pieces:
        return Named(family_name=text)
    address, titles, words = _without_titles(pieces[0].split())
    if len(pieces) > 1:
        family, own_generation = _without_generation(words)
        address_2, titles_2, given = _without_titles(" ".join(pieces[1:]).split())
        address, titles = address or address_2, [*titles, *titles_2]
    else:
        words, own_generation = _without_generation(words)
        words, after = _without_degrees(words)
        degrees = [*after, *degrees]
        given, family = _in_two(words, surname_first=surname_first)
    family = [*family, *own_generation, *generations]
    title = ", ".join(part for part in (" ".join(titles), *degrees) if part)
    return Named(" ".join(given), " ".join(family), address, title, aside)


def titled(cell: str) -> Named:
    """A cell that holds a given or a family name, with what stands before and after it.

    The name itself is in ``family_name``, whichever it is.
    """
    text = one_line(cell)
    name, comma, after = text.partition(",")
    if comma and _is_degree(after.strip()):
        address, titles, words = _without_titles(name.split())
        degrees = [after.strip()]
    else:
        address, titles, words = _without_titles(text.split())
        degrees = []
    if not words:  # nothing but a title: then that is the name
        return Named(family_name=text)
    title = ", ".join(part for part in (" ".join(titles), *degrees) if part)
    return Named("", " ".join(words), address, title)


def address_of(cell: str) -> tuple[str | None, str]:
    """(form of address, titles) from a cell like "Frau Dr."; None for what says neither.

    The form of address is '' where the cell says that there is none ("divers").
    """
    text = one_line(cell)
    plain = fold(text).strip(". ")
    if plain in _CODES:
        return _CODES[plain], ""
    if plain in _NONE.split() or plain in {"keine angabe", "k. a", "k.a"}:
        return "", ""
    address, titles, rest = _without_titles(text.split())
    if rest or not (address or titles):
        return None, ""
    return address, " ".join(titles)


def is_name(word: str) -> bool:
    """Whether a single word names somebody, and does not only announce that somebody comes."""
    bare = _bare(word)
    return any(char.isalpha() for char in bare) and bare not in _NOT_A_NAME | _TITLES | set(_CODES)


def names_somebody(text: str) -> bool:
    """Whether one of the words is a name: "mit Ehemann" and "1 Person" name nobody."""
    return any(is_name(word) and _bare(word) not in _ANNOUNCES for word in text.split())


def without_announcement(text: str) -> str:
    """Text like "Begleitung: Jan Kos" or "mit Jan Kos" without what stands before the name."""
    words = text.replace(":", ": ").split()
    while len(words) > 1 and (
        _bare(words[0]) in {"mit", "samt", "with"}
        or (words[0].endswith(":") and _bare(words[0]) in _NOT_A_NAME | _ANNOUNCES)
    ):
        words.pop(0)
    return " ".join(words)


def is_title(word: str) -> bool:
    """Whether a word is an academic title or begins one."""
    return _bare(word) in _TITLES


def together(one: str, other: str) -> str:
    """Titles from two places, each said once."""
    if not one or fold(one) == fold(other):
        return other or one
    said = {_bare(word) for word in one.split()}
    more = [word for word in other.split() if _bare(word) not in said]
    return " ".join([one, *more]) if more else one


def _bare(word: str) -> str:
    return fold(word).strip(".,;: ")


def _without_titles(words: Sequence[str]) -> tuple[str, list[str], list[str]]:
    """(form of address, titles, the rest) of the words of a name."""
    rest = _GLUED.sub(r"\1 ", " ".join(words)).split()
    address, titles = "", list[str]()
    while rest:
        bare = _bare(rest[0])
        code = _code_of(bare) if bare not in _ALONE or len(rest[0]) > len(bare) else ""
        if bare in _BEFORE and len(rest) > 1:
            rest.pop(0)
        elif code and not (titles or address) and (len(bare) > 1 or len(rest) > 2):
            address = code
            rest.pop(0)
        elif _is_title_like(rest[0]) or (titles and _goes_on(rest)):
            titles.append(rest.pop(0))
        else:
            break
    return address, titles, rest


def _goes_on(rest: Sequence[str]) -> bool:
    bare = _bare(rest[0])
    return bare in _GO_ON and (rest[0].endswith(".") or rest[0].islower()) and bare != "und"


def _is_title_like(word: str) -> bool:
    bare = _bare(word)
    if bare in _TITLES:
        return True
    parts = [part for part in re.split(r"[.\-]", bare) if part]
    return len(parts) > 1 and parts[0] in _TITLES and all(p in _TITLES | _GO_ON for p in parts)


def _code_of(bare: str) -> str:
    """The form of address that a word names within a name; single letters do not."""
    return "" if bare in _ALONE else _CODES.get(bare, "")


def _is_degree(piece: str) -> bool:
    words = piece.split()
    return bool(words) and all(_bare(word) in _DEGREES or _is_title_like(word) for word in words)


def _without_generation(words: Sequence[str]) -> tuple[list[str], list[str]]:
    if len(words) > 1 and _bare(words[-1]) in _GENERATIONS:
        return list(words[:-1]), [words[-1]]
    return list(words), []


def _without_degrees(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """(the words, the degrees after them); one-letter words and names are none."""
    left, after = list(words), list[str]()
    while len(left) > 2 and _is_degree(left[-1]) and (left[-1].isupper() or "." in left[-1]):
        after.insert(0, left.pop())
    return left, [" ".join(after)] if after else []


def _in_two(words: Sequence[str], *, surname_first: bool) -> tuple[list[str], list[str]]:
    """(given, family) name."""
    if len(words) < 2:
        return [], list(words)
    if surname_first:
        ends = 1
        while ends < len(words) - 1 and _is_particle(words[ends - 1]):
            ends += 1
        return list(words[ends:]), list(words[:ends])
    for at in range(1, len(words) - 1):
        if _is_particle(words[at]):
            return list(words[:at]), list(words[at:])
    if _is_particle(words[0]):
        return [], list(words)
    return list(words[:-1]), list(words[-1:])


def _is_particle(word: str) -> bool:
    bare = _bare(word)
    return bare in _PARTICLES or bare in _NOBLE or (word.islower() and bare in _LOWER_PARTICLES)
