"""Reading registrations for the desk: always as far as the viewer may see them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    case,
    exists,
    false,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.engine import Row
from sqlalchemy.orm import joinedload, selectinload

from event_mgmt.accounts import queries as accounts
from event_mgmt.accounts.policy import AttendeeScope, Viewer, attendee_scope
from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import db
from event_mgmt.core.pages import nearest_page
from event_mgmt.core.refusals import Missing
from event_mgmt.core.text import name_key, search_words
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.registration_desk.rules import PoolSeats, WaitingListHead
from event_mgmt.registrations.enums import Source, Status
from event_mgmt.registrations.lifecycle import proposal_persistence
from event_mgmt.registrations.models import Attendee, Registration

PartyRow = Row[Any]
"""A party with its contact, as the list shows it."""
PartySelect = Select[Any]

PAGE_SIZE: Final = 50
MAX_SEARCH_WORDS: Final = 6
MAX_SELECTED: Final = 200
LATEST: Final = 100

_OF_PARTY: Final = (
    "id",
    "status",
    "email",
    "seats",
    "pool_id",
    "source",
    "created_at",
    "address_failed_at",
)
_OF_CONTACT: Final = (
    "academic_title",
    "given_name",
    "family_name",
    "function",
    "organisation",
    "country",
)

_HELD_UNTIL: Final = case((Registration.status == Status.OFFERED, Registration.offer_expires_at))
_ROWS: Final[PartySelect] = select(
    *(getattr(Registration, name) for name in _OF_PARTY),
    case((Registration.status == Status.OFFERED, Registration.offer_expires_at)).label(
        "held_until"
    ),
    (Registration.source != Source.WEB).label("is_entered_for"),
    (Registration.staff_note != "").label("has_note"),
    proposal_persistence.awaiting_decision(Registration.id).label("has_change"),
    *(getattr(Attendee, name) for name in _OF_CONTACT),
).join(Attendee, and_(Attendee.registration_id == Registration.id, Attendee.position == 0))
"""The columns of the list: a party, and its contact."""


@dataclass(frozen=True)
class PartyFilter:
    """What somebody looks for: a status, a contingent (the id of its pool), words, a change that a
    guest proposes.
    """

    status: Status | None = None
    pool_id: int | None = None
    text: str = ""
    has_change: bool = False


@dataclass(frozen=True)
class PartyPage:
    """One page of parties, how many fit, and how many of each status there would be.

    ``positions`` are the positions of those who wait on the waiting list of their pool, by id.
    """

    rows: Sequence[PartyRow]
    positions: Mapping[int, int]
    total: int
    number: int
    by_status: Mapping[Status, int]

    @property
    def everybody(self) -> int:
        """How many parties fit, whatever their status."""
        return sum(self.by_status.values())


def visible_to(event: Event, viewer: Viewer) -> ColumnElement[bool]:
    """The registrations of ``event`` that ``viewer`` may see: all, own contingents', or none."""
    scope, organisations = attendee_scope(viewer, event.parties())
    of_event = Registration.event_id == event.id
    if scope is AttendeeScope.ALL:
        return of_event
    if scope is AttendeeScope.NONE or not organisations:
        return false()
    own = select(SeatPool.id).where(
        SeatPool.event_id == event.id, SeatPool.organisation_id.in_(organisations)
    )
    return and_(of_event, Registration.pool_id.in_(own))


def parties_of(event: Event, viewer: Viewer, wanted: PartyFilter, *, number: int = 1) -> PartyPage:
    """One page of the parties that fit; a ``number`` beyond the last page gives the last one.

    Newest first; the waiting list in its own order. Two statements, however many parties; a third
    where some of them wait.
    """
    fits = and_(visible_to(event, viewer), *_conditions(wanted))
    if wanted.text.strip():
        return _searched(event.id, fits, wanted, number)
    counted = db.session.execute(
        select(Registration.status, func.count()).where(fits).group_by(Registration.status)
    )
    by_status = {row[0]: row[1] for row in counted}
    total = (
        by_status.get(wanted.status, 0) if wanted.status is not None else sum(by_status.values())
    )
    number = nearest_page(number, total, PAGE_SIZE)
    page = select(Registration.id).where(fits)
    if wanted.status is not None:
        page = page.where(Registration.status == wanted.status)
    page = _ordered(page, wanted).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    # All parties are put in order, and what is shown is read of fifty.
    rows = db.session.execute(_ordered(_ROWS.where(Registration.id.in_(page)), wanted)).all()
    return PartyPage(rows, _positions_of(event.id, rows), total, number, by_status)


