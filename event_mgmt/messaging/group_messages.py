"""An organiser's own message to a filtered group of guests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, Select, cast, func, insert, literal, select
from sqlalchemy.types import String

from event_mgmt.audit.service import Actor, record
from event_mgmt.core.database import db, transactional
from event_mgmt.core.ids import UserId
from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Missing
from event_mgmt.core.types import UtcDateTime
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.messaging import refusals
from event_mgmt.messaging.models import GroupMessage
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.models import Attendee, Registration

GROUP_KIND: Final = "group_message"


@dataclass(frozen=True)
class GroupAudience:
    """Whom to write to: contacts (not companions) by status, contingent and country.

    Registrations that were ``picked`` by their ids are written to instead, wherever they stand.
    """

    statuses: tuple[Status, ...]
    pool_id: int | None = None
    country: str = ""
    picked: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For the record."""
        if self.picked:
            return {"picked": list(self.picked)}
        return {
            "statuses": [str(status) for status in self.statuses],
            "pool_id": self.pool_id,
            "country": self.country,
        }


@dataclass(frozen=True)
class GroupDraft:
    """A message in the languages it was written in, and whom it goes to."""

    subject: Localized
    body: Localized
    audience: GroupAudience


def audience_size(event_id: int, audience: GroupAudience) -> int:
    """How many people the message would reach; nobody where nothing was chosen."""
    found = _recipients(event_id, audience).subquery()
    return db.session.execute(select(func.count()).select_from(found)).scalar_one()


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
        audience=draft.audience.as_dict(),
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


def _shown(audience: GroupAudience) -> dict[str, Any]:
    """The audience as the history shows it: how many were picked, not whom."""
    return {"picked": len(audience.picked)} if audience.picked else audience.as_dict()


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


def _recipients(event_id: int, audience: GroupAudience) -> Select[int, str, str, str]:
    statement = (
        select(
            Registration.id,
            Registration.locale,
            Registration.email,
            Attendee.full_name.label("name"),
        )
        .join(Attendee, Attendee.registration_id == Registration.id)
        .where(
            Registration.event_id == event_id,
            Registration.erased_at.is_(None),
            Attendee.position == 0,
            Registration.address_failed_at.is_(None),
        )
    )
    if audience.picked:
        return statement.where(Registration.id.in_(audience.picked))
    statement = statement.where(Registration.status.in_(audience.statuses))
    if audience.pool_id is not None:
        statement = statement.where(Registration.pool_id == audience.pool_id)
    if audience.country:
        statement = statement.where(Attendee.country == audience.country)
    return statement


def _queue(group: GroupMessage, audience: GroupAudience, now: datetime) -> int:
    """One message row per recipient, in one statement; gives how many."""
    to = _recipients(group.event_id, audience).subquery()
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
    written: Any = db.session.execute(
        insert(Message).from_select(names, source, include_defaults=False),
        execution_options={"preserve_rowcount": True},
    )
    return int(written.rowcount)
