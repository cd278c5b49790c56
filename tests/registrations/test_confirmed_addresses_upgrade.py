"""The upgrade says which addresses were confirmed, and which are one mailbox."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import text

from event_mgmt.core import schema
from event_mgmt.registrations.people.mailboxes import mailbox_of
from tests.registrations.old_schemas import database_at, insert

THEN = datetime(2026, 11, 2, tzinfo=UTC)
ADDRESSES = ("ana@example.org", "ana+x@example.org", "a.n.a@gmail.com", "ana+1@googlemail.com", "")


def test_mailboxes_are_those_that_new_registrations_get(app: Flask) -> None:
    with database_at("0009") as connection:
        for number, email in enumerate(ADDRESSES):
            _guest(connection, number, email=email)

        schema.upgrade_on(connection, "0010")

        found = connection.execute(text("SELECT email, mailbox FROM registrations")).all()
        assert {row.email: row.mailbox for row in found} == {a: mailbox_of(a) for a in ADDRESSES}


def test_who_followed_the_link_of_an_address_check_is_confirmed(app: Flask) -> None:
    with database_at("0009") as connection:
        checked = {"address_check": True}
        followed = _guest(connection, 1, event=checked)
        _guest(connection, 2, event=checked, status="unconfirmed")
        _guest(connection, 3, event=checked, status="cancelled", cancelled_at=THEN)
        _guest(connection, 4, event=checked, source="desk")
        _guest(connection, 5, event={"address_check": False})

        schema.upgrade_on(connection, "0010")

        found = connection.execute(
            text("SELECT id FROM registrations WHERE address_confirmed_at IS NOT NULL")
        ).scalars()
        assert list(found) == [followed]


def _guest(connection, number: int, *, event=None, **given) -> int:
    host_id = insert(connection, "organisations", slug=f"host-{number}", kind="cluster")
    values = {"status": "published", "largest_party": 1, "ends_at": THEN, **(event or {})}
    event_id = insert(connection, "events", slug=f"e-{number}", host_id=host_id, **values)
    pool_id = insert(connection, "seat_pools", event_id=event_id, capacity=9)
    registration = {
        "status": "confirmed",
        "source": "web",
        "email": f"guest-{number}@example.org",
        "seats": 1,
        "nonce": f"n{number}",
        "locale": "de",
        **given,
    }
    return insert(connection, "registrations", event_id=event_id, pool_id=pool_id, **registration)
