"""Rows in bulk: registrations and all that comes with each, written by the database itself."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from benchmarks.guests import FAMILY_NAMES, GIVEN_NAMES
from event_mgmt.core.database import db, transactional
from event_mgmt.core.text import search_fold, sort_key

PARTIES = 42
"""Registrations of each event: a million of them are some 24,000 events."""

PEOPLE = 4999  # prime, so that any stride meets all of them


@dataclass(frozen=True)
class Instants:
    """Expressions of one database for instants of an event ``e`` and its registration ``n``."""

    registered: str
    day_before: str
    epoch: str
    """When it begins, in whole seconds, as a reminder's key has it."""


INSTANTS = {
    "sqlite": Instants(
        registered="strftime('%Y-%m-%d %H:%M:%f000', e.created_at,"
        " (n % 9973 * 7919 % 2500000) || ' seconds')",
        day_before="strftime('%Y-%m-%d %H:%M:%f000', e.starts_at, '-1 day')",
        epoch="CAST(strftime('%s', e.starts_at) AS integer)",
    ),
    "postgresql": Instants(
        registered="e.created_at + (n % 9973 * 7919 % 2500000) * interval '1 second'",
        day_before="e.starts_at - interval '1 day'",
        epoch="CAST(extract(epoch FROM e.starts_at) AS bigint)",
    ),
}
IN_A_HURRY = {
    "sqlite": "PRAGMA cache_size=-500000",
    "postgresql": "SET LOCAL statement_timeout = 0",
}


@dataclass(frozen=True)
class Bulk:
    """Writes a table's rows by the database itself; ``sizes`` are what its expressions may name."""

    connection: Connection
    sizes: Mapping[str, int]
    instants: Instants

    def insert(self, table: str, columns: Mapping[str, str], source: str) -> None:
        """INSERT … SELECT with an expression for each column; ``numbers`` counts registrations."""
        numbers = (
            "WITH RECURSIVE numbers(n) AS"
            " (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :registrations) "
            if "numbers" in source
            else ""
        )
        statement = (
            f"INSERT INTO {table} ({', '.join(columns)})"
            f" {numbers}SELECT {', '.join(columns.values())} FROM {source}"
        )
        used = {name: size for name, size in self.sizes.items() if f":{name}" in statement}
        self.connection.execute(text(statement), used)


@transactional
def write(registrations: int) -> None:
    """Registrations, attendees, messages, history and taken seats, set by set.

    The events that they are for, each with its pool and its reminder rules, are there already.
    """
    connection = db.session.connection()
    dialect = connection.dialect.name
    connection.execute(text(IN_A_HURRY[dialect]))
    _make_people(connection)
    sizes = {"registrations": registrations, "parties": PARTIES, "people": PEOPLE}
    bulk = Bulk(connection, sizes, INSTANTS[dialect])
    _write_registrations(bulk)
    _write_attendees(bulk, 0, "TRUE")
    _write_attendees(bulk, 1, "r.seats > 1")
    _write_confirmations(bulk)
    _write_reminders(bulk)
    _write_history(bulk)
    _take_seats(connection)


def _write_registrations(bulk: Bulk) -> None:
    times = ("created_at", "changed_at", "confirmed_at")
    bulk.insert(
        "registrations",
        {
            "event_id": "e.id",
            "pool_id": "p.id",
            "status": "CASE WHEN n % 17 = 0 THEN 'cancelled' WHEN n % 29 = 0 THEN 'waitlisted'"
            " ELSE 'confirmed' END",
            "email": "'guest-' || n || '@example.org'",
            "locale": "CASE n % 3 WHEN 0 THEN 'de' WHEN 1 THEN 'sl' ELSE 'en' END",
            "seats": "CASE WHEN n % 5 < 2 THEN 2 ELSE 1 END",
            "source": "'web'",
            "nonce": "'n' || n",
            "link_version": "n",
            "consents": "'{}'",
            "shares_name": "n % 2 = 0",
            "message": "''",
            "staff_note": "''",
            "reason": "''",
            **dict.fromkeys(times, bulk.instants.registered),
        },
        "numbers JOIN events e ON e.id = 1 + (n - 1) / :parties"
        " JOIN seat_pools p ON p.event_id = e.id",
    )


