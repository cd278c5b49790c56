"""The event page and a complete registration, over HTTP, against the server as it really runs.

Both yardsticks run on the same server software, with the same number of processes, in turn.
"""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
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
from tests.conftest import make_app
from tests.journeys.system import ROOT, free_port, running_system, until

CLIENTS, SECONDS, ROUNDS = 8, 4.0, 5
RECEPTION = "jahresempfang-des-konsulats-und-der-vier-branchencluster"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Lengths:
    """How many characters the product's pages have: what its yardstick answers with as well."""

    page: int
    form: int
    done: int


def run() -> list[Row]:
    """Measure both, each in turn with its yardstick.

    No worker runs, since the yardstick sends no mail either; what registering comes to while one
    sends the confirmations on the same cores is told apart.
    """
    with _product(MAIL_WORKERS="0") as (port, slug, check_seats):
        event, form = f"/events/{RECEPTION}", f"/events/{slug}/register"
        lengths = _lengths(port, slug)
        with _yardstick(lengths) as bare_port:
            page, bare_page = _in_turn(
                (port, lambda caller: caller.see(event, length=lengths.page)),
                (bare_port, lambda caller: caller.see("/page", length=lengths.page)),
            )
            registering, bare_registering = _in_turn(
                (port, lambda caller: _register(caller, form)),
                (bare_port, lambda caller: _register(caller, "/register")),
            )
            check_seats(registering)
    with _product() as (port, slug, check_seats):
        busy = _measure(port, lambda caller: _register(caller, f"/events/{slug}/register"))
        check_seats([busy])
    name = f"complete registration, {CLIENTS} clients"
    bare = _median(bare_registering)
    return [
        report.at_least(
            f"event page, {CLIENTS} clients",
            _median(page),
            "/s",
            yardstick=_median(bare_page),
            ratio=0.5,
        ),
        report.no_more_than(
            "event page, 95 of 100 within",
            median(course.quantile(0.95) for course in page),
            "ms",
            limit=25,
        ),
        report.at_least(name, _median(registering), "/s", yardstick=bare, ratio=0.45),
        report.for_the_record(f"{name}, mail going out", busy.per_second, "/s", yardstick=bare),
    ]


def _in_turn(*works: tuple[int, load.Visit]) -> list[list[Course]]:
    """The courses of each work, a few short ones in turn, so that all meet the same machine."""
    rounds = [[_measure(port, visit) for port, visit in works] for _ in range(ROUNDS)]
    return [list(courses) for courses in zip(*rounds, strict=True)]


def _median(courses: list[Course]) -> float:
    return median(course.per_second for course in courses)


@contextmanager
def _product(**environ: str) -> Iterator[tuple[int, str, Callable[[list[Course]], None]]]:
    """The running product: its port, the slug of an event, and a check of that event's seats."""
    with tempfile.TemporaryDirectory() as folder, running_system(Path(folder), **environ) as system:
        with system.app.app_context():
            demo.tell("a password for measuring", now=utc_now())
            starts_at = utc_now() + timedelta(days=30)
            event = an_event(seats=1_000_000, starts_at=starts_at, published_at=utc_now())
            event_id, slug = event.id, event.slug

        def check_seats(courses: list[Course]) -> None:
            with system.app.app_context():
                made = select(func.count()).where(Registration.event_id == event_id)
                made = db.session.execute(made).scalar_one()
                taken = db.session.query(SeatPool.taken).filter_by(event_id=event_id).scalar()
            assert made == taken, "seats are not exact"
            assert made >= sum(len(course.times) for course in courses), (
                "an acknowledged registration is missing"
            )

        yield int(system.url.rpartition(":")[2]), slug, check_seats


def _lengths(port: int, slug: str) -> Lengths:
    caller = Caller("127.0.0.1", port)
    form, _location = caller.call("GET", f"/events/{slug}/register")
    return Lengths(
        page=len(caller.call("GET", f"/events/{RECEPTION}")[0]),
        form=len(form),
        done=len(_register(caller, f"/events/{slug}/register")),
    )


def _measure(port: int, visit: load.Visit) -> Course:
    return load.run("127.0.0.1", port, visit, clients=CLIENTS, seconds=SECONDS)


def _register(caller: Caller, path: str) -> str:
    """Form, submit, confirmation; gives the last page."""
    form, _location = caller.call("GET", path)
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
    _text, location = caller.call("POST", path, urlencode(fields), expect=303)
    page, _location = caller.call("GET", location)
    assert fields["email"] in page, "a confirmation of somebody else's registration"
    return page


@contextmanager
def _yardstick(lengths: Lengths) -> Iterator[int]:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Path(folder), "")
        with app.app_context():
            event = an_event(seats=1_000_000)
            database = db.engine.url.database
            given = f"{database!r}, event={event.id}, pool={event.pools[0].id}"
            db.engine.dispose()
        sizes = ", ".join(f"{name}={length}" for name, length in asdict(lengths).items())
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn"),
                f"benchmarks.yardstick:create_app({given}, {sizes})",
                *("--workers", "2", "--preload", "--bind", f"127.0.0.1:{port}"),
                *("--log-level", "error"),
            ],
            cwd=ROOT,
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
