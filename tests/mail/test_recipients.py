"""A new room's mails go to things of its own, for as long as these want them; on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, delete, func, select
from sqlalchemy.exc import IntegrityError

from event_mgmt.accounts import one_time_links
from event_mgmt.accounts.models import LinkPurpose
from event_mgmt.audit.service import SYSTEM
from event_mgmt.core import schema
from event_mgmt.core.database import db, table_of, transactional
from event_mgmt.mail import freshness, outbox, queue
from event_mgmt.mail.delivery import Deliverer
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.outbox import MessageDraft
from event_mgmt.mail.recipients import RecipientKind, RecipientKinds
from event_mgmt.operations import restore as restoring
from event_mgmt.operations.archive import Archive
from event_mgmt.operations.backup import back_up
from event_mgmt.operations.restore import RestoreConsent
from event_mgmt.privacy import service as privacy
from event_mgmt.rooms import Room
from event_mgmt.settings import Settings
from event_mgmt.wiring import ROOMS, create_app
from tests.builders import a_registration, a_user, an_event, saved
from tests.mail import samples, things
from tests.mail.relay import Conversation, Relay
from tests.mail.samples import NOW, queued, states, the_message
from tests.mail.things import LINKS, THING, THINGS, queue_news, some_things, withdraw
from tests.sql_counter import counted_statements


def _with(any_app: Flask, *rooms: Room) -> Flask:
    """Another application on the same database, of the product's rooms and these."""
    settings: Settings = any_app.extensions["settings"]
    return create_app(settings, rooms=(*ROOMS, samples.ROOM, *rooms))


@pytest.fixture
def app(any_app: Flask) -> Iterator[Flask]:
    """An application with the new room, on each of both databases in turn."""
    made = _with(any_app, things.a_room())
    with things.tables(made):
        yield made


def _received(relay: Relay) -> list[str]:
    return things.read_by([each.content for each in relay.received])


def _links() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(LINKS)) or 0


def test_a_thing_that_is_withdrawn_gets_no_mail_and_all_others_do(
    app: Flask, relay: Relay, deliverer: Deliverer
) -> None:
    ids = some_things(4)
    queue_news(ids)
    withdraw(ids[1])

    report = deliverer.deliver_due(NOW)

    assert (report.sent, report.skipped) == (3, 1)
    assert _received(relay) == ["thing 0", "thing 2", "thing 3"]
    skipped = the_message(2)
    assert (skipped.state, skipped.last_error) == (MessageState.SKIPPED, "recipient: withdrawn")


def test_the_control_without_its_kind_the_withdrawn_thing_would_get_mail(
    any_app: Flask, relay: Relay, deliverer: Deliverer
) -> None:
    forgetful = _with(any_app, things.a_room(recipient=None))
    with things.tables(forgetful):
        ids = some_things(2)
        for id_ in ids:
            transactional(outbox.enqueue)(
                MessageDraft(f"news:{id_}", "thing_news", "office@example.org", "en"), now=NOW
            )
        transactional(THING.add_links)([(message, message) for message in ids])
        withdraw(ids[1])

        deliverer.deliver_due(NOW)

        assert _received(relay) == ["thing 0", "thing 1"]


def test_who_is_withdrawn_while_a_worker_has_its_mail_in_hand_gets_none(
    app: Flask, relay: Relay, deliverer: Deliverer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "MAX_AGE_SECONDS", 0.0)
    ids = some_things(4)
    queue_news(ids)

    def says(step: str, _conversation: Conversation) -> object:
        if step == "dot" and len(relay.received) == 1:
            with app.app_context():
                withdraw(ids[2])
                db.session.remove()
        return ...

    relay.says = says
    for _ in range(2):  # what is kept back waits for the worker's next look
        deliverer.deliver_due(NOW)

    assert _received(relay) == ["thing 0", "thing 1", "thing 3"]
    assert the_message(3).state is MessageState.SKIPPED


def test_a_letter_that_names_its_thing_otherwise_is_written_anew(
    app: Flask, relay: Relay, deliverer: Deliverer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "MAX_AGE_SECONDS", 0.0)
    ids = some_things(2)
    queue_news(ids)

    def says(step: str, _conversation: Conversation) -> object:
        if step == "dot" and not relay.received:
            with app.app_context(), db.engine.begin() as connection:
                connection.execute(THINGS.update().where(THINGS.c.id == ids[1]).values(name="new"))
        return ...

    relay.says = says
    for _ in range(2):
        deliverer.deliver_due(NOW)

    assert _received(relay) == ["thing 0", "new"]


