"""The upgrade takes everybody to whom a mail was sent as told; but not of what still waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, MetaData, Table, select, update

from event_mgmt.core import schema
from tests.registrations.lifecycle.test_calendar_entries_upgrade import THEN, Before
from tests.registrations.old_schemas import database_at

STARTS = datetime(2027, 2, 15, 17, 0, tzinfo=UTC)
BEFORE = STARTS - timedelta(days=7)
OLD = {
    "starts_at": BEFORE.isoformat(),
    "ends_at": (BEFORE + timedelta(hours=3)).isoformat(),
    "venue_name": "Rathaus",
    "venue_address": "",
    "city": "Köln",
    "country": "DE",
    "online_url": "https://example.org/old",
}


def a_database(connection: Connection, status: str = "published") -> Before:
    """One event with a venue and a link."""
    made = Before(connection)
    events = Table("events", MetaData(), autoload_with=connection)
    said = {"starts_at": STARTS, "ends_at": STARTS + timedelta(hours=3), "status": status}
    said |= {
        "venue_name": "Ständehaus",
        "city": "Düsseldorf",
        "online_url": "https://example.org/x",
    }
    said |= {"time_zone": "Europe/Berlin", "country": "DE"}
    connection.execute(update(events).values(**said))
    return made


def told(connection: Connection) -> list[dict[str, Any]]:
    """What the upgrade wrote down, by registration."""
    schema.upgrade_on(connection)
    table = Table("last_told", MetaData(), autoload_with=connection)
    rows = connection.execute(select(table).order_by(table.c.registration_id)).mappings()
    return [dict(row) for row in rows]


def waits(before: Before, guest: int, kind: str, **given: Any) -> None:
    """News that has not arrived."""
    values = {"state": "queued", "copies": 0, "sent_at": None, "created_at": THEN, **given}
    values["created_at"] += timedelta(hours=1)
    before.mail(guest, "a@example.org", kind, **values)


def test_who_got_a_mail_was_told_what_holds_now(app: Flask) -> None:
    with database_at("0007") as connection:
        before = a_database(connection)
        sure = before.guest("a@example.org")
        before.mail(sure, "a@example.org")
        waiting = before.guest("b@example.org", "waitlisted")
        before.mail(waiting, "b@example.org")
        before.guest("never@example.org")
        corrected = before.guest("new@example.org")
        before.mail(corrected, "former@example.org")
        erased = before.guest("", erased_at=THEN)
        before.mail(erased, "")

        first, second = told(connection)

    assert (first["registration_id"], first["address"]) == (sure, "a@example.org")
    assert (first["venue_name"], first["status"]) == ("Ständehaus", "published")
    assert first["online_url"] == "https://example.org/x"
    assert (second["registration_id"], second["online_url"]) == (waiting, None)


@pytest.mark.parametrize("state", ["queued", "sending", "failed", "uncertain"])
def test_who_waits_for_news_was_told_what_was_before_the_first_of_it(
    app: Flask, state: str
) -> None:
    with database_at("0007") as connection:
        before = a_database(connection)
        guest = before.guest("a@example.org")
        before.mail(guest, "a@example.org")
        waits(before, guest, "event_changed", state=state, facts={"old": OLD})
        newer = {**OLD, "venue_name": "nobody heard of it", "starts_at": STARTS.isoformat()}
        waits(before, guest, "event_changed", state=state, facts={"old": newer})

        (row,) = told(connection)

    assert (row["venue_name"], row["city"]) == ("Rathaus", "Köln")
    assert row["online_url"] == "https://example.org/old"
    assert row["starts_at"].replace(tzinfo=UTC) == BEFORE


def test_news_that_a_later_mail_has_told_counts_as_told(app: Flask) -> None:
    with database_at("0007") as connection:
        before = a_database(connection)
        guest = before.guest("a@example.org")
        waits(before, guest, "event_changed", state="failed", facts={"old": OLD})
        before.mail(guest, "a@example.org", "reminder", sent_at=THEN + timedelta(days=1))

        (row,) = told(connection)

    assert row["venue_name"] == "Ständehaus"


@pytest.mark.parametrize("status", ["postponed", "cancelled"])
def test_an_event_that_is_off_was_on_for_whom_that_mail_still_waits(
    app: Flask, status: str
) -> None:
    with database_at("0007") as connection:
        before = a_database(connection, status)
        knows = before.guest("b@example.org")
        before.mail(knows, "b@example.org")
        waiting = before.guest("a@example.org")
        before.mail(waiting, "a@example.org")
        waits(before, waiting, f"event_{status}")

        states = {row["registration_id"]: row["status"] for row in told(connection)}

    assert states == {knows: status, waiting: "published"}


def test_an_empty_database_is_upgraded(app: Flask) -> None:
    with database_at("0007") as connection:
        assert told(connection) == []
