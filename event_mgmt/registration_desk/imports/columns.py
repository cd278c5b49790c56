"""What the columns of a list are: recognised by their headings in three languages."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import force_locale, lazy_gettext as _l

from event_mgmt.core.text import fold
from event_mgmt.events.models import Question
from event_mgmt.registration_desk.imports.reading import Row, Sheet
from event_mgmt.settings import LOCALES

LABELS: Final = {
    "given_name": _l("Given name"),
    "family_name": _l("Family name"),
    "full_name": _l("Given and family name"),
    "email": _l("E-mail"),
    "organisation": _l("Organisation"),
    "function": _l("Function"),
    "country": _l("Country"),
    "phone": _l("Phone"),
    "form_of_address": _l("Form of address"),
    "academic_title": _l("Academic title"),
    "language": _l("Language"),
    "message": _l("Message to the organiser"),
    "companion_of": _l("Companion of"),
}
"""What a column can be, in the order in which it is offered; besides the organiser's questions."""

_QUESTION: Final = re.compile(r"question-(\d+)")
_HEADER_WITHIN: Final = 10

_HEADINGS: Final = {
    "given_name": ("vorname vornamen rufname ime osebnoime givenname firstname forename prename"),
    "family_name": ("nachname familienname zuname priimek surname lastname familyname prezime"),
    "full_name": (
        "vollername vorundnachname vornameundnachname vornamenachname namevorname nachnamevorname"
        " nameundvorname imeinpriimek priimekinime imepriimek fullname nameandsurname teilnehmer"
        " teilnehmerin teilnehmende udelezenec udelezenka participant attendee gast gost guest"
    ),
    "email": "email emailadresse mail mailadresse eposta eposte enaslov epostninaslov eadresse"
    " emailaddress elektronskaposta elektronskinaslov eposta1 elposta",
    "organisation": "organisation organization firma unternehmen institution einrichtung company"
    " organizacija podjetje ustanova druzba betrieb hochschule",
    "function": "funktion position rolle stellung jobtitle function role funkcija polozaj delovno"
    " delovnomesto naziv amt",
    "country": "land staat country drzava laendercode landercode countrycode isoland nation",
    "phone": "telefon telefonnummer tel mobil mobiltelefon handy rufnummer phone phonenumber mobile"
    " telephone telefonskastevilka gsm mobitel mobilni",
    "form_of_address": "anrede nagovor formofaddress salutation naslavljanje",
    "academic_title": "titel akademischertitel akademischergrad title academictitle degree"
    " akademskinaziv strokovninaziv akademskinaslov znanstveninaziv",
    "language": "sprache korrespondenzsprache language jezik jezikkorespondence",
    "message": "nachricht bemerkung bemerkungen anmerkung anmerkungen kommentar notiz message"
    " comment comments remark remarks note sporocilo opomba opombe komentar nachrichtan"
    " nachrichtandieveranstaltenden sporociloorganizatorju messagetotheorganiser",
    "companion_of": "begleitungvon begleitet begleitpersonvon spremljevalec spremlja"
    " spremljaosebo companionof accompanies guestof",
}
_KNOWN: Final = {word: target for target, words in _HEADINGS.items() for word in words.split()}


@dataclass(frozen=True)
class Table:
    """A list with its header apart."""

    header: Row
    rows: tuple[Row, ...]


def headed(sheet: Sheet, questions: Sequence[Question]) -> Table:
    """``sheet`` with its header: that of the first rows in which most headings are recognised.

    What stands above it is a title.
    """

    def recognised(place: int) -> int:
        return sum(bool(t) for t in recognise(sheet.rows[place].cells, questions))

    within = range(min(_HEADER_WITHIN, len(sheet.rows) - 1))
    best = max(within, key=lambda place: (recognised(place), -place))
    return Table(sheet.rows[best], sheet.rows[best + 1 :])


def recognise(header: Sequence[str], questions: Sequence[Question]) -> tuple[str, ...]:
    """What each column is ('' where nothing is recognised); nothing is there twice."""
    asked = {
        squeezed(text): f"question-{question.id}"
        for question in questions
        for locale in LOCALES
        if (text := question.label.get(locale))
    }
    known = {**_KNOWN, **_labelled()}
    found: list[str] = []
    for heading in header:
        name = squeezed(heading)
        target = known.get(name) or asked.get(name) or ""
        found.append(target if target not in found else "")
    return tuple(_with_name(header, found))


@functools.cache
def _labelled() -> dict[str, str]:
    """What our own lists call the columns, in every language."""
    found: dict[str, str] = {}
    for locale in LOCALES:
        with force_locale(locale):
            found |= {squeezed(str(label)): target for target, label in LABELS.items()}
    return found


def _with_name(header: Sequence[str], found: list[str]) -> list[str]:
    """A column "Name" beside given names holds family names; by itself, both."""
    if "family_name" in found or "full_name" in found:
        return found
    meant = "family_name" if "given_name" in found else "full_name"
    for place, heading in enumerate(header):
        if not found[place] and squeezed(heading) == "name":
            return [*found[:place], meant, *found[place + 1 :]]
    return found


def squeezed(text: str) -> str:
    """``text`` as headings are compared: letters and digits only, no case, no diacritics."""
    return "".join(char for char in fold(text) if char.isalnum())


def is_target(target: str, questions: Sequence[Question]) -> bool:
    """Whether a column can be ``target`` at an event with these questions."""
    return target in LABELS or question_id(target) in {question.id for question in questions}


def question_id(target: str) -> int | None:
    """The id of the question that a column answers; None for the other columns."""
    match = _QUESTION.fullmatch(target)
    return int(match[1]) if match else None


def lacking(targets: Sequence[str]) -> list[object]:
    """The labels of what every list needs and this one does not have."""
    named = "full_name" in targets or {"given_name", "family_name"} <= set(targets)
    found: list[object] = [] if named else [LABELS["given_name"], LABELS["family_name"]]
    if "email" not in targets:
        found.append(LABELS["email"])
    return found