def test_who_wants_no_mail_when_it_is_queued_is_written_none(app: Flask) -> None:
    ids = some_things(3)
    withdraw(ids[0])

    refused = queue_news([*ids, 99])

    assert refused == {"news:1": "withdrawn", "news:99": "gone"}
    assert states() == {MessageState.QUEUED: 2}
    assert _links() == 2


def test_what_the_running_transaction_has_just_made_is_written_to(app: Flask) -> None:
    @transactional
    def made_and_told() -> object:
        return queue_news(some_things(1))

    assert made_and_told() == {}
    assert _links() == 1


def test_a_draft_that_names_no_recipient_or_one_that_nobody_asked_for_is_a_mistake(
    app: Flask,
) -> None:
    nobody = MessageDraft("a", "thing_news", "office@example.org", "en")
    somebody = MessageDraft("b", samples.KIND, "office@example.org", "en", recipient_id=1)

    for draft in (nobody, somebody):
        with pytest.raises(ValueError, match="goes to"):
            transactional(outbox.enqueue)(draft, now=NOW)


def test_who_is_erased_takes_the_queued_mail_along(
    app: Flask, relay: Relay, deliverer: Deliverer
) -> None:
    ids = some_things(3)
    queue_news(ids)

    counts = privacy.erase_person("thing-1@example.org", by=SYSTEM, now=NOW)
    deliverer.deliver_due(NOW)

    gone = the_message(2)
    assert (counts["things"], counts["mails"]) == (1, 1)
    assert (gone.state, gone.to_address) == (MessageState.WITHDRAWN, "")
    assert _received(relay) == ["thing 0", "thing 2"]
    assert _links() == 2


def test_the_mail_room_alone_finds_the_mail_of_a_thing_by_its_reference(app: Flask) -> None:
    """As for a room that takes the names out of its things, and keeps them."""
    ids = some_things(2)
    queue_news(ids)
    kinds = RecipientKinds([THING], {"thing_news": THING})

    to_them = kinds.names_one_of(lambda kind: ids[:1] if kind == "thing" else [])

    assert db.session.scalars(select(Message.id).where(to_them)).all() == [1]


def test_a_thing_cannot_go_before_its_mail(app: Flask) -> None:
    queue_news(some_things(1))

    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(delete(THINGS))


def test_a_version_that_does_not_know_the_kind_leaves_the_mail_to_those_that_do(
    any_app: Flask, app: Flask, relay: Relay
) -> None:
    queue_news(some_things(2))
    queued(1)
    db.session.remove()

    older = Deliverer(relay.transport())
    with any_app.app_context():
        assert older.deliver_due(NOW).total == 1
        assert not queue.queue_status(NOW).due
        db.session.remove()
    older.rest()
    waiting = db.session.scalars(select(Message).where(Message.kind == "thing_news")).all()
    assert [(m.state, m.attempts, m.copies) for m in waiting] == [(MessageState.QUEUED, 0, 0)] * 2
    db.session.rollback()

    newer = Deliverer(relay.transport())
    assert newer.deliver_due(NOW).sent == 2
    newer.rest()


def test_asking_costs_no_statement_of_its_own(app: Flask, relay: Relay) -> None:
    """Whoever sends to things sends what it sends to samples, and what the new room reads."""
    sent = []
    for queue_some in (lambda: queued(8), lambda: queue_news(some_things(8))):
        queue_some()
        deliverer = Deliverer(relay.transport())
        with counted_statements() as statements:
            assert deliverer.deliver_due(NOW).sent == 8
        deliverer.rest()
        sent.append(set(statements))

    [more] = sent[1] - sent[0]
    assert "FROM message_things JOIN things" in " ".join(more.split())