def _write_attendees(bulk: Bulk, position: int, where: str) -> None:
    """Those who stand at ``position`` of their party; of registrations ``where`` there is one."""
    bulk.insert(
        "attendees",
        {
            "registration_id": "r.id",
            "event_id": "r.event_id",
            "position": str(position),
            "form_of_address": "''",
            "academic_title": "CASE WHEN r.id % 9 = 0 THEN 'Dr.' ELSE '' END",
            "given_name": "w.given_name",
            "family_name": "w.family_name",
            "function": "'Leitung Entwicklung'",
            "organisation": "w.organisation",
            "country": "w.country",
            "phone": "'+4921138' || r.id",
            "answers": "'{}'",
            "search_text": "w.search_text",
            "sort_key": "w.sort_key",
            "sort_key_sl": "w.sort_key_sl",
            "organisation_key": "w.organisation_key",
        },
        f"registrations r JOIN people w ON w.id = (r.id * 31 + {position}) % :people WHERE {where}",
    )


MAIL = {
    "locale": "r.locale",
    "to_address": "r.email",
    "to_name": "'Ana Novak'",
    "event_id": "r.event_id",
    "registration_id": "r.id",
    "facts": "'{}'",
    "state": "'sent'",
    "attempts": "1",
    "copies": "1",
    "subject": "'Bestätigt'",
    "last_code": "250",
    "last_error": "''",
}
MAIL_TIMES = ("created_at", "due_at", "sent_at")


def _write_confirmations(bulk: Bulk) -> None:
    bulk.insert(
        "messages",
        {
            **MAIL,
            "key": "'registration_confirmed:' || r.id",
            "kind": "'registration_confirmed'",
            **dict.fromkeys(MAIL_TIMES, "r.created_at"),
        },
        "registrations r",
    )


def _write_reminders(bulk: Bulk) -> None:
    bulk.insert(
        "messages",
        {
            **MAIL,
            "key": f"'reminder:' || u.id || ':' || r.id || ':' || {bulk.instants.epoch}",
            "kind": "'reminder'",
            "rule_id": "u.id",
            **dict.fromkeys(MAIL_TIMES, bulk.instants.day_before),
        },
        "registrations r JOIN events e ON e.id = r.event_id JOIN reminder_rules u"
        " ON u.event_id = e.id AND u.amount = 1"
        " WHERE e.status = 'finished' AND r.status = 'confirmed'",
    )


def _write_history(bulk: Bulk) -> None:
    bulk.insert(
        "audit_entries",
        {
            "at": "r.created_at",
            "actor": "'participant'",
            "action": "'registration.made'",
            "event_id": "r.event_id",
            "organisation_id": "e.host_id",
            "subject": "'registration'",
            "subject_id": "r.id",
            "changes": """'{"seats": 1}'""",
        },
        "registrations r JOIN events e ON e.id = r.event_id",
    )


def _take_seats(connection: Connection) -> None:
    connection.execute(
        text(
            "UPDATE seat_pools SET taken = (SELECT coalesce(sum(r.seats), 0) FROM registrations r"
            " WHERE r.pool_id = seat_pools.id AND r.status = 'confirmed')"
        )
    )


def _make_people(connection: Connection) -> None:
    chance = random.Random(2011)
    names = ("given_name", "family_name", "organisation", "country", "search_text")
    keys = ("sort_key", "sort_key_sl", "organisation_key")
    columns = ", ".join(f"{name} text" for name in (*names, *keys))
    connection.execute(text(f"CREATE TEMPORARY TABLE people (id integer PRIMARY KEY, {columns})"))
    people = [_person(n, chance) for n in range(PEOPLE)]
    marks = ", ".join(f":{name}" for name in people[0])
    connection.execute(text(f"INSERT INTO people VALUES ({marks})"), people)


def _person(n: int, chance: random.Random) -> dict[str, Any]:
    given, family = chance.choice(GIVEN_NAMES), chance.choice(FAMILY_NAMES)
    organisation = f"{chance.choice(FAMILY_NAMES)} Tehnika {n % 900} d.o.o."
    return {
        "id": n,
        "given_name": given,
        "family_name": family,
        "organisation": organisation,
        "country": chance.choice(("DE", "DE", "SI", "SI", "AT")),
        "search_text": search_fold(f"{given} {family} {organisation}"),
        "sort_key": sort_key("de", family, given),
        "sort_key_sl": sort_key("sl", family, given),
        "organisation_key": sort_key("sl", organisation),
    }
