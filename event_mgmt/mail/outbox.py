"""Writing messages: one row, in the transaction that causes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, insert, select, update

from event_mgmt.core.database import db, table_of
from event_mgmt.mail.kinds import mail_kinds
from event_mgmt.mail.models import NOT_GONE_OUT, Message, MessageState
from event_mgmt.mail.recipients import RecipientKind

_TABLE: Final = table_of(Message)
_WRITE: Final = insert(_TABLE)


@dataclass(frozen=True)
class MessageDraft:
    """A message to be: ``key`` makes it unique, ``kind`` names the mail that will be written.

    ``recipient_id`` is whom or what it goes to, where a table links messages of the kind with
    their recipients.
    """

    key: str
    kind: str
    to_address: str
    locale: str
    to_name: str = ""
    event_id: int | None = None
    registration_id: int | None = None
    recipient_id: int | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    due_at: datetime | None = None
    calendar_sequence: int | None = None


def enqueue(draft: MessageDraft, *, now: datetime) -> Mapping[str, str]:
    """Write one message that goes out at ``due_at`` (default: at once); see ``enqueue_all``."""
    return enqueue_all([draft], now=now)


def enqueue_all(drafts: Iterable[MessageDraft], *, now: datetime) -> Mapping[str, str]:
    """Write several messages in one statement.

    Recipients that a table links with their messages are asked first, all of a kind at once: gives
    why messages were not written, by key. What a column of the outbox names is in the hands of
    whoever writes. ValueError for a draft that names a recipient where its kind has none, or none
    where it has.
    """
    rows: list[dict[str, object]] = []
    by_recipient: dict[RecipientKind, list[MessageDraft]] = {}
    for draft in drafts:
        if (kind := _linked_kind(draft)) is None:
            rows.append(_row(draft, now))
        else:
            by_recipient.setdefault(kind, []).append(draft)
    if rows:
        db.session.execute(_WRITE, rows)
    refused: dict[str, str] = {}
    for kind, group in by_recipient.items():
        refused |= _enqueue_linked(kind, group, now=now)
    return refused


def _row(draft: MessageDraft, now: datetime) -> dict[str, object]:
    return {
        "key": draft.key,
        "kind": draft.kind,
        "locale": draft.locale,
        "to_address": draft.to_address,
        "to_name": draft.to_name,
        "event_id": draft.event_id,
        "registration_id": draft.registration_id,
        "facts": dict(draft.facts),
        "state": MessageState.QUEUED,
        "created_at": now,
        "due_at": draft.due_at or now,
        "calendar_sequence": draft.calendar_sequence,
    }


def _linked_kind(draft: MessageDraft) -> RecipientKind | None:
    """The kind of the draft's recipient, where a table links it with its messages."""
    kind = mail_kinds().recipient_of(draft.kind)
    linked = kind if kind is not None and kind.link is not None else None
    if (linked is None) is not (draft.recipient_id is None):
        raise ValueError(f"{draft.kind} goes to {linked.name if linked else 'no recipient by id'}")
    return linked


def _enqueue_linked(
    kind: RecipientKind, drafts: Sequence[MessageDraft], *, now: datetime
) -> dict[str, str]:
    """Write those that their recipients want, with the links; gives why not the others, by key."""
    db.session.flush()  # what the running transaction has just made is there as well
    things = {draft.key: draft.recipient_id for draft in drafts if draft.recipient_id is not None}
    refused = kind.refused_of(things.values())
    rows = [_row(draft, now) for draft in drafts if draft.recipient_id not in refused]
    if rows:
        written = db.session.execute(_WRITE.returning(_TABLE.c.id, _TABLE.c.key), rows)
        kind.add_links([(row.id, things[row.key]) for row in written])
    return {key: refused[thing] for key, thing in things.items() if thing in refused}


def withdraw(*which: ColumnElement[bool]) -> None:
    """Take back the messages of which all of this holds and that have not gone out."""
    db.session.execute(
        update(Message)
        .where(*which, Message.state.in_(NOT_GONE_OUT))
        .values(state=MessageState.WITHDRAWN),
        execution_options={"synchronize_session": False},
    )


def withdraw_from(kind: RecipientKind, recipient_id: int, *, kinds: Iterable[str]) -> None:
    """Take back what of these kinds has not gone out to a recipient: its cause went away."""
    withdraw(kind.names_one_of([recipient_id]), Message.kind.in_(list(kinds)))


def readdress(
    kind: RecipientKind, recipient_id: int, address: str, *, but_keys_ending: str
) -> None:
    """Send what has not gone out to this recipient to ``address`` from now on.

    Messages whose key ends like that are meant for the address as it was. One that a worker has
    in its hands is taken out of them; should the relay be taking it at that moment, the new
    address gets a second copy rather than none.
    """
    db.session.execute(
        update(Message)
        .where(
            kind.names_one_of([recipient_id]),
            Message.state.in_(NOT_GONE_OUT),
            ~Message.key.endswith(but_keys_ending, autoescape=True),
        )
        .values(
            to_address=address,
            state=MessageState.QUEUED,
            copies=0,  # the new address has had none; and a third is never claimed
            claimed_by=None,
            leased_until=None,
        ),
        execution_options={"synchronize_session": False},
    )


def withdraw_queued_of_event(event_id: int, *, kinds: Iterable[str]) -> None:
    """Take back an event's messages of these kinds that no worker has: others follow them."""
    withdraw(
        Message.event_id == event_id,
        Message.kind.in_(list(kinds)),
        Message.state == MessageState.QUEUED,
    )


def oldest_due(*, now: datetime) -> datetime | None:
    """When the longest-waiting due message came due; ``None`` when nothing waits.

    Of the kinds that this version sends: others wait for a newer one.
    """
    return db.session.execute(
        select(Message.due_at)
        .where(Message.state == MessageState.QUEUED, Message.due_at <= now, mail_kinds().is_known)
        .order_by(Message.due_at)
        .limit(1)
    ).scalar()
