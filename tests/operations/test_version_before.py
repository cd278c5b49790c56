"""What the version before made works on: its links, sessions, views, messages and backups.

``version_before`` holds what the release before this one wrote, under a key that is worth nothing:
a backup of a small system, and what its people hold in hand (a mailed link, cookies).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner
from sqlalchemy import MetaData, inspect, select
from sqlalchemy.engine import Connection

from event_mgmt.accounts import sessions
from event_mgmt.attendee_lists import columns
from event_mgmt.attendee_lists.criteria import ListCriteria, read_order
from event_mgmt.attendee_lists.models import ListTemplate, SavedView
from event_mgmt.audit.service import SYSTEM
from event_mgmt.core import schema
from event_mgmt.core.database import db, transactional
from event_mgmt.mail import outbox_hold
from event_mgmt.mail.delivery import deliver_due
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.operations import backup, restore as restoring, values
from event_mgmt.operations.archive import Archive
from event_mgmt.operations.restore import RestoreConsent
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.models import Registration
from tests.conftest import make_app

FOLDER = Path(__file__).with_name("version_before")
BACKUP = FOLDER / "before.backup"
FACTS: dict[str, Any] = json.loads((FOLDER / "before.json").read_text())
MADE_AT = datetime.fromisoformat(FACTS["made_at"])


@transactional
def _put_in_place() -> None:
    """The database as the version before left it, and then upgraded; no session ends."""
    connection = db.session.connection()
    restoring._lift_limits(connection)
    restoring._drop_all(connection)
    with Archive(BACKUP) as opened:
        schema.upgrade_on(connection, opened.manifest.revision)
        restoring._read_in(connection, opened, lambda _table: None)
    schema.upgrade_on(connection)


@pytest.fixture
def empty(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """This version on either database, under the key of the version before."""
    url = request.getfixturevalue("postgresql_url") if backend == "postgresql" else ""
    app = make_app(tmp_path / "instance", url, SECRET_KEY=FACTS["secret_key"])
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def upgraded(empty: Flask) -> Flask:
    """The same on the database of the version before."""
    _put_in_place()
    db.session.remove()
    return empty


@pytest.fixture
def that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day on which the cookies were made: they last some hours."""
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _signer: int(MADE_AT.timestamp()))
    monkeypatch.setattr(sessions, "utc_now", lambda: MADE_AT)


def _browser(app: Flask, cookie: str) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("session", cookie)
    return client


def _mails(app: Flask) -> list[str]:
    """The texts of what was written into the mail folder."""
    found = sorted(Path(app.instance_path).rglob("*.eml"))
    mails = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in found]
    bodies = [mail.get_body(("plain",)) for mail in mails]
    return [body.get_content() for body in bodies if body is not None]


def test_a_link_that_was_mailed_opens_the_guests_page(upgraded: Flask) -> None:
    guest = upgraded.test_client()

    opened = guest.get(FACTS["personal_link"])

    assert [opened.status_code, opened.headers["Location"]] == FACTS["opened"]
    assert "Žagar" in guest.get(opened.headers["Location"]).get_data(as_text=True)


def test_a_guest_who_had_opened_the_link_is_still_known(upgraded: Flask, that_day: None) -> None:
    guest = _browser(upgraded, FACTS["guest_cookie"])

    page = guest.get(FACTS["opened"][1])

    assert page.status_code == 200
    assert "Žagar" in page.get_data(as_text=True)


def test_who_was_signed_in_still_is(upgraded: Flask, that_day: None) -> None:
    desk = _browser(upgraded, FACTS["session_cookie"])

    page = desk.get("/desk/")

    assert page.status_code == 200
    assert "Maja" in page.get_data(as_text=True)


def test_the_control_a_cookie_of_another_key_opens_nothing(upgraded: Flask, that_day: None) -> None:
    payload, _mark, _signature = FACTS["session_cookie"].rpartition(".")

    assert _browser(upgraded, f"{payload}.{'A' * 27}").get("/desk/").status_code == 302


