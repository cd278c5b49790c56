"""A registration desk in the hands of chance: every verb, in any order, and what must always hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select

from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import PARTICIPANT, By
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Refusal
from event_mgmt.events import service as events
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.events.words import EventStatus, WaitingListMode
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.privacy import service as privacy
from event_mgmt.registration_desk import service as desk
from event_mgmt.registrations import rules, service
from event_mgmt.registrations.models import Attendee, Registration
from event_mgmt.registrations.standing import terms_of
from event_mgmt.registrations.telling import AFTER_REGISTERING
from event_mgmt.registrations.words import HOLDS_SEATS, OPEN, Source, Status
from tests.builders import NOW, a_partner, an_event, an_organisation
from tests.registrations.parties import a_party

COMPANIONS = st.sampled_from([0, 0, 0, 1, 1, 2, 3])
SELDOM = st.sampled_from([False, False, False, False, True])
ORGANISER = By.user(1)
MOVES = {
    None: {*AFTER_REGISTERING} - {Status.OFFERED, Status.DECLINED, Status.CANCELLED},
    Status.UNCONFIRMED: {Status.PENDING, Status.CONFIRMED, Status.WAITLISTED, Status.CANCELLED},
    Status.PENDING: {Status.CONFIRMED, Status.WAITLISTED, Status.DECLINED, Status.CANCELLED},
    Status.CONFIRMED: {Status.CANCELLED},
    Status.WAITLISTED: {Status.OFFERED, Status.CONFIRMED, Status.DECLINED, Status.CANCELLED},
    Status.OFFERED: {Status.CONFIRMED, Status.CANCELLED, Status.WAITLISTED},
    Status.DECLINED: {Status.CONFIRMED, Status.WAITLISTED},
    Status.CANCELLED: set(),
}
"""From each status, the ones that a registration may reach in one step."""


@dataclass(frozen=True)
class Row:
    """A registration as it stood."""

    status: Status
    seats: int
    pool_id: int
    queue: tuple[datetime, int]
    is_erased: bool


@dataclass(frozen=True)
class Seen:
    """All that the invariants compare before and after one step."""

    rows: dict[int, Row]
    deeds: Counter[int]
    mails: Counter[tuple[int, str]]

    def line(self, pool_id: int) -> list[int]:
        """Who waits in a pool, whoever came first at the front."""
        waiting = [
            (row.queue, number)
            for number, row in self.rows.items()
            if row.status is Status.WAITLISTED and row.pool_id == pool_id
        ]
        return [number for _queue, number in sorted(waiting)]


def somebody(game: Desk) -> bool:
    """Whether anybody has registered."""
    return bool(game.after.rows)


def somebody_waits(game: Desk) -> bool:
    """Whether anybody is on a waiting list."""
    return any(row.status is Status.WAITLISTED for row in game.after.rows.values())


def an_open_question(game: Desk) -> bool:
    """Whether anybody's address or acceptance is open, or was declined."""
    open_ones = {Status.UNCONFIRMED, Status.PENDING, Status.DECLINED}
    return any(row.status in open_ones for row in game.after.rows.values())


def an_offer(game: Desk) -> bool:
    """Whether anybody has seats on offer."""
    return any(row.status is Status.OFFERED for row in game.after.rows.values())


