"""Cells as values: countries, languages, addresses and answers as people write them in lists."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from flask_babel import gettext as _

from event_mgmt.core.countries import country_code_of
from event_mgmt.core.email_addresses import email_address_of
from event_mgmt.core.phones import phone_of
from event_mgmt.core.text import fold
from event_mgmt.events.enums import QuestionKind
from event_mgmt.events.models import Question
from event_mgmt.registration_desk.imports.addresses import addresses_in
from event_mgmt.registration_desk.imports.sheets import NOT_WORKED_OUT
from event_mgmt.registration_desk.imports.word_lists import by_bars
from event_mgmt.registrations.party import one_line
from event_mgmt.registrations.questions.answers import NO, YES

_LANGUAGES: Final = {
    "de": "de deutsch german nemscina nemsko nemski ger deu",
    "sl": "sl slo slovenscina slovensko slovenski slowenisch slovenian slovene slv si",
    "en": "en englisch english anglescina anglesko angleski eng gb",
}
_TRUE: Final = frozenset({"ja", "j", "da", "yes", "y", "true", "wahr", "x", "1"})
_FALSE: Final = frozenset({"nein", "ne", "no", "n", "false", "falsch", "0"})
_DAYS: Final = ("%Y-%m-%d", "%d.%m.%Y", "%d. %m. %Y", "%d/%m/%Y", "%d.%m.%y")
_NOTHING: Final = by_bars(
    "-|--|–|—|/|n/a|na|n. a|n.a|k. a|k.a|keine angabe|keine|ni podatka|ni|brez|none|null|nan|0.0.00"
    "|not applicable|unbekannt|nicht bekannt|neznano|tba|tbd|?|.|nicht angegeben"
)
"""What people and programs write where they have nothing to say."""
_ROUNDED: Final = re.compile(r"\d[.,]\d*E\+?\d+", re.IGNORECASE)
_REMARK: Final = re.compile(r"\((?!0\))[^()\d]*\)")
_ONE_OF_TWO: Final = re.compile(
    r"\s*[/,;|]\s*(?=(?:\+|\(?0)[\d\s()/.\-]{6,})|\s*[;|]\s*|\s+(?:oder|or|ali)\s+"
)
_ERRORS: Final = frozenset({"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})


class UnreadableCell(Exception):
    """A cell that does not hold what its column should; the text says so to the reader."""


def text(cell: str) -> str:
    """A cell as text.

    Unreadable where the spreadsheet had worked out an error, or nothing, or a letter got lost.
    """
    if cell == NOT_WORKED_OUT:
        raise UnreadableCell(
            _(
                "Here stands a formula whose value is not in the file. Please open the file in the"
                " spreadsheet and save it there, or write the value."
            )
        )
    if "\N{REPLACEMENT CHARACTER}" in cell:
        raise UnreadableCell(
            _("“%(cell)s”: a letter of this is broken in the file.", cell=short(cell))
        )
    if cell in _ERRORS:
        raise UnreadableCell(_("The spreadsheet shows an error here: %(cell)s", cell=cell))
    return cell


def is_nothing(cell: str) -> bool:
    """Whether a cell only says that there is nothing to say ("k. A.", "n/a", "-")."""
    return fold(cell).strip(" .") in _NOTHING or not cell.strip("-–—./ ")


def email(cell: str) -> str:
    """An address that mail can reach, as far as its form tells; the first where there are several.

    See addresses.py for what is read.
    """
    found = addresses_in(cell)
    address = email_address_of(found[0]) if found else None
    if address is None:
        raise UnreadableCell(_("“%(cell)s” is no e-mail address.", cell=short(cell)))
    return address.lower()


def further_addresses(cell: str) -> list[str]:
    """The other addresses of a cell that holds several."""
    first, *others = addresses_in(cell) or [""]
    return [other for other in others if other.lower() != first.lower()]


def phone(cell: str, country: str) -> str:
    """A number in the international form; without a code it is one of ``country``.

    Of two numbers the first is read. What a spreadsheet has rounded is no number any more.
    """
    number = phone_of(cell, country)
    if number is None:
        first = _ONE_OF_TWO.split(_REMARK.sub("", one_line(cell)))[0]
        number = phone_of(re.sub(r"^[^\d+(]+", "", first), country) or None
    if number is None:
        if _ROUNDED.fullmatch(one_line(cell).lstrip("'")):
            words = _("“%(cell)s”: the spreadsheet has cut this number short.", cell=short(cell))
        else:
            words = _("“%(cell)s” is no phone number with its country code.", cell=short(cell))
        raise UnreadableCell(words)
    return number


def country(cell: str) -> str:
    """The ISO 3166-1 code of a country given by name in any of our languages, or by a code."""
    code = country_code_of(cell)
    if code is None:
        raise UnreadableCell(_("“%(cell)s” is no country we know.", cell=short(cell)))
    return code


def language(cell: str) -> str:
    """The first of our languages that a cell names: "Deutsch, Englisch", "de-AT"."""
    for part in re.split(r"[,;/|&]|\bund\b|\bin\b|\band\b", fold(cell)):
        wanted = part.strip(" .").partition("-")[0].partition("_")[0].strip()
        for code, names in _LANGUAGES.items():
            if wanted in names.split():
                return code
    raise UnreadableCell(_("“%(cell)s” is none of our languages.", cell=short(cell)))


def yes_or_no(cell: str) -> bool | None:
    """What a cell says where it says yes or no; None for anything else."""
    wanted = fold(cell).strip(" .!")
    return True if wanted in _TRUE else False if wanted in _FALSE or is_nothing(cell) else None


def answer(question: Question, cell: str) -> str | list[str]:
    """A cell as ``answers.read_answers`` takes it: keys for labels, yes and no, ISO dates."""
    match question.kind:
        case QuestionKind.YES_NO:
            wanted = fold(cell)
            return YES if wanted in _TRUE else NO if wanted in _FALSE else cell
        case QuestionKind.CHOICE:
            return _key_of(question, cell)
        case QuestionKind.CHOICES:
            whole = _key_of(question, cell)
            if whole != cell.strip():
                return [whole]
            return [_key_of(question, part) for part in re.split(r"[;,\n]", cell) if part.strip()]
        case QuestionKind.DATE:
            return _day(cell)
        case _:
            return cell


def _key_of(question: Question, cell: str) -> str:
    wanted = fold(cell)
    for option in question.options:
        labels = {fold(str(label)) for label in option["label"].values()}
        if wanted in labels or wanted == fold(str(option["key"])):
            return str(option["key"])
    return cell.strip()


def _day(cell: str) -> str:
    for pattern in _DAYS:
        try:
            return datetime.strptime(cell.strip(), pattern).date().isoformat()  # noqa: DTZ007 - a day
        except ValueError:
            continue
    return cell


def short(cell: str) -> str:
    """``cell`` as a sentence quotes it."""
    return cell if len(cell) <= 40 else f"{cell[:39]}…"
