"""The desk's lists of 10,000 people, and exports of 100,000 × 20: ``python -m benchmarks.lists``.

Each export runs in a process of its own, so that its memory can be told; so do the yardsticks:
the csv module and the XLSX writer, each writing as many rows of the same width from memory. All
times are the process's own (CPU), so that neighbours on a busy machine do not count.
"""

from __future__ import annotations

import csv
import itertools
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from flask_babel import force_locale
from rustpy_xlsxwriter import write_worksheet

from benchmarks import guests, report
from event_mgmt import settings as settings_module
from event_mgmt.accounts.models import User
from event_mgmt.accounts.policy import attendee_scope
from event_mgmt.accounts.sessions import viewer_of
from event_mgmt.attendee_lists import downloads, export_plan, queries, statements
from event_mgmt.attendee_lists.columns import STANDARD, USUAL
from event_mgmt.attendee_lists.export_plan import Exporter, ExportRequest
from event_mgmt.attendee_lists.formats import registry
from event_mgmt.core import schema
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.wiring import create_app

FEW, MANY, COLUMNS = 10_000, 100_000, 20
ROUNDS, WARM_UP = 20, 5


def _app(folder: str) -> Any:
    return create_app(settings_module.load({"INSTANCE_DIR": folder}, testing=True))


def run() -> list[report.Row]:
    """Fill a database and measure the list's pages and the exports."""
    with tempfile.TemporaryDirectory() as folder:
        app = _app(folder)
        with app.app_context():
            schema.upgrade(db.engine)
            small, user = guests.an_event_with(FEW, slug="small")
            large, _ = guests.an_event_with(MANY, slug="large")
            ids = (small.id, large.id, user.id, f"{user.id}:{user.session_version}")
        return [*_pages(app, ids[0], ids[3]), *_exports(folder)]


def _pages(app: Any, event_id: int, session: str) -> Iterator[report.Row]:
    for name, page in (
        ("attendee list, first page", "attendee-list"),
        ("attendee list, search", "attendee-list?search=zagar+tehnika"),
        ("attendee list, filter", "attendee-list?statuses=waitlisted&country=SI"),
        ("attendee list, by organisation", "attendee-list?order=organisation&statuses=confirmed"),
        ("attendee list, last page", "attendee-list?page=200"),
        ("registrations, first page", "registrations"),
        ("registrations, search", "registrations?search=zagar+tehnika"),
        ("registrations, waiting list", "registrations?status=waitlisted"),
        ("event overview", ""),
    ):
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = session, True
        taken = []
        for _ in range(ROUNDS):
            began = time.process_time()
            answer = client.get(f"/desk/events/{event_id}/{page}")
            taken.append((time.process_time() - began) * 1000)
            assert answer.status_code == 200, answer.status
        limit = 100 if name == "event overview" else 40  # no more than peers need for that
        yield report.no_more_than(name, taken[WARM_UP:], "ms", limit=limit)


def _exports(folder: str) -> Iterator[report.Row]:
    for key in ("csv", "xlsx"):
        yardstick, _memory = _alone("yardstick", key, folder)
        figure, memory = _alone("export", key, folder)
        if key == "csv":
            reading, _memory = _alone("reading", key, folder)
            title = f"reading {MANY:,} × {COLUMNS} from the database, no more"
            yield report.told(title, reading, "s", yardstick=yardstick)
        name = f"export of {MANY:,} × {COLUMNS} as {key}"
        yield report.at_most(name, figure, "s", yardstick=yardstick, ratio=2)
        yield report.no_more_than(f"{name}: memory", memory, "MB", limit=150)
    title = f"PDF table of {registry.MOST_CELLS_ON_PAPER:,} cells, memory of its program"
    yield report.no_more_than(title, _alone("paper", "pdf", folder)[1], "MB", limit=300)


