"""The event page and a complete registration, over HTTP, against the server as it really runs.

Both yardsticks run on the same server software, with the same number of processes, in turn.
"""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import func, select

from benchmarks import load, report
from benchmarks.load import Caller, Course
from benchmarks.report import Row
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.demo import service as demo
from event_mgmt.events.models import SeatPool
from event_mgmt.registrations.models import Registration
from tests.builders import an_event
from tests.journeys.system import ROOT, free_port, running_system, until

CLIENTS, SECONDS = 8, 8.0
RECEPTION = "jahresempfang-des-konsulats-und-der-vier-branchencluster"
_numbers = itertools.count(1)


def run() -> list[Row]:
    """Measure both, each beside its yardstick."""
    with tempfile.TemporaryDirectory() as folder, running_system(Path(folder)) as system:
        with system.app.app_context():
            demo.tell("a password for measuring", now=utc_now())
            starts_at = utc_now() + timedelta(days=30)
            event = an_event(seats=1_000_000, starts_at=starts_at, published_at=utc_now())
            event_id, slug = event.id, event.slug
        port = int(system.url.rpartition(":")[2])
        page_size = len(Caller("127.0.0.1", port).call("GET", f"/events/{RECEPTION}")[0])
        page = _measure(port, lambda caller: _see_page(caller, f"/events/{RECEPTION}", page_size))
        registering = _measure(port, lambda caller: _register(caller, slug))
        with system.app.app_context():
            made = select(func.count()).where(Registration.event_id == event_id)
            made = db.session.execute(made).scalar_one()
            taken = db.session.query(SeatPool.taken).filter_by(event_id=event_id).scalar()
    with _yardstick(page_size) as bare_port:
        size = len(Caller("127.0.0.1", bare_port).call("GET", "/page")[0])
        bare_page = _measure(bare_port, lambda caller: _see_page(caller, "/page", size))
        bare_registering = _measure(bare_port, _register_bare)
    _check("event page", page, bare_page)
    _check("registration", registering, bare_registering)
    assert made == taken, "seats are not exact"
    assert made >= len(registering.times), "an acknowledged registration is missing"
    return [
        report.at_least(
            f"event page, {CLIENTS} clients",
            page.per_second,
            "/s",
            yardstick=bare_page.per_second,
            ratio=0.5,
        ),
        report.no_more_than("event page, 95 of 100 within", page.quantile(0.95), "ms", limit=25),
        report.at_least(
            f"complete registration, {CLIENTS} clients",
            registering.per_second,
            "/s",
            yardstick=bare_registering.per_second,
            ratio=0.45,
        ),
    ]


def _measure(port: int, visit: load.Visit) -> Course:
    return load.run("127.0.0.1", port, visit, clients=CLIENTS, seconds=SECONDS)


def _check(name: str, *courses: Course) -> None:
    for course in courses:
        assert not course.faults, f"{name}: {course.faults[:3]}"


def _see_page(caller: Caller, path: str, size: int) -> None:
    text, _location = caller.call("GET", path)
    assert abs(len(text) - size) < size / 5, f"{path}: an answer of another length"


def _register(caller: Caller, slug: str) -> None:
    form, _location = caller.call("GET", f"/events/{slug}/register")
    hidden = dict(re.findall(r'name="(csrf_token|nonce)"[^>]*? value="([^"]+)"', form))
    number = next(_numbers)
    fields = {
        **hidden,
        "given_name": "Maja",
        "family_name": f"Kovač {number}",
        "email": f"guest-{number}@example.org",
        "organisation": "Tehnika Žagar d.o.o.",
        "country": "SI",
    }
    path = f"/events/{slug}/register"
    _text, location = caller.call("POST", path, urlencode(fields), expect=303)
    caller.call("GET", location)


def _register_bare(caller: Caller) -> None:
    form, _location = caller.call("GET", "/register")
    nonce = re.findall(r'name="nonce" value="([^"]+)"', form)[0]
    fields = {"email": f"guest-{next(_numbers)}@example.org", "nonce": nonce}
    _text, location = caller.call("POST", "/register", urlencode(fields), expect=302)
    caller.call("GET", location)


@contextmanager
def _yardstick(page_size: int) -> Iterator[int]:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "bare.sqlite3"
        database.touch()
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "benchmarks.yardstick:create_app()"),
                *("--workers", "2", "--preload", "--bind", f"127.0.0.1:{port}"),
                *("--log-level", "error"),
            ],
            cwd=ROOT,
            env={
                **os.environ,
                "YARDSTICK_DB": str(database),
                "YARDSTICK_SIZE": str(page_size),
            },
        )
        try:
            until(lambda: _answers(port), "the yardstick does not answer")
            yield port
        finally:
            server.terminate()
            server.wait(20)


def _answers(port: int) -> bool:
    try:
        Caller("127.0.0.1", port).call("GET", "/page")
    except (OSError, AssertionError):
        return False
    return True
