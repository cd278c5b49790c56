"""All columns of attendee lists, as data: their headings, their sources, how they are shown."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final, TypeGuard
from zoneinfo import ZoneInfo

from babel import Locale
from flask_babel import gettext as _, lazy_gettext as _l

from event_mgmt.attendee_lists.enums import RowChange
from event_mgmt.core import tokens
from event_mgmt.core.countries import name_of
from event_mgmt.registrations.enums import FormOfAddress, Status
from event_mgmt.registrations.party import Answer
from event_mgmt.registrations.people import display_names
from event_mgmt.registrations.person_fields import (
    PERSON_FIELDS,
    PersonField,
    PersonFieldKind,
)
from event_mgmt.web.enum_labels import enum_label

Cell = str | int | float | bool | date | list[str] | dict[str, Answer] | None
"""What a file's cell holds; a person's answers (a dict) are only what such cells are made of."""

Cells = Sequence[Cell]
Convert = Callable[[Sequence[Cell]], Iterable[Cell]]
"""Makes the cells of a column from what the database gave for it, a batch at a time."""


class ColumnKind(StrEnum):
    """What a column holds: guests' own text, one of our words, or something typed."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    WORD = "word"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    YES_NO = "yes_no"


@dataclass(frozen=True)
class ColumnContext:
    """For whom cells are made: language, the event's zone, the names of its contingents.

    ``as_codes`` keeps codes and ids instead of words and names, and instants in UTC: for machines.
    """

    locale: str
    zone: str
    contingents: Mapping[int, str] = field(default_factory=dict)
    as_codes: bool = False


@dataclass(frozen=True)
class ListColumn:
    """One column. ``source`` names what statements.py selects; ``convert`` makes its cells.

    For machines ``code_source`` is selected instead, where there is one. ``options`` are the codes
    that the organiser made up, with what they mean.
    """

    key: str
    label: object
    kind: ColumnKind
    source: str
    width: int = 18
    convert: Callable[[ColumnContext], Convert | None] | None = None
    is_sensitive: bool = False
    code_source: str = ""
    options: Mapping[str, str] = field(default_factory=dict)

    def source_for(self, *, as_codes: bool) -> str:
        """What is to be selected."""
        return (as_codes and self.code_source) or self.source


@dataclass(frozen=True)
class ColumnHeading:
    """A column as a file needs it: its heading, what it holds, its width in characters."""

    key: str
    label: str
    kind: ColumnKind
    width: int
    options: Mapping[str, str] = field(default_factory=dict)


def column_headings(columns: Iterable[ListColumn]) -> list[ColumnHeading]:
    """The headings in the reader's language; equal ones are distinguished by a number."""
    made: list[ColumnHeading] = []
    seen: dict[str, int] = {}
    for column in columns:
        label = " ".join(str(column.label).split()) or column.key
        seen[label] = seen.get(label, 0) + 1
        if seen[label] > 1:
            label = f"{label} ({seen[label]})"
        made.append(ColumnHeading(column.key, label, column.kind, column.width, column.options))
    return made


def cell_maker(
    columns: Sequence[ListColumn], sources: Sequence[str], reading: ColumnContext
) -> Callable[[Sequence[Cells]], list[Cells]]:
    """A function that turns a batch of database rows (values in the order ``sources``) into cells.

    It works column by column: most are taken over as they are, and most converters are look-ups
    without a call of ours for each cell, so that long lists cost little more than reading them.
    """
    plan = [
        (
            sources.index(column.source_for(as_codes=reading.as_codes)),
            column.convert(reading) if column.convert else None,
        )
        for column in columns
    ]

    def cells(batch: Sequence[Cells]) -> list[Cells]:
        read = list(zip(*batch, strict=True))
        if not read:
            return []
        made = [read[at] if make is None else make(read[at]) for at, make in plan]
        return list(zip(*made, strict=True))

    return cells


