"""The kinds of messages that this room writes."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.accounts.recipient_kinds import ACCOUNT
from event_mgmt.core.database import table_of
from event_mgmt.events.models import Event
from event_mgmt.events.partner_mails import partner_invited
from event_mgmt.mail.freshness import LetterSource
from event_mgmt.mail.kinds import MailKind
from event_mgmt.mail.models import Message

MAIL_KINDS: Final = (
    MailKind("partner_invited", _l("Invitation to co-host"), partner_invited, recipient=ACCOUNT),
)

_EVENTS: Final = table_of(Event)

LETTER_SOURCES: Final = (
    LetterSource(
        _EVENTS,
        _EVENTS.c.id == table_of(Message).c.event_id,
        ("status", "version", "revision", "starts_at"),
    ),
)
"""What all mails about events are written from, also those of the rooms above."""
