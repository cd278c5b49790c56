"""The product and its yardstick as they really run: the same server software, as many processes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.load import Caller
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.demo import service as demo
from event_mgmt.events.models import SeatPool
from event_mgmt.registrations.models import Registration
from tests.builders import an_event
from tests.conftest import make_app
from tests.journeys.system import System, running_system
from tests.serving.processes import ROOT, free_port, until


@dataclass(frozen=True)
class Lengths:
    """How many characters the product's pages have: what its yardstick answers with as well."""

    page: int
    form: int
    done: int


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
    def page(self) -> str:
        """The path of the event's page."""
        return f"/events/{self.slug}"

    @property
    def form(self) -> str:
        """The path of the event's form."""
        return f"{self.page}/register"

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
    """The product with the demo's data and an event that a million may register for.

    It believes one proxy, so that each guest can come from a network of their own.
    """
    settings = {"PROXY_HOPS": "1", **environ}
    with (
        tempfile.TemporaryDirectory() as folder,
        running_system(Path(folder), **settings) as system,
    ):
        with system.app.app_context():
            demo.build("a password for measuring", now=utc_now())
            starts_at = utc_now() + timedelta(days=30)
            event = an_event(seats=1_000_000, starts_at=starts_at, published_at=utc_now())
            product = Product(system, event.id, event.slug)
        yield product


@contextmanager
def a_yardstick(lengths: Lengths, database_url: str = "") -> Iterator[int]:
    """The port of the bare application, on a database of its own or that of ``database_url``."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Path(folder), database_url)
        with app.app_context():
            event = an_event(seats=1_000_000)
            url = db.engine.url.render_as_string(hide_password=False)
            given = f"{url!r}, event={event.id}, pool={event.pools[0].id}"
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
