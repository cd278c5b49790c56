"""The database's machine dies, its standby takes over, and the system goes on by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from event_mgmt.core.database import db
from event_mgmt.operations.archive import Archive
from tests.builders import an_event
from tests.concurrency.machines import NAME, Machine
from tests.concurrency.standby import Pair, primary_and_standby
from tests.concurrency.test_two_machines import register
from tests.conftest import make_app
from tests.serving.guests import NoAnswer
from tests.serving.processes import free_port, until

# The session's own server comes first: with it, the account that servers run as is made.
pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("postgresql_url")]


@contextmanager
def a_system_on(pair: Pair, folder: Path) -> Iterator[tuple[Machine, str]]:
    """Web processes on both servers' one address, and the slug of an event."""
    environ = {
        "DATABASE_URL": pair.url,
        "PUBLIC_BASE_URL": f"http://{NAME}",
        "SECRET_KEY": "one key on every machine: 4f9c1e70b2a8d365",
        "PROXY_HOPS": "1",
        "MAIL_WORKERS": "0",
    }
    app = make_app(folder, pair.url, SECRET_KEY=environ["SECRET_KEY"])
    with app.app_context():
        slug = an_event(seats=100).slug
        db.session.remove()
        db.engine.dispose()
    port = free_port()
    environ["BIND"] = f"127.0.0.1:{port}"
    machine = Machine("127.0.0.1", "127.0.0.1", port, folder / "machine", environ)
    served = machine.serve()
    try:
        yield machine, slug
    finally:
        served.stop()


def registered(pair: Pair) -> list[str]:
    """Who is registered, by the standby's own account; each has its message."""
    rows = pair.standby.ask(
        "SELECT r.email FROM registrations r JOIN messages m ON m.registration_id = r.id"
        " ORDER BY r.id",
        database="events",
    )
    return [row[0] for row in rows]


def addresses(numbers: range) -> list[str]:
    return [f"ana-{number}@example.org" for number in numbers]


def backed_up_from_standby(pair: Pair, machine: Machine) -> list[str]:
    """Who is registered, by a backup that was taken from the standby."""
    url = f"postgresql://postgres@127.0.0.1:{pair.standby.port}/events"
    path = machine.folder / "standby.backup"
    there = replace(machine, settings={**machine.settings, "DATABASE_URL": url}, processes=[])
    assert there.start("flask", "--app", "app", "backup", str(path)).popen.wait(60) == 0
    with Archive(path) as opened:
        [table] = [each for each in opened.manifest.tables if each.name == "registrations"]
        place = [column.name for column in table.columns].index("email")
        return [row[place] for row in opened.rows(table)]


def is_taken(machine: Machine, slug: str, number: int) -> bool:
    """Whether a registration was acknowledged; while there is no database none is."""
    with suppress(NoAnswer, AssertionError):
        return register(machine, slug, number)
    return False


def test_a_standby_takes_over_with_every_acknowledged_registration(tmp_path: Path) -> None:
    with primary_and_standby() as pair, a_system_on(pair, tmp_path) as (machine, slug):
        pair.wait_for_each_other()
        assert all(register(machine, slug, number) for number in range(12))

        assert backed_up_from_standby(pair, machine) == addresses(range(12))

        pair.primary.kill()
        assert not is_taken(machine, slug, 99)
        assert machine.visitor().get("/health").status == 503
        pair.standby.promote()
        until(lambda: machine.visitor().get("/health").status == 200, "it does not go on")
        assert all(register(machine, slug, number) for number in range(12, 18))

        assert registered(pair) == addresses(range(18))


def test_control_a_standby_that_nobody_waits_for_may_lose_them(tmp_path: Path) -> None:
    with primary_and_standby() as pair, a_system_on(pair, tmp_path) as (machine, slug):
        until(lambda: pair.standby.ask("SELECT 1 FROM events", "events"), "it does not follow")
        pair.standby.stop()
        assert all(register(machine, slug, number) for number in range(3))

        pair.primary.kill()
        pair.standby.start()
        pair.standby.promote()
        until(lambda: machine.visitor().get("/health").status == 200, "it does not go on")

        assert registered(pair) == []
