"""The last announcement each guest received: stored when a relay has accepted the mail.

In the commit that says so of the message; see docs/decisions/0016-what-was-last-told.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Final

from flask import g
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    delete,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from event_mgmt.core.database import db, table_of
from event_mgmt.core.types import UtcDateTime
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.mail.letters import WaitForOther
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.mails.announcements import Announcement, changes_between
from event_mgmt.registrations.models import LastAnnouncement, Registration

ANNOUNCEMENT_KINDS: Final = ("event_changed", "event_postponed", "event_cancelled")
"""The messages that say nothing but what is new."""

Pair = tuple[int | None, str]
"""A registration and an address."""

_NO_SYNC: Final = {"synchronize_session": False}
_SAID: Final = tuple(field.name for field in fields(Announcement))
_COLUMNS: Final = tuple(table_of(LastAnnouncement).c[name] for name in _SAID)
_TAKES_PLACE: Final = (EventStatus.PUBLISHED, EventStatus.FINISHED)


def announcement_of(event: Event, *, with_link: bool) -> Announcement:
    """The announcement of ``event`` as it is now; ``with_link``: also how to join online."""
    said = {name: getattr(event, name) for name in _SAID}
    if event.status in _TAKES_PLACE:
        said["status"] = EventStatus.PUBLISHED
    return Announcement(**{**said, "online_url": event.online_url if with_link else None})


def announced_by_facts(event: Event, *, with_link: bool) -> Announcement | None:
    """What a letter tells that says when and where; nothing firm while the event is off."""
    return announcement_of(event, with_link=with_link) if event.status in _TAKES_PLACE else None


# What an announcement's letter compares with.


def preload(messages: Sequence[Message]) -> object:
    """Read at once, for this transaction, what ``last_announcement_to`` gives for ``messages``."""
    pairs = {(message.registration_id, message.to_address) for message in messages}
    # In this order: what was on its way before is written down by the time that it is read.
    on_their_way = _on_their_way({registration_id for registration_id, _address in pairs})
    found = db.session.scalars(
        select(LastAnnouncement).where(
            tuple_(LastAnnouncement.registration_id, LastAnnouncement.address).in_(pairs)
        )
    ).all()
    told: dict[Pair, LastAnnouncement] = {(row.registration_id, row.address): row for row in found}
    ahead = {pair: (on_their_way.get(pair[0], ()), told.get(pair)) for pair in pairs}
    g.told_ahead = (db.session().get_transaction(), ahead)
    return found


def last_announcement_to(message: Message) -> LastAnnouncement | None:
    """What the reader of ``message`` was last told; ``None`` for whoever was told nothing.

    Raises WaitForOther while another message to that registration is in a worker's hands: nobody
    knows what the reader will have been told when this one arrives. Of two about news the first
    goes.
    """
    pair = (message.registration_id, message.to_address)
    transaction, ahead = g.get("told_ahead", (None, {}))
    if transaction is None or transaction is not db.session().get_transaction():
        ahead = {}
    if pair not in ahead:
        preload([message])
        ahead = g.told_ahead[1]
    others, told = ahead[pair]
    for other in others:
        if other.id != message.id and (
            other.kind not in ANNOUNCEMENT_KINDS or other.id < message.id
        ):
            raise WaitForOther(other.claimed_by)
    row: LastAnnouncement | None = told
    return row


def _on_their_way(registration_ids: Collection[int | None]) -> dict[int | None, list[object]]:
    """The messages to these registrations that workers have in their hands."""
    rows = db.session.execute(
        select(Message.registration_id, Message.id, Message.kind, Message.claimed_by).where(
            Message.registration_id.in_(registration_ids), Message.state == MessageState.SENDING
        )
    )
    found: dict[int | None, list[object]] = {}
    for row in rows:
        found.setdefault(row.registration_id, []).append(row)
    return found


def to_announcement(told: LastAnnouncement) -> Announcement:
    """What was told, to compare with."""
    return Announcement(**{name: getattr(told, name) for name in _SAID})


# Who must be notified.


def has_changes(event: Event, *, becoming: EventStatus | None = None) -> ColumnElement[bool]:
    """Whether a registration, left-joined by ``LastAnnouncement`` on
    ``is_for_current_address``, must be told of ``event``
    as it is, or would have to be if it were ``becoming`` something else.

    That is who was told something else, or nothing, or perhaps something else; and while another
    message to them waits or is on its way, nobody knows what they are told next.
    """
    pending = (
        select(Message.id)
        .where(
            Message.registration_id == Registration.id,
            Message.to_address == Registration.email,
            Message.state.in_((MessageState.QUEUED, MessageState.SENDING)),
        )
        .exists()
    )
    return or_(
        LastAnnouncement.registration_id.is_(None),
        LastAnnouncement.is_doubtful,
        ~_up_to_date(event, becoming),
        pending,
    )


def is_for_current_address() -> ColumnElement[bool]:
    """That a LastAnnouncement is of the present address of its registration."""
    return and_(
        LastAnnouncement.registration_id == Registration.id,
        LastAnnouncement.address == Registration.email,
    )


def _up_to_date(event: Event, becoming: EventStatus | None) -> ColumnElement[bool]:
    """Decided by the rule itself, for the few different things that an event's guests were told."""
    is_sure, is_unsure = (
        Registration.status == Status.CONFIRMED,
        Registration.status != Status.CONFIRMED,
    )
    rows = db.session.execute(
        select(is_sure, *_COLUMNS)
        .join(LastAnnouncement, is_for_current_address())
        .where(Registration.event_id == event.id)
        .distinct()
    )
    conditions = []
    for sure, *values in rows:
        before, now = Announcement(*values), announcement_of(event, with_link=sure)
        if not changes_between(before, replace(now, status=becoming or now.status)):
            alike = [
                column.is_(None) if value is None else column == value
                for column, value in zip(_COLUMNS, values, strict=True)
            ]
            conditions.append(and_(is_sure if sure else is_unsure, *alike))
    return or_(false(), *conditions)


