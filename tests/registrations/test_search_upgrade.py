"""The upgrade makes what was stored before findable however it is spelt."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import text

from event_mgmt.core import schema
from event_mgmt.core.text import searchable, sort_key
from event_mgmt.registrations.erasure import SORT_LAST
from tests.registrations.old_schemas import database_at, insert


def test_search_texts_and_keys_of_other_scripts_are_made_anew(app: Flask) -> None:
    stored = ["jorg mueller-o’brien werk", "олена шевченко", "", "djordje haas", "", "завод"]
    with database_at("0012") as connection:
        host_id = insert(connection, "organisations", slug="host", kind="cluster")
        event_id = insert(
            connection,
            "events",
            slug="e",
            host_id=host_id,
            status="published",
            search_text="duesseldorf љубљана київ",
            title={"de": "Jahresempfang", "sl": "Љубљана", "en": ""},
            city="Київ",
            largest_party=1,
            ends_at=datetime(2026, 11, 2, tzinfo=UTC),
        )
        pool_id = insert(connection, "seat_pools", event_id=event_id, capacity=9)
        place = {"event_id": event_id, "pool_id": pool_id}
        guest = insert(
            connection,
            "registrations",
            **place,
            seats=1,
            status="confirmed",
            source="web",
            nonce="n",
            locale="de",
            email="a@b.example",
        )
        for position, words in enumerate(stored):
            names = ("Олена", "Шевченко") if position == 1 else ("Ana", "Kos")
            insert(
                connection, "attendees", registration_id=guest, event_id=event_id, position=position,
                given_name=names[0], family_name=names[1], search_text=words,
                organisation="«Завод»" if position == 5 else "",
                sort_key={1: "\x1f", 4: "~"}.get(position, "kos\x1fana"),
            )  # fmt: skip

        schema.upgrade_on(connection, "head")

        rows = connection.execute(
            text("SELECT search_text, sort_key FROM attendees ORDER BY position")
        ).all()
        event = connection.execute(text("SELECT search_text FROM events")).scalar_one()
    assert [row.search_text for row in rows] == [searchable(words) for words in stored]
    assert "sevcenko olena shevchenko" in rows[1].search_text
    assert rows[1].sort_key == sort_key("de", "Шевченко", "Олена")
    assert rows[4].sort_key == SORT_LAST > rows[1].sort_key
    assert rows[0].sort_key == "kos\x1fana"
    assert rows[5].search_text == "завод zavod sawod"  # in the organisation alone
    assert event == "dusseldorf љубљана київ ljubljana kijiv ljubljana kiyiv ljubljana kijiw"
