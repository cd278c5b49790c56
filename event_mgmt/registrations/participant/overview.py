"""What a participant's own page offers at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from event_mgmt.events.enums import EventStatus
from event_mgmt.events.registration_phase import RegistrationTerms
from event_mgmt.registrations import rules
from event_mgmt.registrations.enums import OPEN, Status
from event_mgmt.registrations.models import Registration


@dataclass(frozen=True)
class ParticipantOverview:
    """What the participant may do, and which parts of the page are shown.

    ``needs_confirmation``: the address is to be confirmed. ``is_coming``: to an event that takes
    place, so that calendar and online link are shown.
    """

    needs_confirmation: bool
    is_coming: bool
    may_change: bool
    may_cancel: bool
    may_answer_offer: bool
    may_see_others: bool
    may_register_again: bool
    changes_end_at: datetime


def overview_of(
    registration: Registration, terms: RegistrationTerms, *, now: datetime
) -> ParticipantOverview:
    """The overview of ``registration`` at an event with these ``terms``."""
    status, is_open = registration.status, registration.status in OPEN
    may_cancel = rules.may_cancel(terms, now=now) and not registration.is_anybody_checked_in
    return ParticipantOverview(
        needs_confirmation=status is Status.UNCONFIRMED,
        is_coming=status is Status.CONFIRMED and terms.status is EventStatus.PUBLISHED,
        may_change=is_open and rules.may_change(terms, now=now),
        may_cancel=is_open and may_cancel,
        may_answer_offer=status is Status.OFFERED
        and not rules.is_offer_over(
            status, registration.offer_expires_at, event=terms.status, now=now
        ),
        may_see_others=rules.may_see_others(status, terms.status),
        may_register_again=status is Status.CANCELLED
        and not registration.reason
        and rules.is_open(terms, now=now),
        changes_end_at=rules.changes_end_at(terms),
    )
