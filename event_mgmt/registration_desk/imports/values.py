"""Cells as values: countries, languages, addresses and answers as people write them in lists."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _

from event_mgmt.core.countries import country_code_of
from event_mgmt.core.phones import phone_of
from event_mgmt.core.text import fold
from event_mgmt.events.models import Question
from event_mgmt.events.words import QuestionKind
from event_mgmt.registrations.answers import NO, YES
from event_mgmt.registrations.party import one_line
from event_mgmt.registrations.words import FormOfAddress

_LANGUAGES: Final = {
    "de": "de deutsch german nemscina nemsko nemski ger deu",
    "sl": "sl slo slovenscina slovensko slovenski slowenisch slovenian slovene slv si",
    "en": "en englisch english anglescina anglesko angleski eng gb",
}
_ADDRESSES: Final = {
    FormOfAddress.MS: "frau fr gospa ga gdc gospodicna ms mrs miss",
    FormOfAddress.MR: "herr herrn hr gospod g mr",
}
_TRUE: Final = frozenset({"ja", "j", "da", "yes", "y", "true", "wahr", "x", "1"})
_FALSE: Final = frozenset({"nein", "ne", "no", "n", "false", "falsch", "0"})
_DAYS: Final = ("%Y-%m-%d", "%d.%m.%Y", "%d. %m. %Y", "%d/%m/%Y", "%d.%m.%y")
_ERRORS: Final = frozenset({"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})


class Unreadable(Exception):
    """A cell that does not hold what its column should; the text says so to the reader."""


def text(cell: str) -> str:
    """A cell as text; Unreadable where the spreadsheet had worked out an error."""
    if cell in _ERRORS:
        raise Unreadable(_("The spreadsheet shows an error here: %(cell)s", cell=cell))
    return cell


def email(cell: str) -> str:
    """An address that mail can reach, as far as its form tells."""
    try:
        found = validate_email(one_line(cell), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise Unreadable(_("“%(cell)s” is no e-mail address.", cell=_short(cell))) from None
    return str(found.normalized).lower()


def phone(cell: str, country: str) -> str:
    """A number in the international form; without a code it is one of ``country``."""
    number = phone_of(cell, country)
    if number is None:
        raise Unreadable(
            _("“%(cell)s” is no phone number with its country code.", cell=_short(cell))
        )
    return number


def country(cell: str) -> str:
    """The ISO 3166-1 code of a country given by name in any of our languages, or by a code."""
    code = country_code_of(cell)
    if code is None:
        raise Unreadable(_("“%(cell)s” is no country we know.", cell=_short(cell)))
    return code


def language(cell: str) -> str:
    """One of our languages."""
    return _one_of(cell, _LANGUAGES, _("“%(cell)s” is none of our languages.", cell=_short(cell)))


def form_of_address(cell: str) -> FormOfAddress:
    """Ms or Mr, in any of our languages."""
    words = _("“%(cell)s” is no form of address we know.", cell=_short(cell))
    return _one_of(cell, _ADDRESSES, words)


def _one_of(cell: str, known: dict[Any, str], words: str) -> Any:
    wanted = fold(cell).strip(". ")
    for value, names in known.items():
        if wanted in names.split():
            return value
    raise Unreadable(words)


def names(cell: str) -> tuple[str, str]:
    """(given, family) name from one cell: "Kovač, Maja", or else the last word is the family's."""
    whole = one_line(cell)
    family, comma, given = whole.partition(",")
    if comma:
        return given.strip(), family.strip()
    given, _, family = whole.rpartition(" ")
    return given, family


def answer(question: Question, cell: str) -> Any:
    """A cell as ``answers.read`` takes it: keys for labels, yes and no, ISO dates."""
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


def _short(cell: str) -> str:
    return cell if len(cell) <= 40 else f"{cell[:39]}…"
