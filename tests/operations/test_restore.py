"""What is backed up comes back, into either database, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from event_mgmt.audit.service import SYSTEM
from event_mgmt.core import schema
from event_mgmt.core.database import db
from event_mgmt.core.refusals import DiskFull, Refusal
from event_mgmt.demo import service as demo
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.mail import outbox_hold, queue
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.queue import ClaimRequest
from event_mgmt.operations import backup, restore as restoring
from event_mgmt.operations.archive import Archive, DamagedArchive
from event_mgmt.operations.backup import back_up
from event_mgmt.operations.restore import RestoreConsent
from event_mgmt.organisations.models import Logo
from event_mgmt.privacy import ledger, service as privacy
from event_mgmt.registration_desk import commands as desk
from event_mgmt.registrations import commands as registrations
from event_mgmt.registrations.models import Registration
from event_mgmt.tasks.enums import Reason, TaskState
from event_mgmt.tasks.models import Task
from tests.applications import an_application
from tests.builders import a_registration, a_task, a_user, an_event, an_organisation, saved
from tests.conftest import make_app
from tests.mail.samples import queued, states
from tests.operations.systems import contents
from tests.readers import fresh
from tests.registrations.event_changes import WEEK, guest, move, rows
from tests.registrations.fake_relay import Post

REPLACE = RestoreConsent(replace=True)


def backed_up(folder: Path, now: datetime) -> Path:
    """A backup of the present application's database."""
    db.session.rollback()
    path = folder / "made.backup"
    back_up(path, now=now)
    return path


def restored(path: Path, now: datetime, consent: RestoreConsent = REPLACE, **more) -> int:
    """Put it in the place of the present application's database."""
    db.session.remove()
    with Archive(path) as opened:
        restoring.check(opened, consent)
        return restoring.restore(opened, consent, now=now, **more)


