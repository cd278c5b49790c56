"""A room as one would add it, whose mails go to things of its own through a table of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from flask import Flask
from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db, table_of, transactional
from event_mgmt.core.personal_data import DataSubject, Reach, Reference
from event_mgmt.mail import erasure, outbox
from event_mgmt.mail.kinds import MailKind
from event_mgmt.mail.letters import Letter, Paragraph
from event_mgmt.mail.models import Message
from event_mgmt.mail.outbox import MessageDraft
from event_mgmt.mail.recipients import RecipientKind
from event_mgmt.rooms import PersonalData, Room
from tests.mail.samples import NOW

TABLES: Final = MetaData()  # apart from the product's: no migration knows them
THINGS: Final = Table(
    "things",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("name", String(60), nullable=False),
    Column("email", String(254), nullable=False),
    Column("is_withdrawn", Boolean, nullable=False),
)
LINKS: Final = Table(
    "message_things",
    TABLES,
    Column("message_id", ForeignKey(table_of(Message).c.id, ondelete="CASCADE"), primary_key=True),
    Column("thing_id", ForeignKey(THINGS.c.id), nullable=False, index=True),
)
THING: Final = RecipientKind(
    name="thing",
    thing=THINGS.c.id,
    named_by=LINKS.c.thing_id,
    refusals={"withdrawn": THINGS.c.is_withdrawn},
    written_from=("name",),
    reference="thing",
)


def read_ahead(messages: Sequence[Message]) -> object:
    """The names of all their things, in one statement."""
    ids = [message.id for message in messages]
    of_messages = select(LINKS.c.message_id, THINGS.c.name).join(THINGS)
    rows = db.session.execute(of_messages.where(LINKS.c.message_id.in_(ids)))
    _names.update({row.message_id: row.name for row in rows})
    return None


_names: dict[int, str] = {}


def write(message: Message) -> Letter:
    """A letter that names its thing."""
    return Letter("News", "Hello,", (Paragraph(f"About {_names.get(message.id, 'nothing')}."),))


def find(subject: DataSubject, _reach: Reach) -> DataSubject:
    """The things with the subject's address."""
    found = db.session.scalars(select(THINGS.c.id).where(THINGS.c.email == subject.address))
    return subject.with_more(Reference("thing", id_) for id_ in found)


def erase(subject: DataSubject, _reach: Reach, _by: Actor, _now: datetime) -> Mapping[str, int]:
    """Their mail first, then the things themselves."""
    ids = subject.ids("thing")
    mails = erasure.erase_recipients(THING, ids)
    db.session.execute(delete(THINGS).where(THINGS.c.id.in_(ids)))
    return {"things": len(ids), "mails": mails}


def a_room(recipient: RecipientKind | None = THING) -> Room:
    """The room; without a recipient it is one that forgot to say whom its mails go to."""
    return Room(
        name="things",
        mail_kinds=(MailKind("thing_news", "News", write, read_ahead, recipient=recipient),),
        recipient_kinds=(THING,),
        personal_data=PersonalData(
            tables=frozenset({"things", "message_things"}), find=find, erase=erase
        ),
    )


@contextmanager
def tables(app: Flask) -> Iterator[None]:
    """The room's tables, for as long as the block lasts; ``app`` is made for it alone."""
    with app.app_context():
        _in_transaction(create=True)
        try:
            yield
        finally:
            db.session.remove()
            _in_transaction(create=False)
            db.engine.dispose()


def _in_transaction(*, create: bool) -> None:
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        TABLES.drop_all(connection)
        if create:
            TABLES.create_all(connection)


@transactional
def some_things(count: int) -> list[int]:
    """So many new things, from 1."""
    rows = [
        {"name": f"thing {n}", "email": f"thing-{n}@example.org", "is_withdrawn": False}
        for n in range(count)
    ]
    db.session.execute(insert(THINGS), rows)
    return list(db.session.scalars(select(THINGS.c.id).order_by(THINGS.c.id)))


@transactional
def queue_news(ids: Sequence[int]) -> Mapping[str, str]:
    """Queue mail to these things, all at one address; gives why some was not written."""
    drafts = [
        MessageDraft(f"news:{id_}", "thing_news", "office@example.org", "en", recipient_id=id_)
        for id_ in ids
    ]
    return outbox.enqueue_all(drafts, now=NOW)


@transactional
def withdraw(thing_id: int) -> None:
    """The thing wants no more mail."""
    db.session.execute(update(THINGS).where(THINGS.c.id == thing_id).values(is_withdrawn=True))


def read_by(contents: Sequence[bytes]) -> list[str]:
    """Which things these mails are about."""
    return [content.partition(b"About ")[2].partition(b".")[0].decode() for content in contents]
