"""What this room does when events or mail tell it something. Rows only, in their transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from blinker import Signal
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from event_mgmt.core.database import db
from event_mgmt.events import signals as event_signals
from event_mgmt.events.models import Event
from event_mgmt.mail import signals as mail_signals
from event_mgmt.mail.models import Message
from event_mgmt.registrations import offer_commands
from event_mgmt.registrations.lifecycle import persistence, proposal_persistence
from event_mgmt.registrations.mails import event_mails, last_announcements
from event_mgmt.registrations.models import Attendee, Registration


def _on_seats_added(_sender: object, *, pool_id: int, now: datetime, **_more: object) -> None:
    db.session.flush()
    offer_commands.fill_free_seats(pool_id, now=now)


def _on_changed(
    _sender: object, *, event: Event, resumes: bool, now: datetime, **_more: object
) -> None:
    """Renew offers that nobody could answer while the event had no date, and give out what was
    freed meanwhile.
    """
    db.session.flush()
    for pool in event.pools:
        offer_commands.renew_offers(pool.id, resumes=resumes, now=now)
        offer_commands.fill_free_seats(pool.id, now=now)
        db.session.refresh(pool)


def _on_made_sensitive(
    _sender: object, *, event: Event, question_ids: Sequence[int], **_more: object
) -> None:
    """Set answers given so far apart: only few see them from now on, and they go sooner."""
    keys = [str(question_id) for question_id in question_ids]
    db.session.flush()
    answered = db.session.scalars(
        select(Attendee)
        .where(Attendee.event_id == event.id)
        .options(joinedload(Attendee.sensitive))
        .execution_options(populate_existing=True)
    )
    for attendee in answered:
        if apart := {key: attendee.answers[key] for key in keys if key in attendee.answers}:
            persistence.move_to_sensitive(attendee, apart)
    proposal_persistence.move_to_sensitive(event.id, keys)


def _on_refused_for_good(_sender: object, *, message: Message, now: datetime) -> None:
    """Mark the address, unless it has been changed since the message was written."""
    if message.registration_id is None:
        return
    db.session.execute(
        update(Registration)
        .where(
            Registration.id == message.registration_id,
            Registration.email == message.to_address,
        )
        .values(address_failed_at=now),
        execution_options={"synchronize_session": False},
    )


LISTENERS: Final[tuple[tuple[Signal, Callable[..., object]], ...]] = (
    (event_signals.changed, event_mails.on_changed),
    (event_signals.changed, _on_changed),
    (event_signals.postponed, event_mails.on_postponed),
    (event_signals.cancelled, event_mails.on_cancelled),
    (event_signals.seats_added, _on_seats_added),
    (event_signals.made_sensitive, _on_made_sensitive),
    (mail_signals.refused_for_good, _on_refused_for_good),
    (mail_signals.accepted, last_announcements.on_accepted),
    (mail_signals.perhaps_arrived, last_announcements.on_perhaps_arrived),
    (mail_signals.came_back, last_announcements.on_came_back),
)
"""Each signal with what hears it, in this order."""
