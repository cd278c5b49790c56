"""``python -m benchmarks.secure_delete``: what it costs to overwrite what is deleted, on SQLite.

The same writes with the pragma and without, in turn in one process, on a file that has grown a
little first. Milliseconds by the clock, with the disk's part in them, and of processor time.
"""

from __future__ import annotations

import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import event as sqlalchemy_event

from event_mgmt.audit.service import PARTICIPANT, Actor
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.privacy import service as privacy
from event_mgmt.registration_desk.imports import service as imports
from event_mgmt.registrations import commands as registrations
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.party import Party, Person
from tests.builders import an_event
from tests.conftest import make_app

ROUNDS, GUESTS, LISTED = 9, 40, 1000
Figures = dict[str, list[tuple[float, float]]]


def main() -> None:
    """Measure, and print a table."""
    figures: dict[bool, Figures] = {True: {}, False: {}}
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Path(folder), "")
        with app.app_context():
            event = an_event(seats=1_000_000)
            by = Actor.user(1)
            for number in range(-1, 2 * ROUNDS):
                is_on = number % 2 == 0
                _switch(is_on)
                _round(event, by, utc_now(), figures[is_on] if number >= 0 else {})
            db.session.remove()
            db.engine.dispose()
    _show(figures)


def _switch(is_on: bool) -> None:
    """For every connection from now on, over what the system itself sets."""
    db.session.remove()
    db.engine.dispose()
    word = "ON" if is_on else "OFF"

    @sqlalchemy_event.listens_for(db.engine, "connect")
    def _set(connection: object, _record: object) -> None:
        connection.execute(f"PRAGMA secure_delete={word}").close()


def _round(event: Event, by: Actor, now: datetime, figures: Figures) -> None:
    made: list[Registration] = []

    def register() -> None:
        for number in range(GUESTS):
            nonce = secrets.token_hex(8)
            party = _party(f"Novak {number}")
            made.append(
                registrations.register(event.id, party, nonce=nonce, by=PARTICIPANT, now=now)
            )

    def change() -> None:
        for number, registration in enumerate(made):
            registrations.change(registration.id, _party(f"Kos {number}"), by=by, now=now)

    def enter() -> None:
        listed = [(row, _party(f"Kovač {row}")) for row in range(LISTED)]
        pool, token = event.pools[0].id, secrets.token_hex(8)
        imports.enter_all(
            event.id, listed, token=token, pool_id=pool, approved=False, by=by, now=now
        )

    def erase() -> None:
        for registration in made[:5]:
            privacy.erase_person(registration.email, by=by, now=now)

    works: dict[str, Callable[[], None]] = {
        f"{GUESTS} registrations": register,
        f"{GUESTS} changes": change,
        f"a list of {LISTED:,}": enter,
        "5 erasures": erase,
    }
    for name, work in works.items():
        began = time.perf_counter(), time.process_time()
        work()
        took = time.perf_counter() - began[0], time.process_time() - began[1]
        figures.setdefault(name, []).append(took)


def _party(family_name: str) -> Party:
    email = f"{secrets.token_hex(6)}@example.org"
    person = Person("Maja", family_name, organisation="Tehnika Žagar d.o.o.", country="SI")
    return Party(email, "de", person)


def _show(figures: dict[bool, Figures]) -> None:
    sys.stdout.write("milliseconds by the clock (of processor time), medians: with, without\n")
    for name in figures[True]:
        cells = [
            [
                statistics.median(took[kind] for took in figures[is_on][name]) * 1000
                for kind in (0, 1)
            ]
            for is_on in (True, False)
        ]
        (on, cpu_on), (off, cpu_off) = cells
        ratios = f"{on / off:.2f} ({cpu_on / cpu_off:.2f})"
        sys.stdout.write(
            f"{name:<20}{on:8.0f} ({cpu_on:.0f}) {off:8.0f} ({cpu_off:.0f})   ratio {ratios}\n"
        )


if __name__ == "__main__":
    main()
