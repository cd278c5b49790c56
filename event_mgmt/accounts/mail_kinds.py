"""The kinds of messages that this room writes."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.accounts import account_mails
from event_mgmt.accounts.recipient_kinds import ACCOUNT
from event_mgmt.mail.kinds import MailKind

MAIL_KINDS: Final = (
    MailKind(
        "colleague_invitation", _l("Message"), account_mails.colleague_invitation, recipient=ACCOUNT
    ),
    MailKind("team_joined", _l("Message"), account_mails.team_joined, recipient=ACCOUNT),
    MailKind("password_reset", _l("Message"), account_mails.password_reset, recipient=ACCOUNT),
    # A warning to whoever reads the mailbox, whatever has become of the account since.
    MailKind("password_changed", _l("Message"), account_mails.password_changed, recipient=None),
)
