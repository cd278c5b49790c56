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
from dataclasses import asdict, dataclass
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
from tests.conftest import make_app
from tests.journeys.system import System, running_system
from tests.serving.processes import ROOT, free_port, until

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
    with a_product(MAIL_WORKERS="0") as product:
        event, lengths = f"/events/{RECEPTION}", _lengths(product)
        with _yardstick(lengths) as bare_port:
            page, bare_page = _in_turn(
                (product.port, lambda caller: caller.see(event, length=lengths.page)),
                (bare_port, lambda caller: caller.see("/page", length=lengths.page)),
            )
            began = product.cpu_seconds(), product.registrations()
            registering, bare_registering = _in_turn(
                (product.port, lambda caller: register(caller, product.form)),
                (bare_port, lambda caller: register(caller, "/register")),
            )
            cost = product.cpu_seconds() - began[0]
            made = product.registrations() - began[1]
    assert made >= sum(len(course.times) for course in registering), "one that was told is missing"
    with a_product() as product:
        busy = measure(product.port, lambda caller: register(caller, product.form))
        product.registrations()
    name = f"complete registration, {CLIENTS} clients"
    bare = _rates(bare_registering)
    return [
        report.at_least(
            f"event page, {CLIENTS} clients",
            _rates(page),
            "/s",
            yardstick=_rates(bare_page),
            ratio=0.5,
        ),
        report.no_more_than(
            "event page, 95 of 100 within",
            [course.quantile(0.95) for course in page],
            "ms",
            limit=25,
        ),
        report.at_least(name, _rates(registering), "/s", yardstick=bare, ratio=0.45),
        report.no_more_than("… CPU time of its three requests", cost / made * 1000, "ms", limit=15),
        report.for_the_record(
            f"{name}, mail going out", busy.per_second, "/s", yardstick=report.median(bare)
        ),
    ]


def _in_turn(*works: tuple[int, load.Visit]) -> list[list[Course]]:
    """The courses of each work, a few short ones in turn, so that all meet the same machine."""
    rounds = [[measure(port, visit) for port, visit in works] for _ in range(ROUNDS)]
    return [list(courses) for courses in zip(*rounds, strict=True)]


def _rates(courses: list[Course]) -> list[float]:
    return [course.per_second for course in courses]


@dataclass(frozen=True)
class Product:
    """The running product, with an event to register for."""

    system: System
    event_id: int
    slug: str

    @property
    def port(self) -> int:
        """Where it answers."""
        return int(self.system.url.rpartition(":")[2])

    @property
    def form(self) -> str:
        """The path of the event's form."""
        return f"/events/{self.slug}/register"

    def registrations(self) -> int:
        """How many the event has; AssertionError when its seats are not exactly as many."""
        with self.system.app.app_context():
            made = select(func.count()).where(Registration.event_id == self.event_id)
            made = db.session.execute(made).scalar_one()
            taken = db.session.query(SeatPool.taken).filter_by(event_id=self.event_id).scalar()
        assert made == taken, "seats are not exact"
        return made

    def cpu_seconds(self) -> float:
        """What all its processes have used."""
        return _cpu_seconds(self.system.pid)


def _cpu_seconds(pid: int) -> float:
    """What the process ``pid`` and its children have used (proc(5): fields 14 and 15 of stat)."""
    process = Path(f"/proc/{pid}")
    used = process.joinpath("stat").read_text().rpartition(")")[2].split()[11:13]
    children = process.joinpath(f"task/{pid}/children").read_text().split()
    own = sum(map(int, used)) / os.sysconf("SC_CLK_TCK")
    return own + sum(_cpu_seconds(int(child)) for child in children)


@contextmanager
def a_product(**environ: str) -> Iterator[Product]:
    """The product with the demo's data and an event that a million may register for."""
    with tempfile.TemporaryDirectory() as folder, running_system(Path(folder), **environ) as system:
        with system.app.app_context():
            demo.tell("a password for measuring", now=utc_now())
            starts_at = utc_now() + timedelta(days=30)
            event = an_event(seats=1_000_000, starts_at=starts_at, published_at=utc_now())
            product = Product(system, event.id, event.slug)
        yield product


def _lengths(product: Product) -> Lengths:
    caller = Caller("127.0.0.1", product.port)
    form, _location = caller.call("GET", product.form)
    return Lengths(
        page=len(caller.call("GET", f"/events/{RECEPTION}")[0]),
        form=len(form),
        done=len(register(caller, product.form)),
    )


def measure(port: int, visit: load.Visit) -> Course:
    """What came of some seconds of these visits by all clients."""
    return load.run("127.0.0.1", port, visit, clients=CLIENTS, seconds=SECONDS)


def register(caller: Caller, path: str) -> str:
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
