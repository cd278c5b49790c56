"""The kinds of messages that this room writes."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.mail.kinds import MailKind
from event_mgmt.messaging.notices import group_message, read_ahead, reminder, reminder_test

MAIL_KINDS: Final = (
    MailKind("reminder", _l("Reminder"), reminder, read_ahead),
    MailKind("reminder_test", _l("Reminder, as a test"), reminder_test, read_ahead),
    MailKind("group_message", _l("Message to a group"), group_message, read_ahead),
)
