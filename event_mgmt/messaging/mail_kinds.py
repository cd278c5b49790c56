"""The kinds of messages that this room writes."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.accounts.recipient_kinds import ACCOUNT
from event_mgmt.mail.kinds import MailKind
from event_mgmt.messaging.group_message_mails import group_message
from event_mgmt.messaging.reminder_mails import read_ahead, reminder, reminder_test
from event_mgmt.registrations.mails.mail_context import preload
from event_mgmt.registrations.recipient_kinds import REGISTRATION

MAIL_KINDS: Final = (
    MailKind("reminder", _l("Reminder"), reminder, read_ahead, recipient=REGISTRATION),
    MailKind(
        "reminder_test", _l("Reminder, as a test"), reminder_test, read_ahead, recipient=ACCOUNT
    ),
    MailKind(
        "group_message", _l("Message to a group"), group_message, preload, recipient=REGISTRATION
    ),
)