class _Labels(dict[object, str]):
    """Labels by their codes; those that are not ``known`` are made once by ``label_of``."""

    def __init__(
        self, known: Iterable[tuple[object, str]], label_of: Callable[[str], str] = str
    ) -> None:
        super().__init__(known)
        self._label_of = label_of

    def __missing__(self, code: object) -> str:
        label = self[code] = self._label_of(str(code))
        return label


def is_all_text(cells: Cells) -> TypeGuard[Sequence[str]]:
    """Whether every cell is a text: one look at the types, where a look at each would cost more."""
    return set(map(type, cells)) == {str}


def each(make: Callable[[Cell], Cell]) -> Convert:
    """A converter that makes every cell by itself."""
    return functools.partial(map, make)


def _counted(_reading: ColumnContext) -> Convert:
    numbers = itertools.count(1)
    return lambda column: itertools.islice(numbers, len(column))


def _worded(words: type[StrEnum]) -> Callable[[ColumnContext], Convert | None]:
    """For codes of an enumeration that has words."""

    def convert(reading: ColumnContext) -> Convert | None:
        if reading.as_codes:
            return None
        return each(_Labels((member.value, enum_label(member)) for member in words).__getitem__)

    return convert


def _country(reading: ColumnContext) -> Convert | None:
    if reading.as_codes:
        return None
    return each(_Labels((), functools.partial(name_of, locale=reading.locale)).__getitem__)


def _language(reading: ColumnContext) -> Convert | None:
    if reading.as_codes:
        return None
    return each(_Labels(Locale(reading.locale).languages.items()).__getitem__)


def _category(reading: ColumnContext) -> Convert:
    contact, companion = (
        ("contact", "companion") if reading.as_codes else (_("Contact"), _("Companion"))
    )
    return lambda column: [companion if position else contact for position in column]


def _named(reading: ColumnContext) -> Convert | None:
    """Everybody has a surname; where it has gone, a list for people says so."""
    if reading.as_codes:
        return None
    stands_for = display_names.removed_name()
    return lambda column: column if all(column) else [name or stands_for for name in column]


def _companion_of(reading: ColumnContext) -> Convert | None:
    """The contact's name; of a contact whose data have gone there is only a space."""
    if reading.as_codes:
        return None  # the contact's id
    stands_for = display_names.removed_name()

    def contacts(column: Cells) -> Cells:
        if " " not in column:
            return column
        return [stands_for if name == " " else name for name in column]

    return contacts


def _contingent(reading: ColumnContext) -> Convert | None:
    if reading.as_codes:
        return None  # its id
    return each(_Labels(reading.contingents.items(), lambda _unseen: "").__getitem__)


def _card_id(_reading: ColumnContext) -> Convert:
    """What an address book knows a card by: the same at every export, and nobody's to guess.

    The nonce is the registration's own: a restored database gives ids once more, not nonces.
    """
    return each(lambda person: f"urn:uuid:{tokens.uuid_of('vcard', str(person))}")


def _yes_no(_reading: ColumnContext) -> Convert:
    """One database has truth values, the other 0 and 1."""
    return each(bool)


def _moment(reading: ColumnContext) -> Convert:
    """Instants come aware from one database and as text from the other, in UTC from both."""
    if reading.as_codes:
        return each(lambda at: at and datetime.fromisoformat(str(at)).replace(tzinfo=UTC))
    offsets = _OffsetCache(ZoneInfo(reading.zone))

    def local(instant: Cell) -> datetime | None:
        if instant is None:
            return None
        utc = str(instant)
        return datetime.fromisoformat(utc[:19]) + offsets[utc[:15]]

    return each(local)


