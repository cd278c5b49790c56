"""Whom mails of and to this room go to: accounts, known by their address."""

from __future__ import annotations

from typing import Final

from event_mgmt.accounts.models import User
from event_mgmt.core.database import table_of
from event_mgmt.mail.models import Message
from event_mgmt.mail.recipients import RecipientKind

_USERS: Final = table_of(User)

ACCOUNT: Final = RecipientKind(
    name="account",
    thing=_USERS.c.email,
    named_by=table_of(Message).c.to_address,
    refusals={"inactive": ~_USERS.c.is_active},
)
"""Somebody who works with the system, for as long as their account is open."""

RECIPIENT_KINDS: Final = (ACCOUNT,)
