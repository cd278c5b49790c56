"""Who registers, as plain values: a person, and the party of a contact with companions."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from event_mgmt.core.text import full_name, name_key
from event_mgmt.registrations.person_fields import PERSON_FIELD_NAMES, PERSON_FIELDS

Answer = str | bool | int | float | list[str]
"""An answer to one of the organiser's questions, as it is stored."""

LIMITS: Final[Mapping[str, int]] = {
    **{field.name: field.max_length for field in PERSON_FIELDS},
    "email": 254,
    "message": 2000,
}
"""How many characters each field takes; the columns' own widths."""

_KEPT_CONTROLS: Final = frozenset("\n\t")
_UNPRINTED: Final = frozenset({"Cc", "Cf", "Cs"})
"""Controls, signs of direction, and halves of a character, which no database can store."""


def one_line(text: str) -> str:
    """``text`` without control and direction characters, in one line with single spaces."""
    return " ".join(_printable(text).split()) if text else ""


def many_lines(text: str) -> str:
    """``text`` without control and direction characters, its line breaks kept."""
    return _printable(text.replace("\r\n", "\n")).strip()


def _printable(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable():  # nearly always, and then there is nothing to look for
        return composed
    kept = "".join(
        " " if c in "\r\x0b\x0c" else c
        for c in composed
        if c in _KEPT_CONTROLS or c in "\r\x0b\x0c" or unicodedata.category(c) not in _UNPRINTED
    )
    return unicodedata.normalize("NFC", kept)  # an accent may have come next to its letter


@dataclass(frozen=True)
class Person:
    """One body. ``answers`` and ``sensitive`` are {question id as text: answer}.

    Whoever has one name only has it as the family name, whichever field it was typed in.
    """

    given_name: str
    family_name: str
    form_of_address: str = ""
    academic_title: str = ""
    function: str = ""
    organisation: str = ""
    country: str = ""
    phone: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    sensitive: Mapping[str, Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in PERSON_FIELD_NAMES:
            object.__setattr__(self, name, one_line(getattr(self, name)))
        if not self.family_name:
            object.__setattr__(self, "family_name", self.given_name)
            object.__setattr__(self, "given_name", "")

    @classmethod
    def from_fields(cls, values: Mapping[str, str]) -> Self:
        """The person of whom PERSON_FIELDS have these ``values``; without answers."""
        given = {name: values.get(name) or "" for name in PERSON_FIELD_NAMES}
        return cls(**given)  # type: ignore[arg-type]  # no answers are among them

    def to_mapping(self) -> dict[str, object]:
        """All that is said of the person, as plain data; what is empty is left out."""
        said: dict[str, object] = {
            name: value for name in PERSON_FIELD_NAMES if (value := getattr(self, name))
        }
        return {**said, "answers": self.every_answer} if self.every_answer else said

    @property
    def full_name(self) -> str:
        """Given and family name, or the only one."""
        return full_name(self.given_name, self.family_name)

    @property
    def every_answer(self) -> dict[str, Answer]:
        """All answers, the sensitive ones among them."""
        return {**self.answers, **self.sensitive}

    @property
    def folded_name(self) -> str:
        """The name as people are compared by it."""
        return name_key(self.full_name)


@dataclass(frozen=True)
class Party:
    """A contact with companions, and what goes with all of them.

    ``locale`` is the language in which the contact is written to; ``privacy_version`` names the
    privacy notice that was shown.
    """

    email: str
    locale: str
    contact: Person
    companions: tuple[Person, ...] = ()
    message: str = ""
    shares_name: bool = False
    privacy_version: str = ""

    def __post_init__(self) -> None:
        # An address is compared without case: no provider in use tells two people apart by it.
        object.__setattr__(self, "email", one_line(self.email).lower())
        object.__setattr__(self, "message", many_lines(self.message))

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody, the contact first."""
        return (self.contact, *self.companions)

    @property
    def seats(self) -> int:
        """How many seats the party needs."""
        return 1 + len(self.companions)

    def to_mapping(self) -> dict[str, object]:
        """The party as plain data, as ``party_parser.parse_party`` takes it back."""
        return {
            "contact": {"email": self.email, **self.contact.to_mapping()},
            "companions": [person.to_mapping() for person in self.companions],
            "message": self.message,
            "shares_name": self.shares_name,
            "locale": self.locale,
            "privacy_version": self.privacy_version,
        }