# Signals of the mail room.


def on_accepted(
    _sender: object, *, receipts: Mapping[object, Sequence[int]], now: datetime, **_more: object
) -> None:
    """Subscriber: write down what mails have told that a relay took, one statement for each text.

    From the messages as they are now: one whose reader was erased meanwhile names nobody.
    """
    for said, message_ids in receipts.items():
        if isinstance(said, Announcement):
            _write(said, message_ids, now=now)


def _write(said: Announcement, message_ids: Sequence[int], *, now: datetime) -> None:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    values = [literal(getattr(said, column.name), column.type) for column in _COLUMNS]
    rows = (
        select(
            Message.registration_id,
            Message.to_address,
            *values,
            literal(now, UtcDateTime),
            literal(False),
        )
        .where(
            Message.id.in_(message_ids),
            Message.state == MessageState.SENT,
            Message.registration_id.is_not(None),
            Message.to_address != "",
        )
        .distinct()
        .order_by(Message.registration_id)
    )
    names = ("registration_id", "address", *_SAID, "told_at", "is_doubtful")
    statement = dialect.insert(LastAnnouncement).from_select(names, rows)
    new = {name: statement.excluded[name] for name in names[2:]}
    # A mail that says nothing of the way in takes nothing back of what an earlier one said.
    new["online_url"] = func.coalesce(statement.excluded.online_url, LastAnnouncement.online_url)
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["registration_id", "address"], set_=new),
        execution_options=_NO_SYNC,
    )


def on_perhaps_arrived(_sender: object, *, message_ids: Sequence[int], **_more: object) -> None:
    """Subscriber: what these mails' readers were told before may no longer be the last."""
    readers = select(Message.registration_id, Message.to_address).where(Message.id.in_(message_ids))
    db.session.execute(
        update(LastAnnouncement)
        .where(tuple_(LastAnnouncement.registration_id, LastAnnouncement.address).in_(readers))
        .values(is_doubtful=True),
        execution_options=_NO_SYNC,
    )


def on_came_back(_sender: object, *, message: Message, **_more: object) -> None:
    """Subscriber: a mail that was taken did not arrive, so its reader counts as told nothing."""
    db.session.execute(
        delete(LastAnnouncement).where(
            LastAnnouncement.registration_id == message.registration_id,
            LastAnnouncement.address == message.to_address,
        ),
        execution_options=_NO_SYNC,
    )


def mark_all_doubtful() -> None:
    """After a restore: whatever was told since the backup was made, nobody knows any more."""
    db.session.execute(
        update(LastAnnouncement).values(is_doubtful=True), execution_options=_NO_SYNC
    )


# Personal data: reading and erasing.


def by_registration(registration_ids: Collection[int]) -> dict[int, list[LastAnnouncement]]:
    """What these registrations were told, by registration: one for each address they ever had."""
    wanted = select(LastAnnouncement).where(LastAnnouncement.registration_id.in_(registration_ids))
    found: dict[int, list[LastAnnouncement]] = {}
    for row in db.session.scalars(
        wanted.order_by(LastAnnouncement.told_at, LastAnnouncement.address)
    ):
        found.setdefault(row.registration_id, []).append(row)
    return found


def delete_for_registrations(registration_ids: Sequence[int]) -> None:
    """Delete what these registrations were told; after their messages were emptied.

    Later than those, so that no worker that is just writing down an arrival can write it anew.
    """
    db.session.execute(
        delete(LastAnnouncement).where(LastAnnouncement.registration_id.in_(registration_ids)),
        execution_options=_NO_SYNC,
    )


def delete_for_address(address: str, *, events: Select[object] | None = None) -> None:
    """Delete what ``address`` was told of these events (default: all), in any registration."""
    wanted = delete(LastAnnouncement).where(LastAnnouncement.address == address)
    if events is not None:
        of_events = select(Registration.id).where(Registration.event_id.in_(events))
        wanted = wanted.where(LastAnnouncement.registration_id.in_(of_events))
    db.session.execute(wanted, execution_options=_NO_SYNC)