def test_backup_and_restore_hold_what_links_messages_with_things(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = some_things(3)
    queue_news(ids)
    before = db.session.execute(select(LINKS).order_by(LINKS.c.message_id)).all()
    db.session.rollback()
    back_up(tmp_path / "made.backup", now=NOW)
    privacy.erase_person("thing-1@example.org", by=SYSTEM, now=NOW)
    _migrating_the_new_room_too(monkeypatch)

    db.session.remove()
    with Archive(tmp_path / "made.backup") as opened:
        restoring.restore(opened, RestoreConsent(replace=True), now=NOW)

    assert db.session.execute(select(LINKS).order_by(LINKS.c.message_id)).all() == before
    assert len(before) == 3


def _migrating_the_new_room_too(monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade: Callable[..., object] = schema.upgrade_on

    def upgrade_on(connection: object, *revision: str) -> None:
        upgrade(connection, *revision)
        things.TABLES.create_all(connection)

    monkeypatch.setattr(schema, "upgrade_on", upgrade_on)


def _linked(
    *,
    message_id: str = "message_id",
    on_message: str | None = "CASCADE",
    on_thing: str | None = None,
    is_unique: bool = True,
    is_indexed: bool = True,
) -> RecipientKind:
    """A kind whose table is as it should be, but for what is given."""
    tables = MetaData()
    widgets = Table("widgets", tables, Column("id", Integer, primary_key=True))
    to_message = ForeignKey(table_of(Message).c.id, ondelete=on_message)
    to_widget = ForeignKey(widgets.c.id, ondelete=on_thing)
    link = Table(
        "message_widgets",
        tables,
        Column(message_id, to_message, unique=is_unique),
        Column("widget_id", to_widget, index=is_indexed),
    )
    return RecipientKind(name="widget", thing=widgets.c.id, named_by=link.c.widget_id)


@pytest.mark.parametrize(
    ("otherwise", "words"),
    [
        ({"message_id": "mail_id"}, "has no column message_id"),
        ({"on_message": None}, "ON DELETE CASCADE"),
        ({"is_unique": False}, "must be unique"),
        ({"on_thing": "CASCADE"}, "hold it back"),
        ({"is_indexed": False}, "needs an index"),
    ],
)
def test_a_table_of_links_that_lacks_something_is_refused_with_what_it_lacks(
    otherwise: dict[str, object], words: str
) -> None:
    _linked()

    with pytest.raises(ValueError, match=words):
        _linked(**otherwise)


def test_kinds_that_do_not_fit_together_are_refused_when_an_application_is_made() -> None:
    with pytest.raises(ValueError, match="no room declares thing"):
        RecipientKinds([], {"thing_news": THING})
    with pytest.raises(ValueError, match="of the same name"):
        RecipientKinds([THING, THING], {})
    other = RecipientKind(name="other", thing=THINGS.c.id, named_by=LINKS.c.thing_id)
    with pytest.raises(ValueError, match="of the same table"):
        RecipientKinds([THING, other], {})


def test_every_kind_of_recipient_of_the_product_has_mails(sqlite_app: Flask) -> None:
    recipients = {kind.recipient for room in ROOMS for kind in room.mail_kinds}

    assert {kind for room in ROOMS for kind in room.recipient_kinds} == recipients - {None}


def test_closed_accounts_get_no_mail_but_the_warning_about_their_password(
    sqlite_app: Flask, relay: Relay, deliverer: Deliverer
) -> None:
    user = a_user(given_name="Maja", is_active=False, password_hash="x")
    link = one_time_links.issue(user.id, LinkPurpose.PASSWORD_RESET, now=NOW)
    saved(link)
    queued(kind="password_reset", to_address=user.email, facts={"link_id": link.id})
    queued(kind="password_changed", to_address=user.email, facts={"user_id": user.id})

    report = deliverer.deliver_due(NOW)

    assert (report.sent, report.skipped) == (1, 1)
    assert the_message(1).last_error == "recipient: inactive"


def test_a_party_that_was_erased_while_its_mail_was_being_written_gets_none(
    sqlite_app: Flask, relay: Relay, deliverer: Deliverer
) -> None:
    """The erasure has not seen the message, which still has its address."""
    event = an_event()
    guest, other = a_registration(event), a_registration(event)
    for each in (guest, other):
        queued(
            kind="registration_confirmed",
            to_address=each.email,
            event_id=event.id,
            registration_id=each.id,
        )
    guest.erased_at = NOW
    saved(guest)

    deliverer.deliver_due(NOW)

    assert [each.recipient for each in relay.received] == [other.email]
    assert the_message(1).last_error == "recipient: erased"


def test_statements_that_write_to_many_leave_out_whoever_wants_no_mail(app: Flask) -> None:
    ids = some_things(3)
    withdraw(ids[1])

    wanted = db.session.scalars(select(THINGS.c.id).where(THING.wants_mail()).order_by(THINGS.c.id))

    assert list(wanted) == [ids[0], ids[2]]
