"""What must always hold at a registration desk, whatever is done there in whatever order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from flask import Flask
from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlalchemy import func, select

from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import db
from event_mgmt.events.enums import EventStatus, WaitingListMode
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.events.registration_state import terms_of_event
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.registrations import rules
from event_mgmt.registrations.enums import HOLDS_SEATS, OPEN, Status
from event_mgmt.registrations.lifecycle.notifications import FORM_TRIGGERED_KINDS, STATUS_MAIL_KINDS
from event_mgmt.registrations.models import Attendee, Registration
from event_mgmt.registrations.people.mailboxes import MAX_PER_DAY, MAX_PER_HOUR
from tests.builders import NOW

MOVES = {
    None: {*STATUS_MAIL_KINDS} - {Status.OFFERED, Status.DECLINED, Status.CANCELLED},
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


class Promises(RuleBasedStateMachine):
    """One event that is looked at before and after each step; what is done there comes with an heir."""

    app: ClassVar[Flask]
    event_id: int
    pool_ids: list[int]
    before: Seen
    after: Seen

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.jumped_the_queue: int | None = None

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
            mail = (number, STATUS_MAIL_KINDS[row.status])
            is_silent = row.is_erased or (
                was is Status.UNCONFIRMED and row.status is Status.CANCELLED
            )
            told = after.mails[mail] > self.before.mails[mail]
            waits = was is None and row.status is Status.UNCONFIRMED
            is_silent = is_silent or (not told and waits and self._was_mailed_often(number))
            assert told or is_silent, f"{row.status} is told by mail"

    def _was_mailed_often(self, number: int) -> bool:
        """Whether forms had written to the address as often as they may to a stranger's."""
        mailbox = select(Registration.mailbox).where(Registration.id == number).scalar_subquery()
        same = select(Registration.id).where(Registration.mailbox == mailbox)
        confirmed = same.where(Registration.address_confirmed_at.is_not(None))
        assert db.session.execute(confirmed).first() is None, "a confirmed address has no limit"
        lately = select(func.count()).where(
            Message.registration_id.in_(same),
            Message.kind.in_(FORM_TRIGGERED_KINDS),
            Message.created_at > self.now - timedelta(days=1),
        )
        in_an_hour = lately.where(Message.created_at > self.now - timedelta(hours=1))
        counted = [db.session.execute(each).scalar_one() for each in (in_an_hour, lately)]
        db.session.rollback()
        return counted[0] >= MAX_PER_HOUR or counted[1] >= MAX_PER_DAY

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
                Message.kind.in_(list(STATUS_MAIL_KINDS.values())),
            )
        )
        assert max(Counter(waiting).values(), default=0) <= 1
        db.session.rollback()

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
        terms = terms_of_event(self._event())
        if terms.waiting_list is WaitingListMode.OFF or terms.status is not EventStatus.PUBLISHED:
            return False
        zone = {"starts_at": terms.starts_at, "zone": terms.time_zone}
        sent_at = rules.send_time(self.now, **zone)
        deadline = rules.offer_deadline(sent_at, hours=terms.offer_hours, **zone)
        return self.now < terms.starts_at and rules.is_worth_offering(sent_at, deadline)
