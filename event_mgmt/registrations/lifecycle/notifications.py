"""Queuing notifications to guests, in the transaction that causes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from event_mgmt.mail import outbox
from event_mgmt.mail.outbox import MessageDraft
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.lifecycle import calendar_entries
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.party import Party
from event_mgmt.registrations.recipient_kinds import REGISTRATION

STATUS_MAIL_KINDS: Final[Mapping[Status, str]] = {
    Status.UNCONFIRMED: "address_check",
    Status.PENDING: "registration_received",
    Status.CONFIRMED: "registration_confirmed",
    Status.WAITLISTED: "registration_waitlisted",
    Status.OFFERED: "seat_offered",
    Status.DECLINED: "registration_declined",
    Status.CANCELLED: "registration_cancelled",
}
"""Which message tells that a status has been reached."""

FORM_TRIGGERED_KINDS: Final = (
    *STATUS_MAIL_KINDS.values(),
    "registration_again",
    "new_address_check",
)
"""The messages that a stranger's form can cause."""

SUPERSEDED_KINDS: Final = frozenset(
    {*STATUS_MAIL_KINDS.values(), "registration_changed", "reminder"}
)
"""The messages that a newer status makes pointless while they still wait."""


def message_key(kind: str, registration_id: int, now: datetime) -> str:
    """A key for a message that this one change causes."""
    return f"{kind}:{registration_id}:{int(now.timestamp() * 1_000_000)}"


def notify_new_registration(
    registration_id: int, event_id: int, party: Party, status: Status, *, now: datetime
) -> None:
    """Queue the first message to a party that has just registered."""
    kind = STATUS_MAIL_KINDS[status]
    outbox.enqueue(
        MessageDraft(
            key=message_key(kind, registration_id, now),
            kind=kind,
            to_address=party.email,
            to_name=party.contact.full_name,
            locale=party.locale,
            event_id=event_id,
            registration_id=registration_id,
            calendar_sequence=calendar_entries.next_sequence(0, now=now),
        ),
        now=now,
    )


def notify(
    registration: Registration,
    kind: str,
    *,
    now: datetime,
    facts: Mapping[str, object] | None = None,
    due_at: datetime | None = None,
    address: str = "",
    name: str = "",
    occurrence: str = "",
) -> None:
    """Queue one message to the contact (or to ``address``, whose owner's ``name`` may be another);
    ``occurrence`` tells twins apart.

    Where the contact was erased there is nobody to write to, and nothing happens.
    """
    if registration.erased_at is not None:
        return
    contact = registration.attendees[0]
    sequence = calendar_entries.take_next_sequence(registration, now=now)
    outbox.enqueue(
        MessageDraft(
            key=f"{message_key(kind, registration.id, now)}:{sequence}{occurrence}",
            kind=kind,
            to_address=address or registration.email,
            to_name=name or contact.full_name,
            locale=registration.locale,
            event_id=registration.event_id,
            registration_id=registration.id,
            facts=dict(facts or {}),
            due_at=due_at,
            calendar_sequence=sequence,
        ),
        now=now,
    )


def notify_status(
    registration: Registration,
    *,
    now: datetime,
    facts: Mapping[str, object] | None = None,
    due_at: datetime | None = None,
) -> None:
    """Withdraw what has become pointless, and queue the message about the present status."""
    outbox.withdraw_from(REGISTRATION, registration.id, kinds=SUPERSEDED_KINDS)
    notify(
        registration,
        STATUS_MAIL_KINDS[registration.status],
        now=now,
        facts=facts,
        due_at=due_at,
    )