class _OffsetCache(dict[str, timedelta]):
    """How far a zone is from UTC, by ten minutes of UTC ("2027-03-28 01:0").

    Clocks change at full ten minutes, so that one look at the zone serves all instants between.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, ten_minutes: str) -> timedelta:
        began = datetime.fromisoformat(f"{ten_minutes}0").replace(tzinfo=UTC)
        offset = self[ten_minutes] = began.astimezone(self._zone).utcoffset() or timedelta()
        return offset


CHANGE: Final = ListColumn(
    "change", _l("What changed"), ColumnKind.WORD, "change", 16, _worded(RowChange)
)
"""What happened since an earlier export; only in lists of changes."""

NUMBER: Final = ListColumn("number", _l("No."), ColumnKind.NUMBER, "id", 6, _counted)

_CONVERT_BY_KIND: Final = {
    PersonFieldKind.COUNTRY: _country,
    PersonFieldKind.FORM_OF_ADDRESS: _worded(FormOfAddress),
}


def _of_person(field: PersonField) -> ListColumn:
    """The column of one thing that is said about a person."""
    convert = _named if field.name == "family_name" else _CONVERT_BY_KIND.get(field.kind)
    kind = ColumnKind.TEXT if field.kind.is_text else ColumnKind.WORD
    return ListColumn(field.name, field.label, kind, field.name, field.list_width, convert)


STANDARD: Final = (
    NUMBER,
    ListColumn("registration", _l("Registration no."), ColumnKind.NUMBER, "registration_id", 14),
    ListColumn("status", _l("Status"), ColumnKind.WORD, "stored_status", 18, _worded(Status)),
    *(_of_person(field) for field in PERSON_FIELDS if field.for_companions),
    ListColumn("country_code", _l("Country code"), ColumnKind.WORD, "country", 8),
    ListColumn("language", _l("Language"), ColumnKind.WORD, "locale", 14, _language),
    ListColumn("category", _l("Category"), ColumnKind.WORD, "position", 16, _category),
    ListColumn(
        "companion_of",
        _l("Companion of"),
        ColumnKind.TEXT,
        "companion_of",
        26,
        _companion_of,
        code_source="contact_id",
    ),
    ListColumn("party", _l("People in the party"), ColumnKind.NUMBER, "seats", 10),
    ListColumn("contingent", _l("Contingent"), ColumnKind.TEXT, "pool_id", 22, _contingent),
    ListColumn("email", _l("E-mail"), ColumnKind.TEXT, "email", 32),
    *(_of_person(field) for field in PERSON_FIELDS if not field.for_companions),
    ListColumn(
        "shares_name", _l("Name may be shared"), ColumnKind.YES_NO, "shares_name", 12, _yes_no
    ),
    ListColumn("registered_at", _l("Registered"), ColumnKind.MOMENT, "created_at", 18, _moment),
    ListColumn("checked_in_at", _l("Checked in"), ColumnKind.MOMENT, "checked_in_at", 18, _moment),
    ListColumn("message", _l("Message to the hosts"), ColumnKind.LONG_TEXT, "message", 40),
)

PERSON_ID: Final = ListColumn("id", "id", ColumnKind.NUMBER, "id", 8)
"""By which machines tell people apart; never shown to people."""

CARD_ID: Final = ListColumn("card_id", "UID", ColumnKind.TEXT, "card", 8, _card_id)
"""By which address books tell cards apart; never shown to people."""

NAME_AND_FUNCTION: Final = (
    "academic_title",
    "given_name",
    "family_name",
    "function",
    "organisation",
)
"""Who somebody is, in the order in which every list has it."""

USUAL: Final = (
    "number",
    "form_of_address",
    *NAME_AND_FUNCTION,
    "country",
    "category",
    "companion_of",
    "email",
    "phone",
)
"""What an export takes unless somebody chooses: who they are and how they are reached."""

WITH_SENSITIVE: Final = ("number", "academic_title", "given_name", "family_name", "organisation")
"""All that goes with sensitive answers into their own kind of export."""


def chosen(wanted: Sequence[str], catalogue: Sequence[ListColumn]) -> list[ListColumn]:
    """The columns of ``catalogue`` with the keys ``wanted``, in that order, each once."""
    by_key = {column.key: column for column in catalogue}
    return [by_key[key] for key in dict.fromkeys(wanted) if key in by_key]
