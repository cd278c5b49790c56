"""The SQL of attendee lists: who is on them, which values they carry, in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import (
    ColumnElement,
    FromClause,
    GenerativeSelect,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType

from event_mgmt.accounts.policy import AttendeeScope
from event_mgmt.attendee_lists.columns import Cell
from event_mgmt.attendee_lists.criteria import (
    GENERAL,
    ListCriteria,
    PersonFilter,
    PresenceFilter,
    SortOrder,
)
from event_mgmt.attendee_lists.enums import RowChange
from event_mgmt.core.countries import country_names
from event_mgmt.core.text import search_words
from event_mgmt.events.models import SeatPool
from event_mgmt.registrations.enums import OPEN, Status
from event_mgmt.registrations.models import Attendee, Registration, SensitiveAnswers

VisiblePart = tuple[AttendeeScope, frozenset[int]]
"""Which attendees somebody may see, as the policy puts it."""

Listed = Select[*tuple[Cell, ...]]
"""Statements whose columns are chosen by name."""

S = TypeVar("S", bound=GenerativeSelect)
Source = ColumnElement[Any]
"""Any: what is selected by name has many types, and SQLAlchemy's elements are invariant."""

_CONTACT: Final = aliased(Attendee)
_IS_CONTACT: Final = Attendee.position == 0

RARE_LETTER: Final = "[^\t-\u017f\u0370-\u045f\u2000-\u203a]"
"""What is neither Latin, Greek, Cyrillic nor a sign, for Python and both databases."""

# For files, what has a type of its own is read as the database has it ("stored_status",
# "shares_name", "created_at", "checked_in_at"): columns.py makes cells of a hundred thousand of
# them faster than through two layers of types, and rows without any such type are read faster
# altogether. The page takes them typed.
_SOURCES: Final[dict[str, Callable[[], Source]]] = {
    "id": lambda: Attendee.id.expression,
    "registration_id": lambda: Registration.id.expression,
    "status": lambda: Registration.status.expression,
    "registered_at": lambda: Registration.created_at.expression,
    "arrived_at": lambda: Attendee.checked_in_at.expression,
    "stored_status": lambda: type_coerce(Registration.status, String),
    "shares_name": lambda: type_coerce(Registration.shares_name, NullType()),
    "created_at": lambda: type_coerce(Registration.created_at, NullType()),
    "checked_in_at": lambda: type_coerce(Attendee.checked_in_at, NullType()),
    "companion_of": lambda: case(
        (_IS_CONTACT, ""),
        else_=_of_the_contact(case((_CONTACT.family_name == "", " "), else_=_CONTACT.full_name)),
    ),
    "contact_id": lambda: case((_IS_CONTACT, None), else_=_of_the_contact(_CONTACT.id.expression)),
    "card": lambda: Registration.nonce + " " + cast(Attendee.id, String),
    # A companion is reached through the contact: repeating the address would write to it twice.
    "email": lambda: case((_IS_CONTACT, Registration.email), else_=""),
    "message": lambda: case((_IS_CONTACT, Registration.message), else_=""),
    "sensitive": lambda: SensitiveAnswers.answers.expression,
}
_OF_REGISTRATION: Final = ("locale", "pool_id", "seats")


def _of_the_contact(value: Source) -> Source:
    """Something of the party's contact. Asked for companions alone, where a join asks for all."""
    same_party = _CONTACT.registration_id == Attendee.registration_id
    found = select(value).where(same_party, _CONTACT.position == 0)
    return found.correlate(Attendee).scalar_subquery()


def source(name: str) -> Source:
    """The expression called ``name`` in columns.py."""
    if name in _SOURCES:
        return _SOURCES[name]()
    table = Registration if name in _OF_REGISTRATION else Attendee
    return getattr(table, name).expression