def test_a_saved_view_shows_what_it_showed(upgraded: Flask, that_day: None) -> None:
    desk = _browser(upgraded, FACTS["session_cookie"])
    attendees = f"/desk/events/{FACTS['event_id']}/attendee-list"

    everybody = desk.get(attendees).get_data(as_text=True)
    seen = desk.get(f"{attendees}?view={FACTS['view_id']}").get_data(as_text=True)

    assert ("Žagar" in everybody, "Novak" in everybody) == (True, True)
    assert ("Žagar" in seen, "Novak" in seen) == (True, False)


def test_every_word_that_a_saved_view_or_template_holds_is_understood(upgraded: Flask) -> None:
    view = db.session.get_one(SavedView, FACTS["view_id"])
    template = db.session.get_one(ListTemplate, FACTS["template_id"])

    known = columns.chosen(template.columns, columns.STANDARD)

    read = ListCriteria.read(view.criteria)
    assert (read.search, read.country, set(read.statuses)) == (
        "Luka",
        "SI",
        {Status.CONFIRMED, Status.PENDING},
    )
    assert read_order(view.criteria["order"]).value == view.criteria["order"]
    assert [column.key for column in known] == template.columns == FACTS["columns"]


def test_a_message_that_was_queued_goes_out_with_its_link(upgraded: Flask) -> None:
    deliver_due(MADE_AT)

    queued = select(Message.state).where(Message.to_address == FACTS["queued_for"])
    assert db.session.scalars(queued).all() == [MessageState.SENT]
    assert [FACTS["queued_link"] in mail for mail in _mails(upgraded)] == [True]


def test_a_backup_is_restored_and_its_message_goes_out(empty: Flask) -> None:
    consent = RestoreConsent(replace=True)
    db.session.remove()
    with Archive(BACKUP) as opened:
        restoring.check(opened, consent)
        restoring.restore(opened, consent, now=MADE_AT)

    outbox_hold.release(withdraw_before=None, by=SYSTEM, now=MADE_AT)
    deliver_due(MADE_AT)

    assert schema.is_current(db.engine)
    assert db.session.scalars(select(Registration.email).order_by(Registration.id)).all() == [
        "luka@example.org",
        FACTS["queued_for"],
    ]
    assert [FACTS["queued_link"] in mail for mail in _mails(empty)] == [True]


def _shape(connection: Connection) -> dict[str, dict[str, str]]:
    """{table: {column: its type}} of the database as it is."""
    found = inspect(connection)
    return {
        table: {column["name"]: str(column["type"]) for column in found.get_columns(table)}
        for table in found.get_table_names()
    }


@transactional
def _written_by_the_version_before() -> tuple[dict[str, dict[str, str]], dict[str, int]]:
    """Write its rows, with its columns, into the upgraded database; gives its shape and counts."""
    connection = db.session.connection()
    restoring._lift_limits(connection)
    restoring._drop_all(connection)
    with Archive(BACKUP) as opened:
        schema.upgrade_on(connection, opened.manifest.revision)
        before = _shape(connection)
        schema.upgrade_on(connection)
        found = MetaData()
        found.reflect(connection)
        order = [table.name for table in found.sorted_tables]
        written = {}
        for listed in sorted(opened.manifest.tables, key=lambda table: order.index(table.name)):
            names = [column.name for column in listed.columns]
            kinds = [column.kind for column in listed.columns]
            rows = map(values.converted(kinds, values.READERS), opened.rows(listed))
            written[listed.name] = restoring._write(
                connection, listed.name, names, rows, at_once=100
            )
        schema.upgrade_on(connection)
    del before[backup.VERSION_TABLE]
    return before, written


def test_the_upgraded_database_takes_what_the_version_before_writes(empty: Flask) -> None:
    """It serves on it while an upgrade goes on: migrations only add, and only what has a default."""
    before, written = _written_by_the_version_before()

    with db.engine.connect() as connection:
        after = _shape(connection)
    assert {name: after[name].items() >= columns.items() for name, columns in before.items()} == (
        dict.fromkeys(before, True)
    )
    assert written.keys() == before.keys()
    assert (written["registrations"], written["messages"]) == (2, 2)
