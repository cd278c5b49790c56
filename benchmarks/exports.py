"""How long each format of attendee lists takes, beside what ``estimate.py`` expects.

``python -m benchmarks.exports`` writes every format for 300 to 10,000 people (on paper: for as
many as it bears), with few columns and with all of them, record and check sum included, and prints
the best of several rounds, in seconds of the processor: neighbours hardly count. The last line says
how this machine compares with the one that the figures of ``estimate.py`` are from.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import update

from benchmarks import guests
from event_mgmt import settings as settings_module
from event_mgmt.accounts.sessions import viewer_of
from event_mgmt.attendee_lists import downloads, estimate, export_plan
from event_mgmt.attendee_lists.columns import USUAL
from event_mgmt.attendee_lists.export_plan import Exporter, ExportRequest
from event_mgmt.attendee_lists.formats import registry
from event_mgmt.core import schema
from event_mgmt.core.database import db, transactional
from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import QuestionKind
from event_mgmt.events.models import Event, Question
from event_mgmt.registrations.models import Attendee
from event_mgmt.wiring import create_app

SIZES = (300, 1_250, 10_000)
FEW = ("given_name", "family_name", "organisation", "email")
ROUNDS = 4


@transactional
def _ask_questions(event: Event) -> None:
    """Two questions that every guest has answered."""
    hall = Question(event_id=event.id, kind=QuestionKind.SHORT_TEXT, label=Localized(de="Halle"))
    bags = Question(event_id=event.id, kind=QuestionKind.NUMBER, label=Localized(de="Koffer"))
    db.session.add_all((hall, bags))
    db.session.flush()
    answers = {str(hall.id): "Halle 3, Eingang Süd", str(bags.id): 2}
    db.session.execute(
        update(Attendee).where(Attendee.event_id == event.id).values(answers=answers)
    )


def _columns(event: Event) -> Iterator[tuple[str, ...]]:
    yield FEW
    yield USUAL
    yield tuple(c.key for c in export_plan.catalogue(event.id, locale="de"))


def _wishes(event: Event) -> Iterator[ExportRequest]:
    for form in registry.ALL:
        for columns in _columns(event) if form.columns is None else [()]:
            yield ExportRequest(form.key, "Messung", columns)


def _processor_seconds() -> float:
    """What this process and those that it waited for have used: neighbours do not count."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _measured(event: Event, wish: ExportRequest, taker: Exporter, folder: Path) -> str | None:
    """A line of the table; None for more people than the format bears."""
    plan = export_plan.plan_export(event, wish, taker)
    people = event.pools[0].capacity
    if plan.most is not None and people > plan.most:
        return None
    taken = []
    for _ in range(ROUNDS):
        began = _processor_seconds()
        done = downloads.export_list(event, wish, taker=taker, folder=folder, now=guests.BEGAN)
        taken.append(_processor_seconds() - began)
        done.file.close()
        assert done.row_count == people
    columns = len(plan.columns)
    expected = estimate.seconds(plan.form.suffix, people=people, columns=columns)
    return f"{wish.format:9}{people:8,}{columns:5}{min(taken):9.3f}{expected:9.3f}"


def main() -> None:
    """Fill a database with events of these sizes, and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_module.load({"INSTANCE_DIR": folder}, testing=True))
        with app.app_context():
            schema.upgrade(db.engine)
            sys.stdout.write("format     people cols  seconds expected\n")
            for size in SIZES:
                event, user = guests.an_event_with(size, slug=f"of-{size}")
                _ask_questions(event)
                taker = Exporter(viewer_of(user), user.display_name, "de")
                for wish in _wishes(event):
                    if line := _measured(event, wish, taker, Path(folder) / "out"):
                        sys.stdout.write(f"{line}\n")
                        sys.stdout.flush()
    slowness = estimate.slowness()
    yardstick = slowness * estimate.YARDSTICK_SECONDS * 1000
    sys.stdout.write(
        f"yardstick: {yardstick:.2f} ms, {slowness:.2f} times the one of the figures\n"
    )


if __name__ == "__main__":
    main()