def listed(
    event_id: int,
    visible: VisiblePart,
    criteria: ListCriteria,
    sources: Iterable[str],
    *,
    since: datetime | None = None,
) -> Listed:
    """The attendees of one event that fit, with ``sources`` in that order; without any order.

    With ``since`` only those to whom something happened after that instant, and the source
    "change" tells what.
    """
    names = list(sources)
    change = change_since(since, criteria) if since else None
    values = [change if name == "change" and change is not None else source(name) for name in names]
    found = select(*[value.label(name) for name, value in zip(names, values, strict=True)])
    return found.select_from(_tables(names)).where(*conditions(event_id, visible, criteria, since))


def of_people(ids: Sequence[int] | Listed, sources: Iterable[str]) -> Listed:
    """The attendees with these ids, with ``sources`` in that order; without any order."""
    names = list(sources)
    found = select(*[source(name).label(name) for name in names])
    return found.select_from(_tables(names)).where(Attendee.id.in_(ids))


def found_anywhere(search: str) -> Select[int] | None:
    """Everybody at any event whom a search finds; None for a search without words."""
    parts = [_matches(*word) for word in search_words(search)]
    return select(Attendee.id).select_from(_tables(())).where(*parts) if parts else None


def with_rare_letters(event_id: int, visible: VisiblePart) -> Select[str]:
    """What people of an event are called and do, where some of its letters are rare."""
    words = Attendee.given_name + Attendee.family_name + Attendee.organisation + Attendee.function
    where = (Attendee.event_id == event_id, within(event_id, visible))
    found = select(words).select_from(_tables(())).where(*where)
    return found.where(words.regexp_match(RARE_LETTER))


def counted(event_id: int, visible: VisiblePart, criteria: ListCriteria) -> Select[int]:
    """How many people fit."""
    statement = select(func.count()).select_from(_tables(()))
    return statement.where(*conditions(event_id, visible, criteria, None))


def _tables(names: Iterable[str]) -> FromClause:
    wanted = set(names)
    tables = Attendee.__table__.join(
        Registration.__table__, Registration.id == Attendee.registration_id
    )
    if "sensitive" in wanted:
        tables = tables.outerjoin(SensitiveAnswers, SensitiveAnswers.attendee_id == Attendee.id)
    return tables


def within(event_id: int, visible: VisiblePart) -> ColumnElement[bool]:
    """The registrations of an event that are visible: all, one's own contingents', or none."""
    scope, organisations = visible
    of_event = Registration.event_id == event_id
    if scope is AttendeeScope.ALL:
        return of_event
    if scope is AttendeeScope.NONE:
        return and_(of_event, Registration.id.is_(None))
    return and_(of_event, Registration.pool_id.in_(pools_of(event_id, organisations)))


def pools_of(event_id: int, organisations: Iterable[int]) -> Select[int]:
    """The contingents that these organisations have at an event."""
    return select(SeatPool.id).where(
        SeatPool.event_id == event_id, SeatPool.organisation_id.in_(sorted(organisations))
    )


def conditions(
    event_id: int, visible: VisiblePart, criteria: ListCriteria, since: datetime | None
) -> list[ColumnElement[bool]]:
    """Everything that an attendee on the list must fulfil."""
    found = [Attendee.event_id == event_id, within(event_id, visible)]
    if since is not None:
        # Whoever came and went since then was never on the earlier list.
        found += [
            Registration.changed_at > since,
            or_(Registration.created_at <= since, Registration.status.in_(_wanted(criteria))),
        ]
    elif criteria.statuses:
        found.append(Registration.status.in_(criteria.statuses))
    found += [_matches(*word) for word in search_words(criteria.search)]
    found += _of_attendee(event_id, criteria)
    return found


