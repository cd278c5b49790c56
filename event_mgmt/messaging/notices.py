"""The notices of this room: what a message of each kind says at the moment it goes out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db, table_of
from event_mgmt.core.links import public_url
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.mail.freshness import LetterSource
from event_mgmt.mail.letters import Letter, NotNeeded
from event_mgmt.mail.models import Message
from event_mgmt.messaging import mail_texts, queries, rules
from event_mgmt.messaging.enums import REMINDABLE
from event_mgmt.messaging.mail_texts import RecipientContext
from event_mgmt.messaging.models import GroupMessage, ReminderRule
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.mails import mail_context
from event_mgmt.registrations.models import Attendee, Registration

_TAKES_PLACE = (EventStatus.PUBLISHED, EventStatus.FINISHED)


def reminder(message: Message) -> Letter:
    """A reminder, unless its reason went away since it was planned.

    NotNeeded when the rule was deleted or paused, the event moved or is off, the person was
    erased while it was planned, the person's status is none of the rule's any more, or a reminder
    "before" would come after the start.
    """
    rule = db.session.get(ReminderRule, message.rule_id or 0)
    event = db.session.get(Event, message.event_id or 0)
    registration = db.session.get(Registration, message.registration_id or 0)
    if rule is None or event is None or registration is None or not registration.attendees:
        raise NotNeeded
    if registration.erased_at is not None or not rule.is_active:
        raise NotNeeded
    if event.status not in _TAKES_PLACE or registration.status not in rule.statuses:
        raise NotNeeded
    if rules.occurrence(rule.timing, event.starts_at) != rules.occurrence_in(message.key):
        raise NotNeeded
    is_after = rules.follows_start(rule.timing, starts_at=event.starts_at, zone=event.time_zone)
    if not is_after and utc_now() >= event.starts_at:
        raise NotNeeded
    return mail_texts.reminder_letter(rule, event, mail_texts.recipient_context(registration))


def reminder_test(message: Message) -> Letter:
    """A rule's mail to an organiser, with the data of one guest but without that guest's link."""
    rule = db.session.get(ReminderRule, message.facts["rule_id"])
    event = db.session.get(Event, message.event_id or 0)
    if rule is None or event is None:
        raise NotNeeded
    statuses = [Status(status) for status in rule.statuses]
    return mail_texts.reminder_letter(rule, event, sample_reader(event, statuses))


def group_message(message: Message) -> Letter:
    """An organiser's message to somebody who is still part of the event."""
    group = db.session.get(GroupMessage, message.facts["group_message_id"])
    event = db.session.get(Event, message.event_id or 0)
    registration = db.session.get(Registration, message.registration_id or 0)
    if group is None or event is None or registration is None:
        raise NotNeeded
    if registration.erased_at is not None or registration.status not in REMINDABLE:
        raise NotNeeded
    return mail_texts.group_letter(group, event, mail_texts.recipient_context(registration))


def sample_reader(
    event: Event, statuses: Sequence[Status], picked: Sequence[int] = ()
) -> RecipientContext:
    """A guest to show a mail with: a real one where there is one, with the public page's link."""
    link = public_url("event_site.event", slug=event.slug)
    sample = queries.sample_registration(event.id, statuses, picked)
    if sample is not None:
        return mail_texts.recipient_context(sample, link=link)
    nobody = Attendee(given_name="Ana", family_name="Novak", form_of_address="", academic_title="")
    return RecipientContext(nobody, statuses[0] if statuses else Status.CONFIRMED, link)


_RULES: Final = table_of(ReminderRule)

LETTER_SOURCES: Final = (
    LetterSource(_RULES, _RULES.c.id == table_of(Message).c.rule_id, ("revision", "is_active")),
)
"""What else these letters are written from."""


def read_ahead(messages: Sequence[Message]) -> object:
    """Load what many letters of this room need, in a few statements."""
    kept = mail_context.preload(messages)
    rule_ids = {message.rule_id for message in messages}
    found = db.session.scalars(select(ReminderRule).where(ReminderRule.id.in_(rule_ids))).all()
    return kept, found