def _searched(
    event_id: int, fits: ColumnElement[bool], wanted: PartyFilter, number: int
) -> PartyPage:
    """One page of what a search finds. Parties are gone through once, not for each statement."""
    # The status as its word: a thousand members of an enumeration take longer than the search.
    status_word = type_coerce(Registration.status, String)
    statement: Any = select(Registration.id, status_word).where(fits)
    found: Sequence[Any] = db.session.execute(_ordered(statement, wanted)).all()
    ids = [found_id for found_id, status in found if wanted.status in {None, status}]
    number = nearest_page(number, len(ids), PAGE_SIZE)
    page = ids[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    by_id = {row.id: row for row in db.session.execute(_ROWS.where(Registration.id.in_(page)))}
    rows = [by_id[found_id] for found_id in page if found_id in by_id]
    counted = Counter(status for _id, status in found)
    by_status = {Status(status): parties for status, parties in counted.items()}
    return PartyPage(rows, _positions_of(event_id, rows), len(ids), number, by_status)


def _positions_of(event_id: int, rows: Sequence[PartyRow]) -> dict[int, int]:
    return _positions(event_id, [row.id for row in rows if row.status is Status.WAITLISTED])


def _conditions(wanted: PartyFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.has_change:
        found.append(proposal_persistence.awaiting_decision(Registration.id))
    if wanted.pool_id is not None:
        found.append(Registration.pool_id == wanted.pool_id)
    for typed, parts in search_words(wanted.text)[:MAX_SEARCH_WORDS]:
        # By the party alone: with the event's id, too, a database may look at all of its people
        # for each party.
        named = exists().where(
            Attendee.registration_id == Registration.id,
            *(Attendee.search_text.contains(part, autoescape=True) for part in parts),
        )
        found.append(or_(named, Registration.email.contains(typed, autoescape=True)))
    return found


def _lined_up(event_id: int) -> Subquery:
    """Those who wait, each with the place on the waiting list of the pool."""
    place = func.row_number().over(
        partition_by=Registration.pool_id, order_by=(Registration.queued_at, Registration.id)
    )
    return (
        select(Registration.id, Registration.pool_id, Registration.seats, place.label("place"))
        .where(Registration.event_id == event_id, Registration.status == Status.WAITLISTED)
        .subquery()
    )


def _positions(event_id: int, ids: Sequence[int]) -> dict[int, int]:
    """The positions of these who wait. Apart from the list: joined to it, databases number those
    who wait anew, or search them, for each row.
    """
    if not ids:
        return {}
    line = _lined_up(event_id)
    rows = db.session.execute(select(line.c.id, line.c.place).where(line.c.id.in_(ids)))
    return {row.id: row.place for row in rows}


def _ordered(statement: PartySelect, wanted: PartyFilter) -> PartySelect:
    if wanted.status is Status.WAITLISTED:
        return statement.order_by(Registration.pool_id, Registration.queued_at, Registration.id)
    return statement.order_by(Registration.created_at.desc(), Registration.id.desc())


def party_of(event: Event, viewer: Viewer, registration_id: int) -> Registration:
    """One party with its people and sensitive answers; Missing when it is out of sight."""
    found = db.session.scalars(
        select(Registration)
        .where(Registration.id == registration_id, visible_to(event, viewer))
        .options(selectinload(Registration.attendees).joinedload(Attendee.sensitive))
    ).one_or_none()
    if found is None:
        raise Missing
    return found


def selected_parties(event: Event, viewer: Viewer, ids: Sequence[int]) -> Sequence[PartyRow]:
    """Of the parties with these ids those in sight, in the order they came in.

    Those whose data were erased are left out: nobody is left to decide about.
    """
    statement = _ROWS.where(
        visible_to(event, viewer),
        Registration.id.in_(list(ids)[:MAX_SELECTED]),
        Registration.erased_at.is_(None),
    )
    return db.session.execute(statement.order_by(Registration.created_at, Registration.id)).all()


def pools_of(event: Event, viewer: Viewer) -> list[SeatPool]:
    """The contingents whose parties ``viewer`` may see, the general one first."""
    scope, organisations = attendee_scope(viewer, event.parties())
    pools = db.session.scalars(
        select(SeatPool)
        .options(joinedload(SeatPool.organisation))
        .where(SeatPool.event_id == event.id)
        .order_by(SeatPool.organisation_id.is_not(None), SeatPool.id)
    )
    return [
        pool
        for pool in pools
        if scope is AttendeeScope.ALL or pool.organisation_id in organisations
    ]


def pool_seats(event_id: int) -> dict[int, PoolSeats]:
    """Free seats and the state of the waiting list of each pool, by the pool's id."""
    waiting = (
        select(Registration.pool_id, func.count().label("parties"))
        .where(Registration.event_id == event_id, Registration.status == Status.WAITLISTED)
        .group_by(Registration.pool_id)
        .subquery()
    )
    rows = db.session.execute(
        select(SeatPool.id, SeatPool.capacity - SeatPool.taken, func.coalesce(waiting.c.parties, 0))
        .outerjoin(waiting, waiting.c.pool_id == SeatPool.id)
        .where(SeatPool.event_id == event_id)
    )
    return {pool_id: PoolSeats(free, waits > 0) for pool_id, free, waits in rows}


def waiting_list_heads(event_id: int) -> list[WaitingListHead]:
    """The waiting lists of an event that could go on: seats are free, and somebody waits."""
    head = _lined_up(event_id)
    rows = db.session.execute(
        select(SeatPool.id, SeatPool.capacity - SeatPool.taken, head.c.seats)
        .join(head, and_(head.c.pool_id == SeatPool.id, head.c.place == 1))
        .where(SeatPool.event_id == event_id, SeatPool.taken < SeatPool.capacity)
        .order_by(SeatPool.id)
    )
    return [WaitingListHead(pool_id, free, wanted) for pool_id, free, wanted in rows]


@dataclass(frozen=True)
class HistoryEntry:
    """One line of a registration's history; ``who`` is the name of a user, where one acted."""

    at: datetime
    action: str
    actor: str
    who: str
    changes: Mapping[str, Any]


def history_of(registration_id: int) -> list[HistoryEntry]:
    """What happened to a registration, the latest first."""
    entries = db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject == "registration", AuditEntry.subject_id == registration_id)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(LATEST)
    ).all()
    names = accounts.names_of(e.user_id for e in entries if e.user_id is not None)
    return [
        HistoryEntry(e.at, e.action, e.actor, names.get(e.user_id or 0, ""), e.changes)
        for e in entries
    ]