def _of_attendee(event_id: int, criteria: ListCriteria) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if criteria.contingent:
        general = SeatPool.organisation_id.is_(None)
        whose = (
            general
            if criteria.contingent == GENERAL
            else SeatPool.organisation_id == int(criteria.contingent)
        )
        pools = select(SeatPool.id).where(SeatPool.event_id == event_id, whose)
        found.append(Registration.pool_id.in_(pools))
    if criteria.country:
        found.append(Attendee.country == criteria.country)
    if criteria.organisation:
        found.append(Attendee.organisation == criteria.organisation)
    if criteria.people is not PersonFilter.ALL:
        found.append(
            _IS_CONTACT if criteria.people is PersonFilter.CONTACTS else Attendee.position > 0
        )
    if criteria.presence is not PresenceFilter.ALL:
        arrived = Attendee.checked_in_at.is_not(None)
        found.append(
            arrived
            if criteria.presence is PresenceFilter.ARRIVED
            else Attendee.checked_in_at.is_(None)
        )
    return found


def _matches(typed: str, parts: list[str]) -> ColumnElement[bool]:
    """Names, organisation and the like contain the word however spelt, or the address does."""
    return or_(
        and_(*[Attendee.search_text.contains(part, autoescape=True) for part in parts]),
        Registration.email.contains(typed, autoescape=True),
    )


def _wanted(criteria: ListCriteria) -> tuple[Status, ...]:
    return criteria.statuses or tuple(sorted(OPEN))


def change_since(since: datetime, criteria: ListCriteria) -> ColumnElement[str]:
    """What happened to a person after ``since``, as seen from a list with these ``criteria``."""
    on_list = Registration.status.in_(_wanted(criteria))
    joined = or_(Registration.created_at > since, Registration.confirmed_at > since)
    return case(
        (~on_list, RowChange.GONE.value),
        (joined, RowChange.ADDED.value),
        else_=RowChange.CHANGED.value,
    )


def in_order(found: S, order: SortOrder, locale: str, *, backwards: bool = False) -> S:
    """``found`` in ``order`` as readers of ``locale`` expect it; always the same."""
    surname = Attendee.sort_key_sl if locale == "sl" else Attendee.sort_key
    first: dict[SortOrder, list[Source]] = {
        SortOrder.SURNAME: [],
        SortOrder.ORGANISATION: [_organisation(locale)],
        SortOrder.COUNTRY: [_country(locale)],
        SortOrder.REGISTERED: [Registration.created_at.expression, Registration.id.expression],
        SortOrder.STATUS: [_STATUS_PLACE],
    }
    last = Attendee.position if order is SortOrder.REGISTERED else surname
    keys = [*first[order], last.expression, Attendee.id.expression]
    return found.order_by(*[key.desc() for key in keys] if backwards else keys)


def _organisation(locale: str) -> ColumnElement[str]:
    """The key is Slovenian, where ~ marks the letters of their own; without it, it is German."""
    key = Attendee.organisation_key
    return key.expression if locale == "sl" else func.replace(key, "~", "")


def _country(locale: str) -> ColumnElement[int]:
    """Where a country stands in its readers' list: one look into a string, whatever the country."""
    return _place_in(" ".join(country_names(locale)), Attendee.country.expression)


class _place_in(FunctionElement[int]):  # noqa: N801 - written like a function, as it is in SQL
    """Where in a text another one begins; 0 where it is not there."""

    type = Integer()
    name = "place_in"
    inherit_cache = True

    def __init__(self, text: str, part: ColumnElement[str]) -> None:
        super().__init__(literal(text), part)


@compiles(_place_in, "sqlite")
def _in_sqlite(element: _place_in, compiler: SQLCompiler, **given: object) -> str:
    return f"instr({compiler.process(element.clauses, **given)})"


@compiles(_place_in, "postgresql")
def _in_postgresql(element: _place_in, compiler: SQLCompiler, **given: object) -> str:
    return f"strpos({compiler.process(element.clauses, **given)})"


_STATUSES_IN_ORDER: Final = (
    Status.CONFIRMED,
    Status.OFFERED,
    Status.PENDING,
    Status.WAITLISTED,
    Status.UNCONFIRMED,
    Status.DECLINED,
    Status.CANCELLED,
)
_STATUS_PLACE: Final = case(
    {status.value: place for place, status in enumerate(_STATUSES_IN_ORDER)},
    value=type_coerce(Registration.status, String),
)
