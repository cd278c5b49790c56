"""What registrations may and may not do: decisions without a database, time as an argument."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Final

from event_mgmt.core.clock import at_wall_clock, wall_clock
from event_mgmt.core.refusals import Missing, Refusal
from event_mgmt.events.enums import EventStatus, Visibility, WaitingListMode
from event_mgmt.events.registration_phase import (
    RegistrationTerms,
    is_before_opening,
    is_within_window,
)
from event_mgmt.events.rules import ANNOUNCED_STATUSES
from event_mgmt.registrations.enums import Source, Status
from event_mgmt.registrations.party import LIMITS, Party
from event_mgmt.registrations.people.web_addresses import holds_web_address
from event_mgmt.registrations.person_fields import PERSON_FIELD_NAMES
from event_mgmt.registrations.refusals import (
    ChangesClosed,
    EventFull,
    IsCheckedIn,
    NameMissing,
    NotOpenYet,
    PartyTooLarge,
    RegistrationClosed,
    TooLong,
    WebAddressInName,
)

DAY_BEGINS: Final = time(8)
DAY_ENDS: Final = time(20)
"""Between these, by the event's wall clock, people are offered seats and offers run out."""

MORNING_DEADLINE: Final = time(10)
"""When an offer ends that would end at night: after two waking hours."""

ADDRESS_CHECK_LASTS: Final = timedelta(days=3)
"""How long a registration waits for its address to be confirmed."""

SHOWN_IN_MAILS: Final = ("academic_title", "given_name", "family_name")
"""What guests type about themselves that our mails repeat."""

SHORTEST_OFFER: Final = timedelta(hours=1)
"""An offer that leaves less time to answer than this is not made."""


def check_takes_guests(terms: RegistrationTerms) -> None:
    """Refuse unless the event is published: RegistrationClosed, or Missing for a draft."""
    if terms.status is EventStatus.DRAFT:
        raise Missing
    if terms.status is not EventStatus.PUBLISHED:
        raise RegistrationClosed


def check_open(terms: RegistrationTerms, *, now: datetime) -> None:
    """Refuse guests who come at the wrong time or, to an event by invitation, without one."""
    check_takes_guests(terms)
    if terms.visibility is Visibility.INVITATION:
        raise Missing
    if is_before_opening(terms, now=now):
        raise NotOpenYet
    if not is_within_window(terms, now=now):
        raise RegistrationClosed


def changes_end_at(terms: RegistrationTerms) -> datetime:
    """Until when participants may change and cancel by themselves."""
    return changes_end(terms.starts_at, terms.changes_close_at)


def changes_end(starts_at: datetime, changes_close_at: datetime | None) -> datetime:
    """The organiser's deadline for changes, and never after the event began."""
    return min(changes_close_at or starts_at, starts_at)


def may_change(terms: RegistrationTerms, *, now: datetime) -> bool:
    """Whether participants may still change what they registered by themselves."""
    return terms.status is EventStatus.PUBLISHED and now < changes_end_at(terms)


def check_changeable(terms: RegistrationTerms, *, now: datetime) -> None:
    """Refuse (ChangesClosed) a participant who is late, or whose event is off."""
    if not may_change(terms, now=now):
        raise ChangesClosed


STATUS_TRANSITIONS: Final[Mapping[Status, frozenset[Status]]] = {
    Status.UNCONFIRMED: frozenset(
        {Status.PENDING, Status.CONFIRMED, Status.WAITLISTED, Status.CANCELLED}
    ),
    Status.PENDING: frozenset(
        {Status.CONFIRMED, Status.WAITLISTED, Status.DECLINED, Status.CANCELLED}
    ),
    Status.WAITLISTED: frozenset(
        {Status.OFFERED, Status.CONFIRMED, Status.DECLINED, Status.CANCELLED}
    ),
    Status.OFFERED: frozenset({Status.CONFIRMED, Status.CANCELLED}),
    Status.CONFIRMED: frozenset({Status.CANCELLED}),
    Status.DECLINED: frozenset({Status.CONFIRMED, Status.WAITLISTED}),
    Status.CANCELLED: frozenset(),
}
"""Which status may follow which."""

DECIDABLE: Final = {
    True: frozenset({Status.PENDING, Status.DECLINED}),
    False: frozenset({Status.PENDING, Status.WAITLISTED}),
}
"""On which statuses organisers decide yes (a no may be taken back), and on which no."""


def is_offer_over(
    status: Status, expires_at: datetime | None, *, event: EventStatus, now: datetime
) -> bool:
    """Whether held seats go to the next in line; not while nobody knows for which day they are."""
    is_late = expires_at is not None and expires_at <= now
    return status is Status.OFFERED and is_late and event is not EventStatus.POSTPONED


def check_keeps_guests(terms: RegistrationTerms) -> None:
    """Refuse (RegistrationClosed) to go on with those registered for an event that is off for good.

    While it is postponed they stay: who takes an offered seat, or confirms an address, has it.
    """
    if terms.status is not EventStatus.POSTPONED:
        check_takes_guests(terms)


def announces_changes(event: EventStatus) -> bool:
    """Whether a mail about a registration says anything, or the event is off for good or over."""
    return event in ANNOUNCED_STATUSES


