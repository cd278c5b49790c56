"""The mails that carry an organiser's message to a group."""

from __future__ import annotations

from event_mgmt.core.database import db
from event_mgmt.mail.letters import Letter, NotNeeded
from event_mgmt.mail.models import Message
from event_mgmt.messaging import mail_texts
from event_mgmt.messaging.enums import REMINDABLE
from event_mgmt.messaging.models import GroupMessage
from event_mgmt.registrations.mails.mail_context import context_of


def group_message(message: Message) -> Letter:
    """An organiser's message to somebody who is still part of the event."""
    group = db.session.get(GroupMessage, message.facts["group_message_id"])
    if group is None:
        raise NotNeeded
    context = context_of(message, *REMINDABLE, while_event=None)
    reader = mail_texts.recipient_context(context.registration)
    return mail_texts.group_letter(group, context.event, reader)
