"""Whom mails about registrations go to."""

from __future__ import annotations

from typing import Final

from event_mgmt.core.database import table_of
from event_mgmt.mail.models import Message
from event_mgmt.mail.recipients import RecipientKind
from event_mgmt.registrations.models import Registration

_REGISTRATIONS: Final = table_of(Registration)

REGISTRATION: Final = RecipientKind(
    name="registration",
    thing=_REGISTRATIONS.c.id,
    named_by=table_of(Message).c.registration_id,
    refusals={"erased": _REGISTRATIONS.c.erased_at.is_not(None)},
    written_from=("status", "email", "changed_at", "link_version"),
    reference="registration",
)
"""A party, until the people in it are erased. In which status a mail is true, its writer says."""

RECIPIENT_KINDS: Final = (REGISTRATION,)
