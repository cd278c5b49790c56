"""Co-hosts: who is invited on which terms, and what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from event_mgmt.accounts.models import Role
from event_mgmt.accounts.queries import notification_recipients
from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing
from event_mgmt.events import refusals
from event_mgmt.events.enums import PartnerStatus
from event_mgmt.events.inputs import PartnerTerms
from event_mgmt.events.models import Event, Partner, SeatPool
from event_mgmt.events.service.capacity import drop_contingent, general_pool, set_capacity
from event_mgmt.events.service.change_tracking import ChangeContext, check_editable, tracked_change
from event_mgmt.mail.outbox import MessageDraft, enqueue_all

_WHO_ANSWERS = (Role.ADMINISTRATOR, Role.ORGANISER)


@transactional
def set_partners(
    event_id: int,
    terms: Sequence[PartnerTerms],
    *,
    general_seats: int,
    by: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> Event:
    """Make ``terms`` the co-hosts, with their contingents, beside ``general_seats`` for all.

    New ones are invited by mail and answer on their own desk; those left out go. Raises Stale,
    InvalidTransition, HostAsPartner, SeatsTaken, ContingentInUse, LargestPartyExceedsSeats.
    """
    context = ChangeContext(by, now, seen_version)
    with tracked_change(event_id, "event_partners_changed", context) as event:
        check_editable(event)
        wanted = {term.organisation_id: term for term in terms}
        if event.host_id in wanted or len(wanted) < len(terms):
            raise refusals.HostAsPartner
        for partner in list(event.partners):
            if partner.organisation_id not in wanted:
                _part(event, partner, context)
        set_capacity(general_pool(event), general_seats, context, field="general_seats")
        invited = [new for term in terms if (new := _agree(event, term, context))]
        _check_seats(event)
        db.session.flush()
        _invite(event, invited, now=now)
    return event


def _check_seats(event: Event) -> None:
    capacities = [pool.capacity for pool in event.pools]
    if not any(capacities):
        raise refusals.SeatsMissing(field="general_seats")
    if event.largest_party > max(capacities):
        raise refusals.LargestPartyExceedsSeats(field="general_seats")


def _part(event: Event, partner: Partner, context: ChangeContext) -> None:
    pool = _contingent(event, partner.organisation_id)
    if pool is not None and pool.taken:
        raise refusals.ContingentInUse(partner.organisation.name)
    if pool is not None:
        drop_contingent(event, pool, context)
    event.partners.remove(partner)


def _agree(event: Event, term: PartnerTerms, context: ChangeContext) -> Partner | None:
    """Write one co-host's terms; gives the co-host if it is new."""
    known = {partner.organisation_id: partner for partner in event.partners}
    partner = known.get(term.organisation_id)
    is_new = partner is None
    if partner is None:
        partner = Partner(organisation_id=term.organisation_id, status=PartnerStatus.INVITED)
        event.partners.append(partner)
    partner.attendee_access = term.attendee_access
    db.session.flush()
    _set_contingent(event, term, context)
    return partner if is_new else None


def _set_contingent(event: Event, term: PartnerTerms, context: ChangeContext) -> None:
    pool = _contingent(event, term.organisation_id)
    if term.seats:
        if pool is None:
            pool = SeatPool(organisation_id=term.organisation_id, capacity=0, taken=0)
            event.pools.append(pool)
            db.session.flush()
        set_capacity(pool, term.seats, context, field=f"seats:{term.organisation_id}")
    elif pool is not None:
        drop_contingent(event, pool, context)


def _contingent(event: Event, organisation_id: int) -> SeatPool | None:
    return next((pool for pool in event.pools if pool.organisation_id == organisation_id), None)


def _invite(event: Event, partners: Sequence[Partner], *, now: datetime) -> None:
    enqueue_all(
        (
            MessageDraft(
                key=f"partner_invited:{partner.id}:{user.id}",
                kind="partner_invited",
                to_address=user.email,
                to_name=user.display_name,
                locale=user.locale,
                event_id=event.id,
                facts={"organisation_id": partner.organisation_id},
            )
            for partner in partners
            for user in notification_recipients(partner.organisation_id, _WHO_ANSWERS)
        ),
        now=now,
    )


def invite_all(event: Event, *, now: datetime) -> None:
    """Write to every co-host of an event that the running transaction has just made."""
    _invite(event, event.partners, now=now)


@transactional
def answer_partnership(
    event_id: int, organisation_id: int, *, accept: bool, by: Actor, now: datetime
) -> Event:
    """A co-host's answer. What it declines goes back to the seats for all.

    Raises Missing where it was not invited, AlreadyAnswered, InvalidTransition.
    """
    action = "partnership_accepted" if accept else "partnership_declined"
    context = ChangeContext(by, now)
    with tracked_change(event_id, action, context) as event:
        check_editable(event)
        partner = next((p for p in event.partners if p.organisation_id == organisation_id), None)
        if partner is None:
            raise Missing
        if partner.status is not PartnerStatus.INVITED:
            raise refusals.AlreadyAnswered
        partner.status = PartnerStatus.ACCEPTED if accept else PartnerStatus.DECLINED
        partner.answered_at = now
        if not accept:
            _give_back(event, organisation_id, context)
    return event


def _give_back(event: Event, organisation_id: int, context: ChangeContext) -> None:
    pool = _contingent(event, organisation_id)
    if pool is None:
        return
    free, taken = pool.capacity - pool.taken, pool.taken
    if taken:
        set_capacity(pool, taken, context)
    else:
        drop_contingent(event, pool, context)
    general = general_pool(event)
    set_capacity(general, general.capacity + free, context)
