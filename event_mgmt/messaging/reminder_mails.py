"""The mails of reminder rules: what each says at the moment it goes out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db, table_of
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.mail.freshness import LetterSource
from event_mgmt.mail.letters import Letter, NotNeeded
from event_mgmt.mail.models import Message
from event_mgmt.messaging import mail_texts, rules
from event_mgmt.messaging.models import ReminderRule
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.mails import mail_context
from event_mgmt.registrations.mails.mail_context import context_of

_TAKES_PLACE: Final = (EventStatus.PUBLISHED, EventStatus.FINISHED)


def reminder(message: Message) -> Letter:
    """A reminder, unless its reason went away since it was planned.

    NotNeeded when the rule was deleted or paused, the event moved or is off, the party's status is
    none of the rule's any more, or a reminder "before" would come after the start.
    """
    rule = db.session.get(ReminderRule, message.rule_id or 0)
    if rule is None or not rule.is_active:
        raise NotNeeded
    statuses = [Status(status) for status in rule.statuses]
    context = context_of(message, *statuses, while_event=_TAKES_PLACE)
    event = context.event
    if rules.occurrence(rule.timing, event.starts_at) != rules.occurrence_in(message.key):
        raise NotNeeded
    is_after = rules.follows_start(rule.timing, starts_at=event.starts_at, zone=event.time_zone)
    if not is_after and utc_now() >= event.starts_at:
        raise NotNeeded
    reader = mail_texts.recipient_context(context.registration)
    return mail_texts.reminder_letter(rule, event, reader)


def reminder_test(message: Message) -> Letter:
    """A rule's mail to an organiser, with the data of one guest but without that guest's link."""
    rule = db.session.get(ReminderRule, message.facts["rule_id"])
    event = db.session.get(Event, message.event_id or 0)
    if rule is None or event is None:
        raise NotNeeded
    statuses = [Status(status) for status in rule.statuses]
    return mail_texts.reminder_letter(rule, event, mail_texts.sample_context(event, statuses))


def read_ahead(messages: Sequence[Message]) -> object:
    """Load what many reminders need, in a few statements."""
    kept = mail_context.preload(messages)
    rule_ids = {message.rule_id for message in messages}
    found = db.session.scalars(select(ReminderRule).where(ReminderRule.id.in_(rule_ids))).all()
    return kept, found


_RULES: Final = table_of(ReminderRule)

LETTER_SOURCES: Final = (
    LetterSource(_RULES, _RULES.c.id == table_of(Message).c.rule_id, ("revision", "is_active")),
)
"""What else these letters are written from."""
