"""A network's years in bulk: ``python -m benchmarks.fill --registrations 1000000``.

Fills the empty database that ``DATABASE_URL`` and ``INSTANCE_DIR`` name (the embedded one by
default). Events have 42 registrations each; one in a hundred is still to come, the others are
over. Two in five parties bring a companion. Every registration has its confirmation and its entry
in the history, and those of past events have had their reminder. Events are made one by one, all
else by the database itself, from a few thousand people made beforehand.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, text

from benchmarks import bulk
from event_mgmt.accounts.models import Membership, Role, User
from event_mgmt.core import schema
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db, transactional
from event_mgmt.core.localized import Localized
from event_mgmt.core.text import search_fold
from event_mgmt.events.enums import EventKind, EventStatus
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.messaging.enums import Unit
from event_mgmt.messaging.models import ReminderRule
from event_mgmt.organisations.models import Organisation, OrganisationKind
from event_mgmt.wiring import create_app

HOSTS = 40
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
    events = max(4, -(-registrations // bulk.PARTIES))
    _write_few(events, now=now)
    bulk.write(registrations)
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
        "search_text": search_fold(" ".join(title.values())),
        "languages": ["de", "sl"],
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=4),
        "venue_name": "Ständehaus",
        "city": ("Düsseldorf", "Ljubljana", "Köln", "Maribor")[n % 4],
        "created_at": opened_at,
        "changed_at": opened_at,
        "published_at": opened_at,
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
