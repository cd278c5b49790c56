"""A name as people write it into one cell: form of address, titles, given and family name apart."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from event_mgmt.core import academic_titles
from event_mgmt.core.text import fold
from event_mgmt.registration_desk.imports.word_lists import by_blanks
from event_mgmt.registrations.enums import FormOfAddress
from event_mgmt.registrations.party import one_line

MS, MR = FormOfAddress.MS.value, FormOfAddress.MR.value

_ADDRESSES: Final = {
    MS: "frau fr fräulein gospa ga gdc gospodična ms mrs miss w f weiblich female ženska ž",
    MR: "herr herrn hr gospod g gosp mr m männlich male moški",
}
CODES: Final = {fold(word): code for code, words in _ADDRESSES.items() for word in words.split()}
_NONE: Final = "divers d x keine keine angabe mx neutral ohne none neznano drugo other"
_ALONE: Final = frozenset({"w", "f", "m", "d", "x", "z"})
"""Letters that say so only where nothing else stands in the cell."""
_BEFORE: Final = frozenset(
    {"sehr", "geehrte", "geehrter", "geehrten", "spostovana", "spostovani", "dear", "an"}
)

TITLES: Final = academic_titles.BEFORE_NAMES | by_blanks(
    "drs ing dipl pd priv doz dozent univ exzellenz s.e. i.e. hon honorarkonsul"
    " dr-ing dipl-ing dipl-kfm dipl-kffr dipl-vw dipl-wirt dipl-phys dipl-chem dipl-inf dipl-oec"
    " mba-dr drdr"
)
_ENGINEER: Final = frozenset({"DI", "DI.", "DDI"})
"""As Austria writes a "Dipl.-Ing."; in small letters it is a particle ("di")."""
_BEFORE_NAMES: Final = frozenset({"prof", "dr", "ddr", "doc", "mag", "pd", "dr-ing", "dipl-ing"})
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
_LOWER_PARTICLES: Final = by_blanks("da do das la le el al bin ibn und y e in t't")
_NOBLE: Final = by_blanks(
    "graf grafin freiherr freifrau baron baronin baronesse prinz prinzessin furst furstin ritter"
    " edler edle"
)
_ASIDE: Final = re.compile(r"\s*[(\[]([^()\[\]]{1,200})[)\]]|\s+c/o\s+(.{1,200})$")
_BIRTH: Final = re.compile(
    r"(?:\s*[,;(\[]\s*|\s+)(?P<born>(?:[Gg]eb\.|geb|geborene[r]?|[Rr]oj\.|roj|rojena?|[Dd]ekl\."
    r"|n[ée]e|born|dekliški priimek)\s*[^\s,;()\[\]][^,;()\[\]]{0,80}?)"
    r"(?:\s*[)\]]|(?P<after>\s*,)|\s*$)"
)
_BULLET: Final = re.compile(r"^(?:\d{1,4}[.)]\s+|[-–—•*·]+\s*)(?=\w)|(?<=\w)\*+$")
"""What stands around the items of a list."""
_GLUED: Final = re.compile(
    r"\b((?:prof|dr|mag|ing|dipl|akad|doc|izr|red|zasl|univ|asist)\.)(?=\w)", re.IGNORECASE
)


@dataclass(frozen=True)
class ParsedName:
    """What a name holds.

    ``aside`` is what stood in brackets, which is often an organisation; ``born`` the name at birth,
    with the word before it ("geb. Kos"). ``is_turned`` tells that the family name surely stood
    first, ``is_doubtful`` that it may have: a title stands behind, as in an index.
    """

    given_name: str = ""
    family_name: str = ""
    form_of_address: str = ""
    academic_title: str = ""
    aside: str = ""
    born: str = ""
    is_turned: bool = False
    is_doubtful: bool = False


def parted(cell: str, *, surname_first: bool = False) -> ParsedName:
    """A whole name taken apart: "Graf von Hardenberg, Dr. Max", "Herr Jörg Weiß Jr.".

    Without a comma the family name is what is written in capitals, else the last word, with the
    particles before it; with ``surname_first`` it is the first one. A single word is a family
    name. Nothing is lost: what is no title and no form of address stays in one of the names.
    """
    text, born = _without_birth(_BULLET.sub("", one_line(cell)))
    aside = "; ".join(one or other for one, other in _ASIDE.findall(text))
    pieces = [piece.strip() for piece in _ASIDE.sub("", text).split(",")]
    pieces = [piece for piece in pieces if piece]
    degrees = [piece for piece in pieces[1:] if is_degree(piece)]
    generations = [piece for piece in pieces[1:] if bare(piece) in _GENERATIONS]
    pieces = [piece for piece in pieces if piece not in degrees and piece not in generations]
    if not pieces:
        return ParsedName(family_name=text, born=born)
    address, titles, words = _without_titles(pieces[0].split())
    is_turned = surname_first
    if len(pieces) > 1:
        family, own_generation = _without_generation(words)
        address_2, titles_2, given = _without_titles(" ".join(pieces[1:]).split())
        address, titles = address or address_2, [*titles, *titles_2]
        is_turned = True
    else:
        words, own_generation = _without_generation(words)
        words, after = _without_degrees(words)
        degrees = [*after, *degrees]
        given, family, is_turned = _in_two(words, surname_first=surname_first)
    family = [*family, *own_generation, *generations]
    if titles and not (given or family):  # nothing but titles: then the last is the name
        family.append(titles.pop())
    title = ", ".join(part for part in (" ".join(titles), *degrees) if part)
    return ParsedName(
        given_name=" ".join(given),
        family_name=" ".join(family),
        form_of_address=address,
        academic_title=title,
        aside=aside,
        born=born,
        is_turned=is_turned,
        is_doubtful=not is_turned and any(map(_belongs_before, degrees)),
    )


def titled(cell: str) -> ParsedName:
    """A cell that holds a given or a family name, with what stands before and after it.

    The name itself is in ``family_name``, whichever it is.
    """
    text, born = _without_birth(one_line(cell))
    name, comma, after = text.partition(",")
    if comma and is_degree(after.strip()):
        address, titles, words = _without_titles(name.split())
        degrees = [after.strip()]
    else:
        address, titles, words = _without_titles(text.split())
        degrees = []
    if not words:  # nothing but a title: then that is the name
        return ParsedName(family_name=text, born=born)
    title = ", ".join(part for part in (" ".join(titles), *degrees) if part)
    return ParsedName("", " ".join(words), address, title, born=born)


def address_of(cell: str) -> tuple[str | None, str]:
    """(form of address, titles) from a cell like "Frau Dr."; None for what says neither.

    The form of address is '' where the cell says that there is none ("divers").
    """
    text = one_line(cell)
    plain = fold(text).strip(". ")
    if plain in CODES:
        return CODES[plain], ""
    if plain in _NONE.split() or plain in {"keine angabe", "k. a", "k.a"}:
        return "", ""
    address, titles, rest = _without_titles(text.split())
    if rest or not (address or titles):
        return None, ""
    return address, " ".join(titles)


def is_title(word: str) -> bool:
    """Whether a word is an academic title or begins one."""
    return bare(word) in TITLES


def is_degree(piece: str) -> bool:
    """Whether a text holds degrees or titles alone."""
    words = piece.split()
    if words and all(bare(word) in _DEGREES or _is_title_like(word) for word in words):
        return True
    parts = [part for part in re.split(r"[\s.]+", bare(piece)) if part]  # "univ.dipl.ekon."
    return "." in piece and len(parts) > 1 and all(part in _DEGREES | TITLES for part in parts)


def is_particle(word: str) -> bool:
    """Whether a word is a small one of a name: "von", "de la", "Graf"."""
    plain = bare(word)
    return plain in _PARTICLES or plain in _NOBLE or (word.islower() and plain in _LOWER_PARTICLES)


def together(one: str, other: str) -> str:
    """Titles from two places, each said once."""
    if not one or fold(one) == fold(other):
        return other or one
    said = {bare(word) for word in one.split()}
    more = [word for word in other.split() if bare(word) not in said]
    return " ".join([one, *more]) if more else one


@functools.lru_cache(maxsize=1024)
def bare(word: str) -> str:
    """``word`` as words are compared: no case, no diacritics, no signs around."""
    return fold(word).strip(".,;: ")


def _without_titles(words: Sequence[str]) -> tuple[str, list[str], list[str]]:
    """(form of address, titles, the rest) of the words of a name."""
    rest = _GLUED.sub(r"\1 ", " ".join(words)).split()
    address, titles = "", list[str]()
    while rest:
        plain = bare(rest[0])
        code = _code_of(plain) if plain not in _ALONE or len(rest[0]) > len(plain) else ""
        if plain in _BEFORE and len(rest) > 1:
            rest.pop(0)
        elif code and not (titles or address) and (len(plain) > 1 or len(rest) > 2):
            address = code
            rest.pop(0)
        elif _begins_a_title(rest) or (titles and _goes_on(rest)):
            titles.append(rest.pop(0))
        else:
            break
    return address, titles, rest


def _begins_a_title(rest: Sequence[str]) -> bool:
    """Whether a title comes next: "dr.", and what precedes one: "izr. prof.", "viš. pred. mag.".

    What precedes a title may be a name where none follows ("Red Smith"), or where the title is the
    last word and so a name itself ("Jun Doktor").
    """
    if rest[0] in _ENGINEER and len(rest) > 2 and not rest[1].isupper():
        return True
    is_name_perhaps = bare(rest[0]) == rest[0].lower() and rest[0] not in _ENGINEER
    for at, word in enumerate(rest):
        if _is_title_like(word):
            return at == 0 or not is_name_perhaps or not all(map(_is_title_like, rest[at:]))
        plain = bare(word)
        is_rank = plain in academic_titles.RANKS and word.endswith(".") and word != "O."
        if not (is_rank or plain in academic_titles.BEFORE_PROFESSOR or word in _ENGINEER):
            return False
    return False


def _goes_on(rest: Sequence[str]) -> bool:
    plain = bare(rest[0])
    return plain in _GO_ON and (rest[0].endswith(".") or rest[0].islower()) and plain != "und"


def _is_title_like(word: str) -> bool:
    plain = bare(word)
    if plain in TITLES:
        return True
    parts = [part for part in re.split(r"[.\-]", plain) if part]
    return len(parts) > 1 and parts[0] in TITLES and all(p in TITLES | _GO_ON for p in parts)


def _code_of(plain: str) -> str:
    """The form of address that a word names within a name; single letters do not."""
    return "" if plain in _ALONE else CODES.get(plain, "")


def _belongs_before(degree: str) -> bool:
    """Whether a degree mostly stands before a name, unlike "MBA" and "univ. dipl. inž."."""
    return all(bare(word) in _BEFORE_NAMES for word in degree.split())


def _without_generation(words: Sequence[str]) -> tuple[list[str], list[str]]:
    if len(words) > 1 and bare(words[-1]) in _GENERATIONS:
        return list(words[:-1]), [words[-1]]
    return list(words), []


def _without_degrees(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """(the words, the degrees after them); one-letter words and names are none."""
    left, after = list(words), list[str]()
    while len(left) > 2 and is_degree(left[-1]) and _is_written_as_degree(left[-1]):
        after.insert(0, left.pop())
    return left, [" ".join(after)] if after else []


def _is_written_as_degree(word: str) -> bool:
    return "." in word or sum(map(str.isupper, word)) > 1


def _in_two(words: Sequence[str], *, surname_first: bool) -> tuple[list[str], list[str], bool]:
    """(given name, family name, whether the family name stood first)."""
    if len(words) < 2:
        return [], list(words), surname_first
    if (capitals := _in_capitals(words)) is not None:
        first, last = capitals
        return [*words[:first], *words[last:]], list(words[first:last]), first == 0
    if surname_first:
        ends = 1
        while ends < len(words) - 1 and is_particle(words[ends - 1]):
            ends += 1
        return list(words[ends:]), list(words[:ends]), True
    for at in range(1, len(words) - 1):
        if is_particle(words[at]):
            return list(words[:at]), list(words[at:]), False
    if is_particle(words[0]):
        return [], list(words), False
    return list(words[:-1]), list(words[-1:]), False


def _in_capitals(words: Sequence[str]) -> tuple[int, int] | None:
    """From where to where a family name in capitals reaches, at one end of the words.

    None where no word or every word is written like that. "JR Smith" has initials.
    """
    marked = [_is_capitals(word) for word in words]
    if not any(marked) or all(marked):
        return None
    first = marked.index(True)
    last = len(marked) - marked[::-1].index(True)
    while first and words[first - 1].islower() and is_particle(words[first - 1]):
        first -= 1
    within = all(marked[at] or words[at].islower() for at in range(first, last))
    return (first, last) if within and (first == 0) != (last == len(words)) else None


def _is_capitals(word: str) -> bool:
    letters = "".join(filter(str.isalpha, word))
    if not word.isupper() or "." in word or len(letters) < 2:
        return False
    return len(letters) > 2 or fold(letters[1]) in "aeiouy"


def _without_birth(text: str) -> tuple[str, str]:
    """(the text without the name at birth, that with the word before it)."""
    found = _BIRTH.search(text)
    if found is None:
        return text, ""
    rest = f"{text[: found.start()]}{found['after'] or ''}{text[found.end() :]}"
    return " ".join(rest.split()), found["born"].strip()