def mails_of(registration_id: int) -> Sequence[Message]:
    """The mails to a party, the latest first."""
    return db.session.scalars(
        select(Message)
        .where(Message.registration_id == registration_id)
        .order_by(Message.due_at.desc(), Message.id.desc())
        .limit(LATEST)
    ).all()


def delivery_errors(mails: Iterable[Message]) -> dict[int, str]:
    """Why those of ``mails`` that failed did not arrive, by the id of the mail."""
    failed = (mail for mail in mails if mail.state is MessageState.FAILED)
    return {mail.id: mail.last_error for mail in failed if mail.last_error}


@dataclass(frozen=True)
class RegisteredContacts:
    """Who is registered already: (address, folded name) pairs, and the names by themselves."""

    people: frozenset[tuple[str, str]]
    names: frozenset[str]


def registered_contacts(event_id: int, statuses: frozenset[Status]) -> RegisteredContacts:
    """The contacts of an event's registrations in these statuses."""
    rows = db.session.execute(
        select(Registration.email, Attendee.full_name)
        .join(Attendee, and_(Attendee.registration_id == Registration.id, Attendee.position == 0))
        .where(Registration.event_id == event_id, Registration.status.in_(statuses))
    ).all()
    named = [(email, name_key(name)) for email, name in rows]
    return RegisteredContacts(frozenset(named), frozenset(name for _email, name in named))


def pending_by_event(event_ids: Collection[int]) -> dict[int, int]:
    """How many registrations of each event await a decision."""
    counted = (
        select(Registration.event_id, func.count())
        .where(Registration.event_id.in_(event_ids), Registration.status == Status.PENDING)
        .group_by(Registration.event_id)
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}
