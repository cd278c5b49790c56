"""A party from plain data: JSON, what a form holds, or a row of a list. The rules stand here once.

The data are a mapping such as ``Party.to_mapping`` gives::

    {"contact": {"email": …, "given_name": …, …, "answers": {"17": …}},
     "companions": [{"family_name": …, "answers": {…}}, …],
     "message": …, "shares_name": …, "locale": …, "privacy_version": …}

What is left out, or None, is empty. Fields that there are not are refused, so that nobody's words
are lost behind a slip of the pen. Nothing here knows a form, a request or a database.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from event_mgmt.core import countries
from event_mgmt.core.email_addresses import email_address_of
from event_mgmt.core.phones import phone_of
from event_mgmt.registrations import problems
from event_mgmt.registrations.enums import FormOfAddress
from event_mgmt.registrations.party import LIMITS, Party, Person, many_lines, one_line
from event_mgmt.registrations.people.person_matching import match_positions
from event_mgmt.registrations.people.web_addresses import holds_web_address
from event_mgmt.registrations.person_fields import (
    PERSON_FIELD_NAMES,
    PERSON_FIELDS,
    PersonField,
    PersonFieldKind,
)
from event_mgmt.registrations.problems import Problem
from event_mgmt.registrations.questions import answers
from event_mgmt.registrations.questions.answers import QuestionLike
from event_mgmt.registrations.rules import SHOWN_IN_MAILS
from event_mgmt.settings import LOCALES

_PARTY_KEYS: Final = frozenset(
    {"contact", "companions", "message", "shares_name", "locale", "privacy_version"}
)
_PERSON_KEYS: Final = frozenset({*PERSON_FIELD_NAMES, "answers"})
_CONTACT_KEYS: Final = _PERSON_KEYS | {"email"}
_COMPANION_KEYS: Final = frozenset(
    {*(field.name for field in PERSON_FIELDS if field.for_companions), "answers"}
)
_VERSION_MAX: Final = 40
_MOST_UNKNOWN: Final = 20
_MOST_OF_A_KEY: Final = 80
_COUNTRY_MAX: Final = 120  # a name is taken as well as a code
_SPARE: Final = 100
"""Blanks and line breaks that a text may have besides."""

_FORMS_OF_ADDRESS: Final = frozenset(FormOfAddress)


@dataclass(frozen=True)
class EntryRules:
    """What is asked of a party, by who enters it.

    ``requires_details``: the contact's organisation and country; ``requires_answers``: those to
    required questions. ``refuses_web_addresses`` in names, which our mails repeat.
    ``is_list``: the values come from cells, in which companions' phones stand although nobody is
    asked for them; addresses and numbers were read there already, by ``core.email_addresses`` and
    ``core.phones`` as here, and are not read once more.
    """

    requires_details: bool = False
    requires_answers: bool = False
    refuses_web_addresses: bool = True
    is_list: bool = False


GUEST: Final = EntryRules(requires_details=True, requires_answers=True)
DESK: Final = EntryRules()
IMPORT: Final = EntryRules(refuses_web_addresses=False, is_list=True)


class PartyProblems(dict[str, Problem]):
    """What is wrong by where: ``contact.email``, ``companions.2.family_name`` (counted from 0),
    ``contact.answers.17``, ``companions``, ``message``; '' for the whole.
    """


def parse_party(
    given: object,
    questions: Sequence[QuestionLike],
    rules: EntryRules,
    *,
    written_in: str,
    largest_party: int | None = None,
    stored: Party | None = None,
) -> Party | PartyProblems:
    """The party that ``given`` describes, or everything that is wrong with it.

    ``questions`` are those that its event asks. Numbers are read as somebody who writes
    ``written_in`` means them; that is also the party's language where it names none. ``stored`` is
    the party as it was before a change: what stands there already may stay.
    """
    return _PartyParser(questions, rules, written_in, stored).parse(given, largest_party)


def parse_email(given: object) -> str | Problem:
    """An address that mail can reach, or what is wrong with it."""
    text = _text(given, LIMITS["email"])
    if isinstance(text, Problem):
        return text
    return (email_address_of(text) or problems.EMAIL_UNREADABLE) if text else problems.EMAIL_MISSING


class _PartyParser:
    """Reads one mapping, and notes what is wrong with it."""

    def __init__(
        self,
        questions: Sequence[QuestionLike],
        rules: EntryRules,
        written_in: str,
        stored: Party | None,
    ) -> None:
        self._questions = questions
        self._asked = frozenset(str(question.id) for question in questions)
        self._rules = rules
        self._written_in = written_in
        self._stored = stored
        self._problems = PartyProblems()

    def parse(self, given: object, largest: int | None) -> Party | PartyProblems:
        whole = self._mapping("", given, _PARTY_KEYS)
        contact = self._mapping("contact", whole.get("contact"), _CONTACT_KEYS)
        if self._problems.keys() & {"", "contact"}:  # there is nobody to say more about
            return self._problems
        email = self._noted("contact.email", self._email(contact.get("email")))
        rows = [("contact", contact), *self._companions(whole.get("companions"), largest)]
        people = self._with_answers(rows, [self._person(path, row) for path, row in rows])
        message = self._noted("message", _text(whole.get("message"), LIMITS["message"], many_lines))
        shares_name = self._yes_or_no("shares_name", whole.get("shares_name"))
        locale = self._locale(whole.get("locale"))
        version = _text(whole.get("privacy_version"), _VERSION_MAX)
        privacy_version = self._noted("privacy_version", version)
        if self._problems:
            return self._problems
        return Party(
            email=email,
            locale=locale,
            contact=people[0],
            companions=tuple(people[1:]),
            message=message,
            shares_name=shares_name,
            privacy_version=privacy_version,
        )

    def _note(self, path: str, problem: Problem) -> None:
        self._problems.setdefault(path, problem)

    def _noted(self, path: str, found: str | Problem) -> str:
        """What was read; '' where it could not be, which is noted."""
        if isinstance(found, Problem):
            self._note(path, found)
            return ""
        return found

    def _mapping(self, path: str, given: object, keys: Collection[str]) -> Mapping[str, object]:
        """``given`` as a mapping that has no other ``keys``; an empty one where it is none."""
        if given is None and path:
            return {}
        if not isinstance(given, Mapping):
            self._note(path, problems.WRONG_TYPE)
            return {}
        unknown = [str(key)[:_MOST_OF_A_KEY] for key in given if key not in keys]
        for key in unknown[:_MOST_UNKNOWN]:
            self._note(f"{path}.{key}" if path else key, problems.UNKNOWN_FIELD)
        return given

    def _email(self, given: object) -> str | Problem:
        if given and self._rules.is_list:
            return _text(given, LIMITS["email"])
        return parse_email(given)

    def _companions(
        self, given: object, largest: int | None
    ) -> Iterator[tuple[str, Mapping[str, object]]]:
        """Each companion with its path. Of too many, one more than may come is looked at."""
        rows = [] if given is None else given
        if not isinstance(rows, list | tuple):
            self._note("companions", problems.WRONG_TYPE)
            return
        if largest is not None and 1 + len(rows) > largest:
            self._note("companions", problems.too_many_people(largest))
        keys = _PERSON_KEYS if self._rules.is_list else _COMPANION_KEYS
        for place, row in enumerate(rows[:largest]):
            path = f"companions.{place}"
            found = self._mapping(path, row, keys)
            if path not in self._problems:
                yield path, found

    def _person(self, path: str, given: Mapping[str, object]) -> Person:
        """A person without the answers. A phone is read after its country, as it is described."""
        values: dict[str, str] = {}
        for field in PERSON_FIELDS:
            there, raw = f"{path}.{field.name}", given.get(field.name)
            values[field.name] = self._noted(there, self._value(field, raw, values))
        self._check_names(path, values)
        if path == "contact" and self._rules.requires_details:
            self._require(path, values, "organisation", problems.ORGANISATION_MISSING)
            self._require(path, values, "country", problems.COUNTRY_MISSING)
        return Person.from_fields(values)

    def _value(self, field: PersonField, raw: object, values: Mapping[str, str]) -> str | Problem:
        """One field, read as what it holds; what stands in the stored party may stay."""
        most = _COUNTRY_MAX if field.kind is PersonFieldKind.COUNTRY else field.max_length
        text = _text(raw, most)
        if isinstance(text, Problem) or not text or self._is_stored(text, field.name):
            return text
        match field.kind:
            case PersonFieldKind.COUNTRY:
                return _country(text)
            case PersonFieldKind.PHONE if not self._rules.is_list:
                number = phone_of(text, values.get("country", ""))
                return problems.PHONE_UNREADABLE if number is None else number
            case PersonFieldKind.FORM_OF_ADDRESS:
                return text if text in _FORMS_OF_ADDRESS else problems.NOT_OFFERED
            case _:
                return text

    def _is_stored(self, value: str, name: str) -> bool:
        """Whether somebody of the party as it was has that value."""
        if self._stored is None:
            return False
        return any(getattr(person, name) == value for person in self._stored.people)

    def _require(self, path: str, values: Mapping[str, str], name: str, problem: Problem) -> None:
        if not values[name]:  # one that could not be read is noted as that
            self._note(f"{path}.{name}", problem)

    def _check_names(self, path: str, values: Mapping[str, str]) -> None:
        """Some people have one name only; and no mail program may find a link in a name."""
        is_unread = f"{path}.given_name" in self._problems
        if not values["given_name"] and not values["family_name"] and not is_unread:
            self._note(f"{path}.family_name", problems.NAME_MISSING)
        if self._rules.refuses_web_addresses:
            for name in SHOWN_IN_MAILS:
                if holds_web_address(values[name]):
                    self._note(f"{path}.{name}", problems.WEB_ADDRESS)

    def _with_answers(
        self, rows: Sequence[tuple[str, Mapping[str, object]]], people: Sequence[Person]
    ) -> list[Person]:
        """``people`` with their answers; whose were taken before, those stay acceptable."""
        places: Sequence[int | None] = [None] * len(people)
        before = self._stored.people if self._stored else ()
        if before:
            places = match_positions(before, people)
        return [
            self._answered(path, row, person, None if place is None else before[place])
            for (path, row), person, place in zip(rows, people, places, strict=True)
        ]

    def _answered(
        self, path: str, row: Mapping[str, object], person: Person, before: Person | None
    ) -> Person:
        there = f"{path}.answers"
        given = self._mapping(there, row.get("answers"), self._asked)
        found = answers.read_answers(
            self._questions,
            given,
            companion=path != "contact",
            locale=self._written_in,
            requires_answers=self._rules.requires_answers,
            stored=before.every_answer if before else None,
        )
        for key, problem in found.problems.items():
            self._note(f"{there}.{key}", problem)
        if not (found.plain or found.sensitive):
            return person
        return replace(person, answers=found.plain, sensitive=found.sensitive)

    def _yes_or_no(self, path: str, given: object) -> bool:
        if given is not None and not isinstance(given, bool):
            self._note(path, problems.WRONG_TYPE)
        return given is True

    def _locale(self, given: object) -> str:
        if given is None:
            return self._written_in
        if not isinstance(given, str) or given not in LOCALES:
            self._note("locale", problems.NOT_OFFERED)
            return self._written_in
        return given


def _text(given: object, most: int, cleaned: Callable[[str], str] = one_line) -> str | Problem:
    """A text of at most ``most`` characters, without any that cannot be seen."""
    if given is None:
        return ""
    if not isinstance(given, str):
        return problems.WRONG_TYPE
    # Before anything is done with it: whoever sends a novel for a name need not be read.
    text = cleaned(given) if len(given) <= 2 * most + _SPARE else given
    return problems.too_long(most) if len(text) > most else text


def _country(text: str) -> str | Problem:
    """The code of a country, given by it or by a name."""
    if text in countries.codes():
        return text
    return countries.country_code_of(text) or problems.COUNTRY_NOT_OFFERED
