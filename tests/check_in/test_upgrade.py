"""The upgrade takes over who has arrived so far, as actions of the door."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import text

from event_mgmt.core import schema
from tests.registrations.old_schemas import database_at, insert

ARRIVED = datetime(2026, 11, 2, 17, 30, tzinfo=UTC)


def test_every_arrival_becomes_one_action_and_nobody_else_gets_one(app: Flask) -> None:
    with database_at("0021") as connection:
        came, _absent = _party(connection, ARRIVED, None)

        schema.upgrade_on(connection, "0022")

        found = connection.execute(
            text("SELECT kind, attendee_id, client_id, refers_to_id FROM door_actions")
        ).all()
        assert found == [("in", came, f"arrival-{came}", None)]


def _party(connection, *arrivals: datetime | None) -> list[int]:
    host_id = insert(connection, "organisations", slug="host", kind="cluster")
    values = {"status": "published", "largest_party": 4, "ends_at": ARRIVED}
    event_id = insert(connection, "events", slug="e", host_id=host_id, **values)
    pool_id = insert(connection, "seat_pools", event_id=event_id, capacity=9)
    registration_id = insert(
        connection,
        "registrations",
        event_id=event_id,
        pool_id=pool_id,
        status="confirmed",
        source="web",
        email="guest@example.org",
        seats=len(arrivals),
        nonce="n",
        locale="de",
    )
    return [
        insert(
            connection,
            "attendees",
            registration_id=registration_id,
            event_id=event_id,
            position=place,
            checked_in_at=at,
        )
        for place, at in enumerate(arrivals)
    ]
