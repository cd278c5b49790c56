"""The upgrade stores which entry each guest's calendar has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from event_mgmt.core import schema
from tests.registrations.old_schemas import database_at, insert

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
THEN = datetime(2026, 11, 2, tzinfo=UTC)


@dataclass
class Before:
    """The database of the version before, with one event."""

    connection: Connection
    event_id: int = 0
    pool_id: int = 0

    def __post_init__(self) -> None:
        host_id = insert(self.connection, "organisations", slug="host", kind="cluster")
        event = {"slug": "event", "host_id": host_id, "status": "published", "revision": 3}
        event |= {"largest_party": 1, "ends_at": THEN}
        self.event_id = insert(self.connection, "events", **event)
        self.pool_id = insert(self.connection, "seat_pools", event_id=self.event_id, capacity=9)

    @property
    def shared(self) -> str:
        """The identity that all entries of the event had."""
        return f"event-{self.event_id}@localhost"

    def guest(self, email: str, status: str = "confirmed", **given: Any) -> int:
        """A registration; gives its id."""
        number = self._count("registrations")
        values = {"seats": 1, "nonce": f"n{number}", "locale": "de", "confirmed_at": THEN, **given}
        place = {"event_id": self.event_id, "pool_id": self.pool_id}
        values |= {"source": "web", "email": email, "status": status, **place}
        return insert(self.connection, "registrations", **values)

    def mail(self, guest: int, to: str, kind: str = "registration_confirmed", **given: Any) -> None:
        """A message that was sent."""
        number = self._count("messages")
        values = {"state": "sent", "copies": 1, "sent_at": THEN, "key": f"m{number}", **given}
        where = {"event_id": self.event_id, "registration_id": guest, "to_address": to}
        insert(self.connection, "messages", kind=kind, locale="de", **values, **where)

    def _count(self, table: str) -> int:
        return self.connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()

    def upgraded(self) -> dict[int, tuple[str | None, int]]:
        """The identity and version of each registration after the upgrade."""
        schema.upgrade_on(self.connection)
        found = self.connection.execute(
            text("SELECT id, calendar_uid, calendar_sequence FROM registrations")
        )
        return {row.id: (row.calendar_uid, row.calendar_sequence) for row in found}


def test_who_has_an_entry_keeps_its_identity_and_goes_on_from_its_version(app: Flask) -> None:
    with database_at("0007") as connection:
        before = Before(connection)
        guest = before.guest("a@example.org")
        before.mail(guest, "a@example.org")

        assert before.upgraded() == {guest: (before.shared, 3)}


@pytest.mark.parametrize(
    "mail",
    [
        None,
        {"state": "queued", "copies": 0},
        {"state": "failed", "copies": 0},
        {"kind": "registration_received"},
        {"to": "former@example.org"},
    ],
)
def test_who_has_none_gets_one_of_its_own(app: Flask, mail: dict[str, Any] | None) -> None:
    with database_at("0007") as connection:
        before = Before(connection)
        guest = before.guest("a@example.org")
        if mail is not None:
            before.mail(guest, **{"to": "a@example.org", **mail})

        ((uid, _sequence),) = before.upgraded().values()
        assert UUID.fullmatch(uid or "")


@pytest.mark.parametrize(
    "mail",
    [
        {"state": "uncertain", "copies": 2},
        {"kind": "event_changed"},
        {"kind": "registration_changed"},
    ],
)
def test_whatever_may_have_brought_the_entry_counts(app: Flask, mail: dict[str, Any]) -> None:
    with database_at("0007") as connection:
        before = Before(connection)
        guest = before.guest("a@example.org")
        before.mail(guest, "a@example.org", **mail)

        assert before.upgraded()[guest][0] == before.shared


def test_of_two_under_one_address_the_living_one_keeps_it_and_else_the_last_that_was_sent(
    app: Flask,
) -> None:
    with database_at("0007") as connection:
        before = Before(connection)
        gone, first, last = (before.guest("a@example.org") for _ in range(3))
        elsewhere = before.guest("b@example.org")
        for guest, day in ((first, 3), (last, 4), (gone, 5)):
            before.mail(guest, "a@example.org", sent_at=THEN.replace(day=day))
        before.mail(elsewhere, "b@example.org")
        connection.execute(
            text("UPDATE registrations SET status = 'cancelled' WHERE id = :id"), {"id": gone}
        )

        uids = {guest: uid for guest, (uid, _sequence) in before.upgraded().items()}
        assert {guest for guest, uid in uids.items() if uid == before.shared} == {last, elsewhere}
        assert len(set(uids.values())) == 3
        assert all(UUID.fullmatch(uids[guest] or "") for guest in (gone, first))


def test_who_was_erased_has_none(app: Flask) -> None:
    with database_at("0007") as connection:
        before = Before(connection)
        guest = before.guest("", erased_at=THEN)
        before.mail(guest, "")

        assert before.upgraded()[guest][0] is None


def test_the_version_before_can_still_enter_people_and_write_mails(app: Flask) -> None:
    with database_at("0007") as connection:
        before = Before(connection)
        schema.upgrade_on(connection)
        guest = before.guest("a@example.org")
        before.mail(guest, "a@example.org")

        assert before.upgraded() == {guest: (None, 0)}
