"""An organiser's own message to a filtered group of guests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import JSON, cast, insert, literal, select
from sqlalchemy.types import String

from event_mgmt.audit.service import Actor, record
from event_mgmt.core.database import db, table_of, transactional
from event_mgmt.core.ids import UserId
from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Missing
from event_mgmt.core.types import UtcDateTime
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.messaging import refusals
from event_mgmt.messaging.models import GroupMessage, StoredAudience
from event_mgmt.registrations.mails.audience import Audience, contacts

GROUP_KIND: Final = "group_message"


@dataclass(frozen=True)
class GroupDraft:
    """A message in the languages it was written in, and whom it goes to."""

    subject: Localized
    body: Localized
    audience: Audience


@transactional
def send_to_group(
    event_id: int, draft: GroupDraft, *, nonce: str, user_id: UserId, now: datetime
) -> GroupMessage:
    """Queue one mail for each contact in the audience; the same ``nonce`` sends once.

    Raises Missing, EventNotPublished for a draft, TextMissing, NoRecipients.
    """
    sent = db.session.scalar(select(GroupMessage).where(GroupMessage.nonce == nonce))
    if sent is not None:
        if sent.event_id != event_id:
            raise Missing
        return sent
    check_draft(event_id, draft)
    group = GroupMessage(
        event_id=event_id,
        subject=draft.subject,
        body=draft.body,
        audience=_stored(draft.audience),
        nonce=nonce,
        created_by=user_id,
        created_at=now,
    )
    db.session.add(group)
    db.session.flush()
    group.recipients = _queue(group, draft.audience, now)
    if not group.recipients:
        raise refusals.NoRecipients
    record(
        "group_message.sent",
        by=Actor.user(user_id),
        now=now,
        subject="group_message",
        subject_id=group.id,
        event_id=event_id,
        changes={**_shown(draft.audience), "recipients": group.recipients},
    )
    return group


def _stored(audience: Audience) -> StoredAudience:
    """The audience for the record."""
    if audience.picked:
        return {"picked": list(audience.picked)}
    return {
        "statuses": [str(status) for status in audience.statuses],
        "pool_id": audience.pool_id,
        "country": audience.country,
    }


def _shown(audience: Audience) -> Mapping[str, object]:
    """The audience as the history shows it: how many were picked, not whom."""
    return {"picked": len(audience.picked)} if audience.picked else _stored(audience)


def check_draft(event_id: int, draft: GroupDraft) -> None:
    """Refuse what could not be sent: raises Missing, EventNotPublished, TextMissing."""
    event = db.session.get(Event, event_id)
    if event is None:
        raise Missing
    if event.status is EventStatus.DRAFT:
        raise refusals.EventNotPublished
    if not draft.body or set(draft.subject) != set(draft.body):
        raise refusals.TextMissing
    pool_id = draft.audience.pool_id
    pool = db.session.get(SeatPool, pool_id) if pool_id is not None else None
    if pool_id is not None and (pool is None or pool.event_id != event_id):
        raise Missing


def _queue(group: GroupMessage, audience: Audience, now: datetime) -> int:
    """One message row per recipient, in one statement; gives how many."""
    to = contacts(group.event_id, audience).subquery()
    source = select(
        literal(f"group:{group.id}:").concat(cast(to.c.id, String)),
        to.c.id,
        to.c.locale,
        to.c.email,
        to.c.name,
        literal(group.event_id),
        literal(GROUP_KIND),
        literal({"group_message_id": group.id}, JSON),
        cast(literal(MessageState.QUEUED.value), String),
        literal(now, UtcDateTime),
        literal(now, UtcDateTime),
        literal(0),
        literal(0),
        literal(""),
        literal(""),
    )
    names = (
        *("key", "registration_id", "locale", "to_address", "to_name", "event_id", "kind"),
        *("facts", "state", "created_at", "due_at", "attempts", "copies"),
        *("subject", "last_error"),
    )
    written = db.session.connection().execute(
        insert(table_of(Message)).from_select(names, source, include_defaults=False),
        execution_options={"preserve_rowcount": True},
    )
    return written.rowcount
