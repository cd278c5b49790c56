"""The kinds of messages that this room writes."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.events.notices import partner_invited
from event_mgmt.mail.kinds import MailKind

MAIL_KINDS: Final = (MailKind("partner_invited", _l("Invitation to co-host"), partner_invited),)
