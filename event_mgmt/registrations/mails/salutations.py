"""The name in a salutation, with the degree that is spoken there.

Degrees only: offices, predicates and former titles have rules of their own. What a person wrote as
a title is read for the degrees in it; the rest of it (Dipl.-Ing., h. c., M. A., an office, anything
else) is not spoken and stands in no salutation.
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from typing import Final

from event_mgmt.core.academic_titles import (
    ACADEMICIANS,
    BEFORE_PROFESSOR,
    DOCENTS,
    DOCTORS,
    MASTERS,
    PROFESSORS,
)


class Degree(IntEnum):
    """Degrees that are spoken, from the least; the highest alone is (BMI Ratgeber)."""

    NONE = 0
    MASTER = 1
    DOCTOR = 2
    DOCENT = 3
    PROFESSOR = 4
    ACADEMICIAN = 5


_WORD: Final = re.compile(r"[^\W\d_]+")

_APART: Final = {("ph", "d"), ("d", "phil"), ("d", "sc"), ("sc", "d"), ("ed", "d")}
_NOT_YET: Final = frozenset(
    {"cand", "candidate", "student", "kandidat", "kandidatin", "kandidatka", "študent"}
    | {"študentka"}
)
_AFTER_PROFESSOR: Final = frozenset(
    {"a", "c", "em", "emer", "emerit", "emeritus", "fh", "h", "hc", "i", "in", "mult", "r"}
)

_KNOWN: Final = (
    (DOCTORS | PROFESSORS | ACADEMICIANS | DOCENTS | MASTERS)
    | (BEFORE_PROFESSOR | _AFTER_PROFESSOR)
    | {"ing", "dipl", "ph"}
)
"""What may follow a degree. Another word, in small letters, names its field ("mag. farm.", "prof.
slov."): such a title of studies stands after the name and is not spoken.
"""

_SPOKEN: Final[dict[str, dict[Degree, tuple[str, str]]]] = {
    "de": {
        Degree.DOCTOR: ("Dr.", "Dr."),  # "Frau Doktor" has no feminine form
        Degree.PROFESSOR: ("Professorin", "Professor"),
    },
    "sl": {  # spelt out: an abbreviation reads as impolite
        Degree.MASTER: ("magistrica", "magister"),
        Degree.DOCTOR: ("doktorica", "doktor"),
        Degree.DOCENT: ("docentka", "docent"),
        Degree.PROFESSOR: ("profesorica", "profesor"),
        Degree.ACADEMICIAN: ("akademikinja", "akademik"),
    },
    "en": {
        Degree.DOCTOR: ("Dr", "Dr"),
        Degree.PROFESSOR: ("Professor", "Professor"),
    },
}
"""How a degree is said to a woman and to a man, by language."""


def degrees_in(title: str) -> frozenset[Degree]:
    """The degrees in a title as people write them: "Prof. Dr. h. c.", "izr. prof. dr.", "PhD"."""
    written = _WORD.findall(unicodedata.normalize("NFKC", title))
    words = [word.lower() for word in written]
    found: set[Degree] = set()
    for place, word in enumerate(words):
        after = words[place + 1 :]
        if after and after[0] in _NOT_YET:
            continue
        names_a_field = bool(after) and after[0] not in _KNOWN and written[place + 1].islower()
        if word in DOCTORS or (word, *after[:1]) in _APART:
            found.add(Degree.DOCTOR)
        elif word in ACADEMICIANS and (not after or after[0] in _KNOWN):
            found.add(Degree.ACADEMICIAN)
        elif word in DOCENTS and not names_a_field:
            found.add(Degree.DOCENT)
        elif word in PROFESSORS and not names_a_field:
            found.add(Degree.PROFESSOR)
        elif word in MASTERS and not names_a_field:
            found.add(Degree.MASTER)
    return frozenset(found)


def form_of_address_degree(title: str, locale: str, *, feminine: bool) -> str:
    """The highest degree in ``title`` as it is spoken in ``locale``; '' where none is."""
    spoken = _SPOKEN[locale]
    highest = max((d for d in degrees_in(title) if d in spoken), default=Degree.NONE)
    return spoken[highest][0 if feminine else 1] if highest else ""


def formal_name(title: str, family_name: str, locale: str, *, feminine: bool) -> str:
    """What follows "Sehr geehrte Frau", "Spoštovani gospod": degree and family name."""
    return f"{form_of_address_degree(title, locale, feminine=feminine)} {family_name}".strip()


def neutral_name(title: str, given_name: str, family_name: str, locale: str) -> str:
    """The name of somebody whose form of address nobody knows: in full, with a degree where the
    language has one that tells no sex (German keeps the written "Dr.", "Prof. Dr.").
    """
    full = f"{given_name} {family_name}".strip()
    degrees = degrees_in(title)
    if locale == "en":
        spoken = form_of_address_degree(title, locale, feminine=True)
        return f"{spoken} {family_name}" if spoken else full
    if locale == "de":
        written = [
            word
            for degree, word in ((Degree.PROFESSOR, "Prof."), (Degree.DOCTOR, "Dr."))
            if degree in degrees
        ]
        return " ".join([*written, full])
    return full


def replaces_courtesy_title(title: str, locale: str) -> bool:
    """Whether a degree stands in place of Ms or Mr: "Dear Dr Kos", never "Dear Ms Dr Kos"."""
    return locale == "en" and bool(form_of_address_degree(title, locale, feminine=True))
