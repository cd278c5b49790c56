"""A network's years in bulk: ``python -m benchmarks.fill --registrations 1000000``.

Fills the empty database that ``DATABASE_URL`` and ``INSTANCE_DIR`` name (the embedded one by
default). Events have 42 registrations each; one in a hundred is still to come, the others are
over. Two in five parties bring a companion. Every registration has its confirmation and its entry
in the history, and those of past events have had their reminder. Events are made one by one, all
else by the database itself, from a few thousand people made beforehand.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.engine import Connection

from benchmarks.guests import FAMILY_NAMES, GIVEN_NAMES
from event_mgmt.accounts.models import Membership, Role, User
from event_mgmt.core import schema
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db, transactional
from event_mgmt.core.localized import Localized
from event_mgmt.core.text import fold, sort_key
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.events.words import EventKind, EventStatus
from event_mgmt.organisations.models import Organisation, OrganisationKind
from event_mgmt.reminders.models import ReminderRule
from event_mgmt.reminders.words import Unit
from event_mgmt.wiring import create_app

PARTIES = 42
"""Registrations of each event: a million of them are some 24,000 events."""

HOSTS = 40
PEOPLE = 4999  # prime, so that any stride meets all of them
ONE_IN = 100
PASSWORDLESS = "desk@example.org"
AHEAD_DAYS, BEHIND_DAYS = 60, 3650
OPENS = timedelta(days=61)


@dataclass(frozen=True)
class Filled:
    """What there is now."""

    events: int
    registrations: int
    seconds: float


def fill(registrations: int, *, now: datetime) -> Filled:
    """Fill the empty database of the application in force; AssertionError where it is not empty."""
    began = time.perf_counter()
    assert db.session.query(Organisation).count() == 0, "the database is not empty"
    events = max(4, -(-registrations // PARTIES))
    _write_few(events, now=now)
    _write_many(registrations)
    with db.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    return Filled(events, registrations, time.perf_counter() - began)


@transactional
def _write_few(events: int, *, now: datetime) -> None:
    """Hosts, somebody at the first host's desk, events with seats and reminder rules."""
    hosts = [_host(n) for n in range(HOSTS)]
    db.session.add_all(hosts)
    db.session.flush()
    desk = Membership(organisation_id=hosts[0].id, role=Role.ADMINISTRATOR)
    user = User(
        email=PASSWORDLESS, given_name="Maja", family_name="Kovač", locale="de", created_at=now
    )
    user.memberships.append(desk)
    db.session.add(user)
    db.session.execute(insert(Event), [_event(n, now) for n in range(events)])
    ids = range(1, events + 1)
    db.session.execute(insert(SeatPool), [{"event_id": n, "capacity": 200} for n in ids])
    rules = [
        {
            "event_id": n,
            "amount": days,
            "unit": Unit.DAYS,
            "statuses": ["confirmed"],
            "created_at": now - OPENS,
            "armed_at": now - OPENS,
        }
        for n in ids
        for days in (7, 1)
    ]
    db.session.execute(insert(ReminderRule), rules)


def _host(n: int) -> Organisation:
    name = Localized(de=f"Cluster {n}", sl=f"Grozd {n}", en=f"Cluster {n}")
    return Organisation(
        slug=f"cluster-{n}",
        kind=OrganisationKind.CLUSTER,
        name=name,
        short_name=name,
        initials=f"C{n % 10}",
        accent="#1d5fa8",
        country="DE" if n % 2 else "SI",
        email=f"office-{n}@example.org",
    )


def _event(n: int, now: datetime) -> dict[str, Any]:
    """Event number ``n``; every hundredth (and the first) is to come, spread over two months."""
    is_ahead = n % ONE_IN == 0
    days = 1 + n // ONE_IN * 7 % AHEAD_DAYS if is_ahead else -1 - n * 7 % BEHIND_DAYS
    starts_at = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=days, hours=n % 5)
    opened_at = min(starts_at, now) - OPENS
    title = Localized(de=f"Branchentreff {n}", sl=f"Srečanje {n}", en=f"Meeting {n}")
    return {
        "slug": f"branchentreff-{n}",
        "kind": list(EventKind)[n % len(EventKind)],
        "status": EventStatus.PUBLISHED if is_ahead else EventStatus.FINISHED,
        "host_id": 1 + n // ONE_IN % HOSTS,
        "title": title,
        "summary": Localized(de="Ein Nachmittag unter Fachleuten.", en="An afternoon of experts."),
        "search_text": fold(" ".join(title.values())),
        "languages": ["de", "sl"],
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=4),
        "venue_name": "Ständehaus",
        "city": ("Düsseldorf", "Ljubljana", "Köln", "Maribor")[n % 4],
        "created_at": opened_at,
        "changed_at": opened_at,
        "published_at": opened_at,
    }


