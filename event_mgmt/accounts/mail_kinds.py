"""The kinds of messages that this room writes."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.accounts import notices
from event_mgmt.mail.kinds import MailKind

MAIL_KINDS: Final = (
    MailKind("colleague_invitation", _l("Message"), notices.colleague_invitation),
    MailKind("team_joined", _l("Message"), notices.team_joined),
    MailKind("password_reset", _l("Message"), notices.password_reset),
    MailKind("password_changed", _l("Message"), notices.password_changed),
)