def announces_status(status: Status, event: EventStatus) -> bool:
    """Whether the mail about a registration's status says anything while the event stands so.

    That it was called off is always said. While an event is postponed nothing is offered.
    """
    if event is EventStatus.POSTPONED:
        return status is not Status.OFFERED
    return status is Status.CANCELLED or event is EventStatus.PUBLISHED


def is_unconfirmed_too_long(status: Status, asked_at: datetime, *, now: datetime) -> bool:
    """Whether a registration whose address nobody confirmed is given up."""
    return status is Status.UNCONFIRMED and asked_at + ADDRESS_CHECK_LASTS <= now


def may_cancel(terms: RegistrationTerms, *, now: datetime) -> bool:
    """Whether participants may still call off by themselves; also while the date is open."""
    if terms.status is EventStatus.POSTPONED:
        return True
    return terms.status is EventStatus.PUBLISHED and now < changes_end_at(terms)


def check_cancellable(terms: RegistrationTerms, *, checked_in: bool, now: datetime) -> None:
    """Refuse a participant who is late (ChangesClosed), or who is there already (IsCheckedIn)."""
    if not may_cancel(terms, now=now):
        raise ChangesClosed
    if checked_in:
        raise IsCheckedIn


def is_open(terms: RegistrationTerms, *, now: datetime) -> bool:
    """Whether guests may register by themselves."""
    try:
        check_open(terms, now=now)
    except Refusal:
        return False
    return True


def may_see_others(status: Status, event_status: EventStatus) -> bool:
    """Whether a participant may see the names that others share: those who come see each other."""
    return status is Status.CONFIRMED and event_status in {
        EventStatus.PUBLISHED,
        EventStatus.POSTPONED,
        EventStatus.FINISHED,
    }


def check_names(party: Party) -> None:
    """Refuse (WebAddressInName) what would make a link in a mail to whoever's address it is."""
    for person in party.people:
        if any(holds_web_address(getattr(person, name)) for name in SHOWN_IN_MAILS):
            raise WebAddressInName


def check_party(party: Party, *, largest: int | None) -> None:
    """Refuse a party that is too large, somebody without a name, or a text that does not fit."""
    if largest is not None and party.seats > largest:
        raise PartyTooLarge(largest)
    for person in party.people:
        if not person.family_name:
            raise NameMissing
        for name in PERSON_FIELD_NAMES:
            if len(getattr(person, name)) > LIMITS[name]:
                raise TooLong(name, LIMITS[name])
    for name in ("email", "message"):
        if len(getattr(party, name)) > LIMITS[name]:
            raise TooLong(name, LIMITS[name])


def before_seats(
    terms: RegistrationTerms,
    *,
    source: Source,
    address_confirmed: bool = False,
    approved: bool = False,
    mail_limit_reached: bool = False,
) -> Status | None:
    """The status in which a registration waits before it may ask for seats; None: it may now.

    Organisers know whom they enter, so that only guests themselves confirm their address: where
    the event asks for it, and where forms have ``mail_limit_reached`` to one that nobody confirmed.
    """
    checks = terms.address_check or mail_limit_reached
    if checks and source is Source.WEB and not address_confirmed:
        return Status.UNCONFIRMED
    if terms.approval_needed and not approved:
        return Status.PENDING
    return None


def admit(*, has_seats: bool, waiting_list: WaitingListMode) -> Status:
    """The status of a party that asked for seats; EventFull where it can neither sit nor wait.

    ``has_seats`` is only true when the whole party fits and nobody waits: a newcomer passes no
    waiting party, however small (first come, first served; parties are never split).
    """
    if has_seats:
        return Status.CONFIRMED
    if waiting_list is WaitingListMode.OFF:
        raise EventFull
    return Status.WAITLISTED


def is_night(instant: datetime, zone: str) -> bool:
    """Whether ``instant`` lies outside the hours in which people are bothered."""
    return not DAY_BEGINS <= wall_clock(instant, zone).time() <= DAY_ENDS


def send_time(now: datetime, *, starts_at: datetime, zone: str) -> datetime:
    """When news from the waiting list is sent: now, or at night the next morning.

    Sent at once, even at night, when the event begins before that morning.
    """
    if not is_night(now, zone):
        return now
    morning = _next(now, zone, DAY_BEGINS)
    return morning if morning < starts_at else now


def offer_deadline(sent_at: datetime, *, hours: int, starts_at: datetime, zone: str) -> datetime:
    """Until when an offer sent at ``sent_at`` holds its seats.

    ``hours`` later; what would end at night ends the next morning; never after the event began.
    """
    deadline = sent_at + timedelta(hours=hours)
    if is_night(deadline, zone):
        deadline = _next(deadline, zone, MORNING_DEADLINE)
    return min(deadline, starts_at)


def is_worth_offering(sent_at: datetime, deadline: datetime) -> bool:
    """Whether somebody could still answer the offer."""
    return deadline - sent_at >= SHORTEST_OFFER


def _next(instant: datetime, zone: str, wanted: time) -> datetime:
    local = wall_clock(instant, zone)
    day = local.date() if local.time() < wanted else local.date() + timedelta(days=1)
    return at_wall_clock(datetime.combine(day, wanted), zone)