@transactional
def _write_many(registrations: int) -> None:
    """Registrations, attendees, messages, history and taken seats, set by set."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA cache_size=-500000"))
    else:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
    _make_people(connection)
    sizes = {"registrations": registrations, "parties": PARTIES, "people": PEOPLE}
    is_postgresql = connection.dialect.name == "postgresql"
    opened = (
        "e.created_at + (n % 9973 * 7919 % 2500000) * interval '1 second'"
        if is_postgresql
        else "strftime('%Y-%m-%d %H:%M:%f000', e.created_at, (n % 9973 * 7919 % 2500000) || ' seconds')"
    )
    before = (
        "e.starts_at - interval '1 day'"
        if is_postgresql
        else "strftime('%Y-%m-%d %H:%M:%f000', e.starts_at, '-1 day')"
    )
    epoch = (
        "CAST(extract(epoch FROM e.starts_at) AS bigint)"
        if is_postgresql
        else "CAST(strftime('%s', e.starts_at) AS integer)"
    )
    _insert(
        connection,
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
            "created_at": opened,
            "changed_at": opened,
            "confirmed_at": opened,
        },
        "numbers JOIN events e ON e.id = 1 + (n - 1) / :parties"
        " JOIN seat_pools p ON p.event_id = e.id",
        sizes,
    )
    for position, where in ((0, "TRUE"), (1, "r.seats > 1")):
        _insert(
            connection,
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
            f"registrations r JOIN people w ON w.id = (r.id * 31 + {position}) % :people"
            f" WHERE {where}",
            sizes,
        )
    message = {
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
    _insert(
        connection,
        "messages",
        {
            **message,
            "key": "'registration_confirmed:' || r.id",
            "kind": "'registration_confirmed'",
            **dict.fromkeys(("created_at", "due_at", "sent_at"), "r.created_at"),
        },
        "registrations r",
        sizes,
    )
    _insert(
        connection,
        "messages",
        {
            **message,
            "key": f"'reminder:' || u.id || ':' || r.id || ':' || {epoch}",
            "kind": "'reminder'",
            "rule_id": "u.id",
            **dict.fromkeys(("created_at", "due_at", "sent_at"), before),
        },
        "registrations r JOIN events e ON e.id = r.event_id JOIN reminder_rules u"
        " ON u.event_id = e.id AND u.amount = 1"
        " WHERE e.status = 'finished' AND r.status = 'confirmed'",
        sizes,
    )
    _insert(
        connection,
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
        sizes,
    )
    connection.execute(
        text(
            "UPDATE seat_pools SET taken = (SELECT coalesce(sum(r.seats), 0) FROM registrations r"
            " WHERE r.pool_id = seat_pools.id AND r.status = 'confirmed')"
        )
    )


def _insert(
    connection: Connection,
    table: str,
    columns: Mapping[str, str],
    source: str,
    sizes: Mapping[str, int],
) -> None:
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
    used = {name: size for name, size in sizes.items() if f":{name}" in statement}
    connection.execute(text(statement), used)


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
        "search_text": fold(f"{given} {family} {organisation}"),
        "sort_key": sort_key("de", family, given),
        "sort_key_sl": sort_key("sl", family, given),
        "organisation_key": sort_key("sl", organisation),
    }


def main() -> int:
    """Fill the database that the environment names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fill")
    parser.add_argument("--registrations", type=int, default=10_000)
    wanted = parser.parse_args()
    with create_app().app_context():
        schema.upgrade(db.engine)
        filled = fill(wanted.registrations, now=utc_now())
    sys.stdout.write(
        f"{filled.registrations:,} registrations of {filled.events:,} events"
        f" in {filled.seconds:.0f} s\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
