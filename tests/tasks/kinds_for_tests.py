"""Kinds of tasks that do what a test needs, and an application that knows them."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from flask import Flask

from event_mgmt.accounts.policy import Viewer
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Refusal
from event_mgmt.files import service as files
from event_mgmt.files.purposes import FileOwner
from event_mgmt.tasks.enums import AfterDeath
from event_mgmt.tasks.kinds import _KEY, Produced, TaskKind, Work
from event_mgmt.tasks.models import Task
from event_mgmt.tasks.queue import Claim, Result
from event_mgmt.tasks.results import RESULT


@dataclass(frozen=True)
class Counting:
    """Count to ``last``, ``seconds`` (thousandths) each."""

    last: int = 3
    milliseconds: int = 0
    only_for: int | None = None
    named: tuple[str, ...] = ()


def count(given: Counting, work: Work) -> Produced:
    """Write each number on a line of its own; goes on after the last one that was kept."""
    first = int((work.checkpoint or {}).get("next", 1))
    path = work.folder / "numbers"
    with path.open("a") as file:
        for number in range(first, given.last + 1):
            time.sleep(given.milliseconds / 1000)
            file.write(f"{number}\n")
            work.keep({"next": number + 1})
            work.tell(100 * number // given.last, "counted", number=number, last=given.last)
    return Produced(path, "numbers.txt", {"from": first})


def refuse(_given: Counting, _work: Work) -> None:
    """What no rule allows."""
    raise Refusal("Kein Platz auf dem Papier.")


def may(given: Counting, viewer: Viewer) -> bool:
    """Members of the organisation that is named, or anybody."""
    return given.only_for is None or given.only_for in viewer.organisation_ids


def a_kind(name: str = "count", **given: object) -> TaskKind[Counting]:
    """A kind that counts, unless told otherwise."""
    values: dict[str, object] = {
        "label": "Zählen",
        "arguments": Counting,
        "run": count,
        "may": may,
        "after_death": AfterDeath.RESTART,
        "sentences": {"counted": "%(number)s von %(last)s"},
        **given,
    }
    return TaskKind(name, **values)


COUNT = a_kind()
RESUMING = a_kind("resume", after_death=AfterDeath.RESUME)
ENDING = a_kind("end", after_death=AfterDeath.END)
REFUSED = a_kind("refuse", run=refuse)
ALL = (COUNT, RESUMING, ENDING, REFUSED)


@contextmanager
def known(app: Flask, *kinds: TaskKind[Counting]) -> Iterator[None]:
    """Let ``app`` know these kinds (default: ALL) for a while, and no others."""
    before = app.extensions.get(_KEY)
    app.extensions[_KEY] = {kind.name: kind for kind in kinds or ALL}
    try:
        yield
    finally:
        app.extensions[_KEY] = before


def a_result(claim: Claim, *, now: datetime, content: bytes = b"1\n2\n3\n") -> Result:
    """A stored result that finishing ``claim`` makes count."""
    owner = FileOwner(user_id=db.session.get_one(Task, claim.task_id).user_id)
    return Result(
        files.store(io.BytesIO(content), RESULT, owner, now=now), "numbers.txt", {"rows": 3}
    )
