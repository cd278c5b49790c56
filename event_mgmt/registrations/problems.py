"""What is wrong with a party that somebody enters: a code for programs, words for readers.

The words are said once, here or by the refusal that a verb gives for the same reason, and come in
the language of whoever reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.registrations.refusals import (
    NameMissing,
    PartyTooLarge,
    TooLong,
    WebAddressInName,
)


class ProblemCode(StrEnum):
    """What is wrong; the codes stay as they are, since programs read them."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    NOT_OFFERED = "not_offered"  # none of the values that there are to choose from
    UNREADABLE = "unreadable"  # no address, number, day, or yes and no
    AMBIGUOUS = "ambiguous"  # a number that two readers would read differently
    WEB_ADDRESS = "web_address"
    WRONG_TYPE = "wrong_type"  # a number for a text, a list for a person
    UNKNOWN_FIELD = "unknown_field"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong; ``words`` are translated when they are read (``str``)."""

    code: ProblemCode
    words: object

    def __str__(self) -> str:
        return str(self.words)


EMAIL_MISSING: Final = Problem(ProblemCode.MISSING, _l("Please enter an e-mail address."))
EMAIL_UNREADABLE: Final = Problem(ProblemCode.UNREADABLE, _l("Please check the e-mail address."))
NAME_MISSING: Final = Problem(ProblemCode.MISSING, NameMissing.message)
WEB_ADDRESS: Final = Problem(ProblemCode.WEB_ADDRESS, WebAddressInName.message)
ORGANISATION_MISSING: Final = Problem(ProblemCode.MISSING, _l("Please enter an organisation."))
COUNTRY_MISSING: Final = Problem(ProblemCode.MISSING, _l("Please choose a country."))
COUNTRY_NOT_OFFERED: Final = Problem(
    ProblemCode.NOT_OFFERED, _l("Please choose a country from the list.")
)
NOT_OFFERED: Final = Problem(ProblemCode.NOT_OFFERED, _l("Not a valid choice."))
PHONE_UNREADABLE: Final = Problem(
    ProblemCode.UNREADABLE,
    _l("Please check the number, and begin with the country code (+49 …)."),
)
WRONG_TYPE: Final = Problem(ProblemCode.WRONG_TYPE, _l("This is not of the kind that is expected."))
UNKNOWN_FIELD: Final = Problem(ProblemCode.UNKNOWN_FIELD, _l("There is no such field."))


def too_long(most: int) -> Problem:
    """A text of more than ``most`` characters."""
    return Problem(ProblemCode.TOO_LONG, TooLong("", most).words)


def too_many_people(largest: int) -> Problem:
    """A party of more than ``largest`` people."""
    return Problem(ProblemCode.TOO_MANY, PartyTooLarge(largest).words)