@pytest.fixture
def other(backend: str, app: Flask, postgresql_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An empty system on the other kind of database, under the same key."""
    url = "" if backend == "postgresql" else postgresql_url
    made = make_app(tmp_path / "other", url, SECRET_KEY=app.config["SECRET_KEY"])
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_whole_system_comes_back_as_it_was(app: Flask, now: datetime, tmp_path: Path) -> None:
    a_registration(an_event(), companions=2)
    queued(3)
    saved(Logo(name="logo.png", content=bytes(range(256))))
    before = contents()
    path = backed_up(tmp_path, now)
    lost = an_event()
    a_registration(lost)

    restored(path, now)

    assert contents() == before
    assert schema.is_current(db.engine)


def test_a_system_moves_between_sqlite_and_postgresql(
    app: Flask, other: Flask, now: datetime, tmp_path: Path
) -> None:
    demo.build("a long demo password", now=now)
    before = contents()
    path = backed_up(tmp_path, now)
    db.session.remove()

    with other.app_context():
        restored(path, now)

        assert contents() == before
        newest = db.session.execute(select(func.max(Registration.id))).scalar_one()
        assert a_registration(an_event()).id > newest


def test_ids_given_after_a_restore_are_free_and_their_links_are_not_those_of_the_lost(
    app: Flask, now: datetime, tmp_path: Path
) -> None:
    event = an_event()
    path = backed_up(tmp_path, now)
    lost = Registration(**_new(event, "lost"))
    saved(lost)
    token = (lost.id, lost.link_version)

    restored(path, now)
    made = saved(Registration(**_new(event, "made")))

    assert made.id == lost.id
    assert (made.id, made.link_version) != token


def _new(event: Event, nonce: str) -> dict:
    pool = db.session.scalars(select(SeatPool.id).filter_by(event_id=event.id)).one()
    moment = event.created_at
    return {
        "event_id": event.id,
        "pool_id": pool,
        "status": "confirmed",
        "email": f"{nonce}@example.org",
        "locale": "de",
        "seats": 1,
        "nonce": nonce,
        "created_at": moment,
        "changed_at": moment,
    }


def test_a_restored_system_holds_its_outbox_and_gives_back_what_workers_had_in_hand(
    app: Flask, now: datetime, tmp_path: Path
) -> None:
    queued(3)
    queue.settle_and_claim([], ClaimRequest("old", 1), now=now)
    path = backed_up(tmp_path, now)

    restored(path, now + timedelta(hours=2))

    assert states() == {MessageState.QUEUED: 3}
    status = outbox_hold.outbox_status(now=now)
    assert status.held_at == now + timedelta(hours=2)
    assert status.reason == "restored from the backup of 2027-01-12 09:00 UTC"
    assert queue.settle_and_claim([], ClaimRequest("new", 9), now=now + timedelta(hours=3)) == []


def test_a_restore_ends_all_sessions(app: Flask, now: datetime, tmp_path: Path) -> None:
    user = a_user()
    version = user.session_version
    path = backed_up(tmp_path, now)

    restored(path, now)

    db.session.refresh(db.session.merge(user))
    stored = db.session.execute(text("SELECT session_version FROM users")).scalar_one()
    assert stored != version


def test_who_was_erased_since_the_backup_is_erased_once_more(
    app: Flask, now: datetime, tmp_path: Path
) -> None:
    event = an_event(starts_at=now - timedelta(days=9))
    a_registration(event, email="luka@example.org", family_name="Žagar")
    a_registration(event, email="ana@example.org", family_name="Kovač")
    path = backed_up(tmp_path, now)
    privacy.erase_person("luka@example.org", by=SYSTEM, now=now + timedelta(hours=1))

    kept = restoring.present_erasures()
    erased = restored(path, now + timedelta(hours=2), erasures=kept)

    assert erased == 1
    addresses = set(db.session.scalars(select(Registration.email)))
    assert "luka@example.org" not in addresses
    assert "ana@example.org" in addresses
    assert [entry["key"] for entry in ledger.entries()] == [entry["key"] for entry in kept]


def test_without_the_ledger_the_erased_come_back(app: Flask, now: datetime, tmp_path: Path) -> None:
    """The control: were the backup without the erased, the test above would prove nothing."""
    a_registration(an_event(starts_at=now - timedelta(days=9)), email="luka@example.org")
    path = backed_up(tmp_path, now)
    privacy.erase_person("luka@example.org", by=SYSTEM, now=now + timedelta(hours=1))

    restored(path, now + timedelta(hours=2))

    assert db.session.scalars(select(Registration.email)).all() == ["luka@example.org"]


def test_a_ledger_that_is_none_is_refused_and_nothing_is_restored(
    app: Flask, now: datetime, tmp_path: Path
) -> None:
    path = backed_up(tmp_path, now)
    an_event()
    before = contents()

    with pytest.raises(Refusal, match="ledger"):
        restored(path, now, erasures=[{"who": "knows"}])

    assert contents() == before


def test_data_are_not_lost_without_a_word(app: Flask, now: datetime, tmp_path: Path) -> None:
    path = backed_up(tmp_path, now)
    a_user()
    before = contents()

    with pytest.raises(Refusal, match="--replace"):
        restored(path, now, RestoreConsent())

    assert contents() == before


def test_another_key_is_refused_until_it_is_meant(
    app: Flask, now: datetime, tmp_path: Path
) -> None:
    path = backed_up(tmp_path, now)
    other = make_app(tmp_path / "other", "", SECRET_KEY="another key " * 4)

    with other.app_context():
        with pytest.raises(Refusal, match="--other-key"):
            restored(path, now)
        restored(path, now, RestoreConsent(other_key=True))
        db.session.remove()
        db.engine.dispose()


def test_a_backup_of_a_newer_schema_is_refused(
    app: Flask, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(schema, "revision_on", lambda _connection: "9999")
        path = backed_up(tmp_path, now)

    with pytest.raises(Refusal, match="newer version"):
        restored(path, now)


def test_a_backup_of_an_older_schema_is_brought_up_to_date(
    app: Flask, now: datetime, tmp_path: Path
) -> None:
    old = make_app_at("0001", tmp_path / "old", app.config["SECRET_KEY"])
    with old.app_context():
        organisation = an_organisation("Altes Haus")
        path = backed_up(tmp_path, now)
        db.session.remove()
        db.engine.dispose()

    restored(path, now)

    assert schema.is_current(db.engine)
    slugs = db.session.execute(text("SELECT slug FROM organisations")).scalars().all()
    assert slugs == [organisation.slug]


def test_entries_in_calendars_go_on_above_what_was_sent_since_the_backup(
    app: Flask, now: datetime, tmp_path: Path
) -> None:
    event = an_event()
    guest = a_registration(event, confirmed_at=now, calendar_sequence=5)
    path = backed_up(tmp_path, now)
    desk.resend_status_mail(guest.id, by=SYSTEM, now=now + timedelta(minutes=1))
    (taken,) = queue.settle_and_claim([], ClaimRequest("sends", 9), now=now + timedelta(hours=1))
    sent, uid = taken.calendar_sequence or 0, fresh(guest).calendar_uid
    restored(path, now + timedelta(hours=2), RestoreConsent(replace=True))

    registrations.cancel(guest.id, by=SYSTEM, now=now + timedelta(hours=3))

    row = db.session.scalars(select(Message).where(Message.registration_id == guest.id)).one()
    assert row.calendar_sequence > sent > 5
    assert fresh(guest).calendar_uid == uid


def test_what_guests_were_told_is_in_doubt_after_a_restore_and_the_next_news_says_all(
    app: Flask, now: datetime, tmp_path: Path
) -> None:
    """They may have heard of a move that the backup knows nothing of."""
    event, relay = an_event(), Post()
    address = guest(event, relay).email
    path = backed_up(tmp_path, now)
    move(event, WEEK, now + timedelta(hours=1))
    (lost,) = relay.deliver(now + timedelta(hours=1))
    restored(path, now + timedelta(hours=2))
    later, event_id = now + timedelta(hours=3), db.session.scalars(select(Event.id)).one()
    outbox_hold.release(withdraw_before=None, by=SYSTEM, now=later)

    move(db.session.get_one(Event, event_id), WEEK, later)
    (mail,) = relay.deliver(later)

    assert mail.to == lost.to == address
    assert rows(mail)["When"] == rows(lost)["New time"]
    move(db.session.get_one(Event, event_id), WEEK, later)
    assert "When" not in rows(relay.deliver(later)[0]), "the doubt is cleared"


def make_app_at(revision: str, instance: Path, secret_key: str) -> Flask:
    """A system on SQLite whose schema is as old as ``revision``."""
    app = an_application(INSTANCE_DIR=str(instance), SECRET_KEY=secret_key)
    with (
        app.app_context(),
        db.engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        schema.upgrade_on(connection, revision)
    return app


@contextmanager
def failing_at(monkeypatch: pytest.MonkeyPatch, verb: str) -> Iterator[None]:
    """Let ``verb`` of the restore fail as a full disk does."""

    def fail(*_args: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(restoring, verb, fail)
        yield


@pytest.mark.parametrize("verb", ["_drop_all", "_write", "_reset_sequences", "_end_open_work"])
def test_a_restore_that_fails_leaves_what_was_there(
    app: Flask, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    a_registration(an_event())
    path = backed_up(tmp_path, now)
    a_registration(an_event())
    before = contents()

    with failing_at(monkeypatch, verb), pytest.raises(DiskFull):
        restored(path, now)

    db.session.rollback()
    assert contents() == before
    assert schema.is_current(db.engine)
    assert outbox_hold.held_since() is None


def test_a_backup_whose_tables_are_not_those_of_its_schema_is_refused(
    app: Flask, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = backup.found_tables
    with monkeypatch.context() as patch:
        patch.setattr(backup, "found_tables", lambda connection: found(connection)[1:])
        path = backed_up(tmp_path, now)
    before = contents()

    with pytest.raises(DamagedArchive, match="Not the tables"):
        restored(path, now)

    assert contents() == before


def test_a_message_of_the_backup_is_sent_when_it_is_released(
    app: Flask, now: datetime, tmp_path: Path
) -> None:
    queued(2)
    path = backed_up(tmp_path, now)
    restored(path, now)

    outbox_hold.release(withdraw_before=None, by=SYSTEM, now=now)

    taken = queue.settle_and_claim([], ClaimRequest("new", 9), now=now)
    assert [message.to_address for message in taken] == [
        "guest-0@example.org",
        "guest-1@example.org",
    ]
    assert db.session.scalars(select(Message.copies)).all() == [1, 1]


def test_tasks_in_flight_do_not_run_after_a_restore(
    app: Flask, tmp_path: Path, now: datetime
) -> None:
    user = a_user(an_organisation())
    running = a_task(user, state=TaskState.RUNNING, claimed_by="a", leased_until=now, attempts=1)
    waiting = a_task(user)
    ids = [running.id, waiting.id]
    path = backed_up(tmp_path, now)

    restored(path, now)

    tasks = [db.session.get_one(Task, each) for each in ids]
    assert {(task.state, task.reason) for task in tasks} == {(TaskState.FAILED, Reason.RESTORED)}