def _alone(work: str, key: str, folder: str) -> tuple[float, float]:
    """The best of three runs (seconds) in a process of its own, and its memory (MB)."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.lists", work, key, folder],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": "."},
    )
    seconds, memory = json.loads(done.stdout.splitlines()[-1])
    return seconds, memory


def _timed(work: Any) -> None:
    taken = []
    for _ in range(3):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    sys.stdout.write(f"{json.dumps([min(taken), _most_memory()])}\n")


def _most_memory() -> float:
    """The most that this process ever held (MB); ``getrusage`` would count its parent's too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


def _wanted() -> tuple[Event, Exporter, tuple[str, ...]]:
    columns = tuple(itertools.islice((c.key for c in STANDARD if c.key != "message"), COLUMNS))
    assert len(columns) == COLUMNS
    event = db.session.query(Event).filter_by(slug="large").one()
    user = db.session.query(User).filter_by(email="large@example.org").one()
    return event, Exporter(viewer_of(user), user.display_name, "de"), columns


def _export(key: str, folder: str) -> None:
    app = _app(folder)
    with app.app_context():
        event, taker, columns = _wanted()
        wish = ExportRequest(format=key, purpose="Messung", columns=columns)

        def take() -> None:
            taken = downloads.export_list(
                event, wish, taker=taker, folder=Path(folder) / "out", now=guests.BEGAN
            )
            taken.file.close()
            assert taken.row_count == MANY

        _timed(take)


def _paper(_key: str, folder: str) -> None:
    """As large a table as paper bears: its seconds here, and the memory of the program that sets it."""
    app = _app(folder)
    with app.app_context():
        event, taker, _columns = _wanted()
        plan = export_plan.plan_export(event, ExportRequest("pdf", "Messung", USUAL), taker)
        people = registry.MOST_CELLS_ON_PAPER // len(plan.columns)
        batches = export_plan.cells_of(event, plan, taker)
        rows = list(itertools.islice(itertools.chain.from_iterable(batches), people))
        began = time.process_time()
        with force_locale(taker.locale):
            sheet = export_plan.document_of(event, plan, taker, now=guests.BEGAN)
            plan.form.write(sheet, rows, Path(folder) / "paper.pdf")
        seconds = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    sys.stdout.write(f"{json.dumps([seconds, memory])}\n")


def _cells(folder: str) -> list[list[Any]]:
    """The same cells in memory, as the export makes them."""
    app = _app(folder)
    with app.app_context():
        event, taker, columns = _wanted()
        plan = export_plan.plan_export(event, ExportRequest("csv", "Messung", columns), taker)
        return [list(row) for batch in export_plan.cells_of(event, plan, taker) for row in batch]


def _reading(_key: str, folder: str) -> None:
    """The export's own rows, read by the bare database module and dropped."""
    app = _app(folder)
    with app.app_context():
        event, taker, columns = _wanted()
        plan = export_plan.plan_export(event, ExportRequest("csv", "Messung", columns), taker)
        names = list(dict.fromkeys(column.source for column in plan.columns))
        sight = attendee_scope(taker.viewer, event.parties())
        listed = statements.listed(event.id, sight, plan.criteria, names)
        found = statements.in_order(listed, plan.order, taker.locale).compile(
            db.engine, compile_kwargs={"literal_binds": True}
        )
        cursor = db.session.connection().connection.cursor()

        def read() -> None:
            cursor.execute(str(found))
            rows = 0
            while batch := cursor.fetchmany(queries.BATCH):
                rows += len(batch)
            assert rows == MANY

        _timed(read)


def _yardstick(key: str, folder: str) -> None:
    cells = _cells(folder)
    path = Path(folder) / f"yardstick.{key}"
    _timed(lambda: (_plain_csv if key == "csv" else _plain_xlsx)(cells, path))


def _plain_csv(cells: Iterable[list[Any]], path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows(cells)


def _plain_xlsx(cells: Iterable[list[Any]], path: Path) -> None:
    names = [f"c{n}" for n in range(COLUMNS)]
    write_worksheet((dict(zip(names, row, strict=True)) for row in cells), str(path))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        {"export": _export, "paper": _paper, "reading": _reading, "yardstick": _yardstick}[
            sys.argv[1]
        ](*sys.argv[2:])
    else:
        report.show(run())