class Desk(RuleBasedStateMachine):
    """One event with two contingents; chance registers, decides, changes, calls off and erases."""

    app: ClassVar[Flask]

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.people = 0
        self.jumped_the_queue: int | None = None

    @initialize(
        parties=st.lists(COMPANIONS, min_size=3, max_size=6),
        general=st.integers(1, 3),
        own=st.integers(1, 2),
        mode=st.sampled_from([*WaitingListMode, WaitingListMode.OFFER]),
        approval=st.sampled_from([False, False, True]),
        check=st.sampled_from([False, False, False, True]),
    )
    def open_an_event(
        self,
        parties: list[int],
        general: int,
        own: int,
        mode: WaitingListMode,
        approval: bool,
        check: bool,
    ) -> None:
        host = an_organisation()
        event = an_event(
            host,
            seats=general,
            waiting_list=mode,
            approval_needed=approval,
            address_check=check,
            largest_party=3,
        )
        a_partner(event, an_organisation(), seats=own)
        db.session.rollback()
        self.event_id = event.id
        pools = select(SeatPool.id).where(SeatPool.event_id == event.id).order_by(SeatPool.id)
        self.pool_ids = list(db.session.scalars(pools).all())
        self.before = self.after = self._look()
        for companions in parties:
            self.register(choice=0, companions=companions, online=True, again=False)
            self.whoever_came_first_is_served_first()
            self.every_change_is_allowed_told_and_written_down()

    # ---------------------------------------------------------------- what people do

    def _do(self, verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call a verb; what it refuses must have changed nothing."""
        self.now += timedelta(seconds=1)
        self.before, self.jumped_the_queue = self.after, None
        try:
            return verb(*args, now=self.now, **kwargs)
        except Refusal:
            db.session.rollback()
            assert self._look() == self.before, "a refusal leaves everything as it was"
            return None
        finally:
            self.after = self._look()

    def _some(self, choice: int) -> int | None:
        """One of the registrations; one in two times one that waits, if any does."""
        known = sorted(self.after.rows)
        waiting = [n for n in known if self.after.rows[n].status is Status.WAITLISTED]
        among = waiting if waiting and choice % 2 else known
        return among[choice // 2 % len(among)] if among else None

    @rule(
        choice=st.integers(0, 1),
        companions=COMPANIONS,
        online=st.booleans(),
        again=st.booleans(),
    )
    def register(self, choice: int, companions: int, online: bool, again: bool) -> None:
        if not (again and self.people):
            self.people += 1
        number = self.people
        party = a_party("Gost", f"Številka {number}", email=f"g{number}@example.org")
        party = a_party("Gost", f"Številka {number}", email=party.email, companions=companions)
        values: dict[str, Any] = {"nonce": f"n{self.event_id}-{self.now.timestamp()}"}
        values["pool_id"] = self.pool_ids[choice]
        if online:
            self._do(service.register_online, self.event_id, party, **values)
        else:
            values |= {"by": ORGANISER, "source": Source.DESK, "consider_window": False}
            self._do(service.register, self.event_id, party, **values)

    @precondition(an_open_question)
    @rule(choice=st.integers(0, 50))
    def confirm_address(self, choice: int) -> None:
        if number := self._some(choice):
            self._do(service.confirm_address, number)

    @precondition(an_open_question)
    @rule(choice=st.integers(0, 50), accept=st.booleans())
    def decide(self, choice: int, accept: bool) -> None:
        if number := self._some(choice):
            self._do(service.decide, [number], accept=accept, reason="", by=ORGANISER)

    @precondition(somebody)
    @rule(choice=st.integers(0, 50), by=st.sampled_from((PARTICIPANT, ORGANISER)))
    def cancel(self, choice: int, by: By) -> None:
        if number := self._some(choice):
            self._do(service.cancel, number, by=by)

    @precondition(somebody)
    @rule(
        choice=st.integers(0, 50),
        companions=COMPANIONS,
        by=st.sampled_from((PARTICIPANT, ORGANISER)),
    )
    def change(self, choice: int, companions: int, by: By) -> None:
        number = self._some(choice)
        if number is None or self.after.rows[number].is_erased:
            return
        contact = db.session.execute(
            select(Attendee.given_name, Attendee.family_name, Registration.email)
            .join(Registration, Registration.id == Attendee.registration_id)
            .where(Attendee.registration_id == number, Attendee.position == 0)
        ).one()
        db.session.rollback()
        party = a_party(
            contact.given_name, contact.family_name, email=contact.email, companions=companions
        )
        self._do(service.change, number, party, by=by)

    @precondition(somebody_waits)
    @rule(companions=COMPANIONS, place=st.integers(0, 3))
    def change_who_waits(self, companions: int, place: int) -> None:
        line = [n for pool_id in self.pool_ids for n in self.after.line(pool_id)]
        number = line[place % len(line)]
        known = sorted(self.after.rows)
        waiting = [n for n in known if self.after.rows[n].status is Status.WAITLISTED]
        choice = 2 * waiting.index(number) + 1
        self.change(choice=choice, companions=companions, by=PARTICIPANT)

    @precondition(an_offer)
    @rule(choice=st.integers(0, 50), accepts=st.booleans())
    def answer_an_offer(self, choice: int, accepts: bool) -> None:
        offered = [n for n, r in self.after.rows.items() if r.status is Status.OFFERED]
        number = offered[choice % len(offered)] if offered else self._some(choice)
        if number is not None:
            self._do(service.accept_offer if accepts else service.decline_offer, number)

    @precondition(somebody_waits)
    @rule(choice=st.integers(0, 50))
    def offer_out_of_turn(self, choice: int) -> None:
        if number := self._some(choice):
            self._do(desk.offer_now, number, by=ORGANISER)
            self.jumped_the_queue = number

    @rule(choice=st.integers(0, 1), really=SELDOM)
    def give_out_seats(self, choice: int, really: bool) -> None:
        if really:
            self._do(service.give_out_seats, self.pool_ids[choice])

    @rule(choice=st.integers(0, 1), seats=st.integers(0, 7))
    def change_capacity(self, choice: int, seats: int) -> None:
        self._do(events.change_capacity, self.event_id, self.pool_ids[choice], seats, by=ORGANISER)

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self._do(lambda *, now: service.sweep(now))

    @precondition(somebody)
    @rule(choice=st.integers(0, 50), really=SELDOM)
    def erase(self, choice: int, really: bool) -> None:
        number = self._some(choice) if really else None
        if number is None or self.after.rows[number].is_erased:
            return
        wanted = select(Registration.email).where(Registration.id == number)
        address = db.session.execute(wanted).scalar_one()
        db.session.rollback()
        self._do(privacy.erase_person, address, by=ORGANISER)

    @rule(really=SELDOM)
    def postpone(self, really: bool) -> None:
        if really:
            self._do(events.postpone, self.event_id, by=ORGANISER)

    @rule(days=st.integers(1, 5), really=SELDOM)
    def move(self, days: int, really: bool) -> None:
        if not really:
            return
        starts_at = max(self._event().starts_at, self.now + timedelta(days=20))
        starts_at += timedelta(days=days)
        ends_at = starts_at + timedelta(hours=3)
        self._do(events.move, self.event_id, starts_at=starts_at, ends_at=ends_at, by=ORGANISER)

    @rule(really=SELDOM, truly=SELDOM)
    def call_the_event_off(self, really: bool, truly: bool) -> None:
        if really and truly:
            self._do(events.cancel, self.event_id, reason=Localized(), by=ORGANISER)

    # ---------------------------------------------------------------- what must always hold

    @invariant()
    def taken_equals_the_seats_of_live_registrations_and_never_exceeds_the_capacity(self) -> None:
        rows = self.after.rows.values()
        for pool in self._pools():
            held = sum(r.seats for r in rows if r.pool_id == pool.id and r.status in HOLDS_SEATS)
            assert pool.taken == held, "taken is what live registrations hold"
            assert pool.taken <= pool.capacity, "no oversell"

    @invariant()
    def parties_are_whole_and_nobody_is_there_twice(self) -> None:
        bodies = dict(
            db.session.execute(
                select(Attendee.registration_id, func.count())
                .where(Attendee.event_id == self.event_id)
                .group_by(Attendee.registration_id)
            ).all()
        )
        rows = self.after.rows
        for number, row in rows.items():
            assert row.is_erased or bodies[number] == row.seats, "a seat for each body"
        live = db.session.execute(
            select(Registration.email).where(
                Registration.event_id == self.event_id, Registration.status.in_(OPEN)
            )
        ).scalars()
        assert max(Counter(live).values(), default=0) <= 1, "each address here is one person's"
        db.session.rollback()

    @invariant()
    def every_change_is_allowed_told_and_written_down(self) -> None:
        after = self.after
        for number, row in after.rows.items():
            old = self.before.rows.get(number)
            was = old.status if old else None
            if was is row.status:
                continue
            assert row.status in MOVES[was], f"{was} -> {row.status}"
            assert after.deeds[number] > self.before.deeds[number], "every change is written down"
            mail = (number, AFTER_REGISTERING[row.status])
            is_silent = row.is_erased or (
                was is Status.UNCONFIRMED and row.status is Status.CANCELLED
            )
            told = after.mails[mail] > self.before.mails[mail]
            assert told or is_silent, f"{row.status} is told by mail"

    @invariant()
    def whoever_came_first_is_served_first(self) -> None:
        after = self.after
        for pool_id in self.pool_ids:
            line = self.before.line(pool_id)
            left = [n for n in line if after.rows[n].status is Status.WAITLISTED]
            served = [
                n
                for n in line
                if after.rows[n].status in HOLDS_SEATS and n != self.jumped_the_queue
            ]
            unmoved = [n for n in left if after.rows[n].queue == self.before.rows[n].queue]
            for number in served:
                passed = [n for n in unmoved if line.index(n) < line.index(number)]
                assert passed == [], f"{number} was served before {passed}"
            for number, row in after.rows.items():
                old = self.before.rows.get(number)
                is_new = row.status is Status.CONFIRMED and (
                    old is None or old.status not in HOLDS_SEATS | {Status.WAITLISTED}
                )
                if is_new and row.pool_id == pool_id:
                    assert not unmoved, f"{number} was seated while {unmoved} wait"

    @invariant()
    def nobody_waits_while_their_seats_are_free(self) -> None:
        if not self._may_be_served():
            return
        after = self.after
        for pool in self._pools():
            if line := after.line(pool.id):
                wanted = after.rows[line[0]].seats
                assert wanted > pool.capacity - pool.taken, f"{line[0]} waits before free seats"

    @invariant()
    def nobody_is_told_two_things_at_once(self) -> None:
        waiting = db.session.scalars(
            select(Message.registration_id).where(
                Message.event_id == self.event_id,
                Message.state == MessageState.QUEUED,
                Message.kind.in_(list(AFTER_REGISTERING.values())),
            )
        )
        assert max(Counter(waiting).values(), default=0) <= 1
        db.session.rollback()

    # ---------------------------------------------------------------- how it is looked at

    def _look(self) -> Seen:
        db.session.rollback()
        found = db.session.execute(
            select(
                Registration.id,
                Registration.status,
                Registration.seats,
                Registration.pool_id,
                Registration.queued_at,
                Registration.erased_at,
            ).where(Registration.event_id == self.event_id)
        ).all()
        rows = {
            r.id: Row(r.status, r.seats, r.pool_id, (r.queued_at or NOW, r.id), bool(r.erased_at))
            for r in found
        }
        deeds = db.session.execute(
            select(AuditEntry.subject_id).where(
                AuditEntry.event_id == self.event_id, AuditEntry.subject == "registration"
            )
        ).scalars()
        mails = db.session.execute(
            select(Message.registration_id, Message.kind).where(Message.event_id == self.event_id)
        ).all()
        seen = Seen(rows, Counter(deeds), Counter((m.registration_id, m.kind) for m in mails))
        db.session.rollback()
        return seen

    def _pools(self) -> list[Any]:
        return list(
            db.session.execute(
                select(SeatPool.id, SeatPool.taken, SeatPool.capacity).where(
                    SeatPool.event_id == self.event_id
                )
            ).all()
        )

    def _event(self) -> Event:
        db.session.rollback()
        return db.session.get_one(Event, self.event_id)

    def _may_be_served(self) -> bool:
        """Whether somebody who waits could be served at all at this hour."""
        terms = terms_of(self._event())
        if terms.waiting_list is WaitingListMode.OFF or terms.status is not EventStatus.PUBLISHED:
            return False
        zone = {"starts_at": terms.starts_at, "zone": terms.time_zone}
        sent_at = rules.goes_out_at(self.now, **zone)
        deadline = rules.offer_deadline(sent_at, hours=terms.offer_hours, **zone)
        return self.now < terms.starts_at and rules.is_worth_offering(sent_at, deadline)
