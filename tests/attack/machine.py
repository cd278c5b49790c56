"""A registration desk in the hands of chance: every verb, in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from sqlalchemy import select

from event_mgmt.audit.service import PARTICIPANT, Actor
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Refusal
from event_mgmt.events import service as events
from event_mgmt.events.enums import WaitingListMode
from event_mgmt.events.models import SeatPool
from event_mgmt.privacy import service as privacy
from event_mgmt.registration_desk import commands as desk
from event_mgmt.registrations import address_commands, commands, offer_commands
from event_mgmt.registrations.enums import Source, Status
from event_mgmt.registrations.models import Attendee, Registration
from tests.attack.promises import Promises
from tests.builders import a_partner, an_event, an_organisation
from tests.registrations.parties import a_party

COMPANIONS = st.sampled_from([0, 0, 0, 1, 1, 2, 3])
SELDOM = st.sampled_from([False, False, False, False, True])
ORGANISER = Actor.user(1)


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


class Desk(Promises):
    """One event with two contingents; chance registers, decides, changes, calls off and erases."""

    done: ClassVar[Counter[str]]
    """How often each verb was not refused, in all games."""

    def __init__(self) -> None:
        super().__init__()
        self.people = 0

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

    def _do(self, verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call a verb; what it refuses must have changed nothing."""
        self.now += timedelta(seconds=1)
        self.before, self.jumped_the_queue = self.after, None
        try:
            answer = verb(*args, now=self.now, **kwargs)
        except Refusal:
            db.session.rollback()
            assert self._look() == self.before, "a refusal leaves everything as it was"
            return None
        finally:
            self.after = self._look()
        self.done[verb.__name__] += 1
        return answer

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
        party = a_party(
            "Gost", f"Številka {number}", email=f"g{number}.{self.event_id}@example.org"
        )
        party = a_party("Gost", f"Številka {number}", email=party.email, companions=companions)
        values: dict[str, Any] = {"nonce": f"n{self.event_id}-{self.now.timestamp()}"}
        values["pool_id"] = self.pool_ids[choice]
        if online:
            self._do(commands.register_online, self.event_id, party, **values)
        else:
            values |= {"by": ORGANISER, "source": Source.DESK, "check_window": False}
            self._do(commands.register, self.event_id, party, **values)

    @precondition(an_open_question)
    @rule(choice=st.integers(0, 50))
    def confirm_address(self, choice: int) -> None:
        if number := self._some(choice):
            self._do(address_commands.confirm_address, number)

    @precondition(an_open_question)
    @rule(choice=st.integers(0, 50), accept=st.booleans())
    def decide(self, choice: int, accept: bool) -> None:
        if number := self._some(choice):
            self._do(commands.decide, [number], accept=accept, reason="", by=ORGANISER)

    @precondition(somebody)
    @rule(choice=st.integers(0, 50), by=st.sampled_from((PARTICIPANT, ORGANISER)))
    def cancel(self, choice: int, by: Actor) -> None:
        if number := self._some(choice):
            self._do(commands.cancel, number, by=by)

    @precondition(somebody)
    @rule(
        choice=st.integers(0, 50),
        companions=COMPANIONS,
        by=st.sampled_from((PARTICIPANT, ORGANISER)),
    )
    def change(self, choice: int, companions: int, by: Actor) -> None:
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
        self._do(commands.change, number, party, by=by)

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
            self._do(
                offer_commands.accept_offer if accepts else offer_commands.decline_offer, number
            )

    @precondition(somebody_waits)
    @rule(choice=st.integers(0, 50))
    def offer_out_of_turn(self, choice: int) -> None:
        if number := self._some(choice):
            self._do(desk.offer_seats_now, number, by=ORGANISER)
            self.jumped_the_queue = number

    @rule(choice=st.integers(0, 1), really=SELDOM)
    def give_out_seats(self, choice: int, really: bool) -> None:
        if really:
            self._do(offer_commands.fill_free_seats, self.pool_ids[choice])

    @rule(choice=st.integers(0, 1), seats=st.integers(0, 7))
    def change_capacity(self, choice: int, seats: int) -> None:
        self._do(events.change_capacity, self.event_id, self.pool_ids[choice], seats, by=ORGANISER)

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self._do(sweep)

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


def sweep(*, now: datetime) -> None:
    """What the worker does every minute."""
    offer_commands.expire_offers(now)
    address_commands.process_unconfirmed(now)
