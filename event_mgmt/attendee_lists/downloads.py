"""Taking a list away: written as a stream, recorded with its purpose, and only then sent."""

from __future__ import annotations

import errno
import hashlib
import itertools
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from flask_babel import force_locale

from event_mgmt.attendee_lists import export_plan, service
from event_mgmt.attendee_lists.columns import Cells
from event_mgmt.attendee_lists.export_plan import Exporter, ExportPlan, ExportRequest
from event_mgmt.attendee_lists.formats.document import ListDocument
from event_mgmt.attendee_lists.models import Export
from event_mgmt.attendee_lists.refusals import TooManyForPaper
from event_mgmt.audit.service import Actor
from event_mgmt.core.clock import wall_clock
from event_mgmt.core.text import fold
from event_mgmt.events.models import Event

_LEFTOVERS_SECONDS: Final = 3600


@dataclass(frozen=True)
class ExportedFile:
    """A list ready to be sent. ``file`` is open, and on the disk it has no name any more."""

    file: BinaryIO
    name: str
    mimetype: str
    row_count: int
    sha256: str
    export_id: int


def export_list(
    event: Event, wish: ExportRequest, *, taker: Exporter, folder: Path, now: datetime
) -> ExportedFile:
    """Write the list that ``wish`` describes, record its taking, and give it open.

    ``folder`` is a private place for the file while it is written. Raises PurposeMissing,
    UnknownFormat, NotInThisFormat, NoColumns or TooManyForPaper; Missing for what ``taker`` has
    no right to. Nothing is given without a record.
    """
    with force_locale(taker.locale):
        plan = export_plan.plan_export(event, wish, taker)
        with _temporary_path(folder) as path:
            count = write(event, plan, taker, path, now=now)
            file = path.open("rb")
    try:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        export_id = _recorded(event, wish, plan, taker, count, sha256, now)
    except BaseException:
        file.close()
        raise
    name = file_name(plan, event, now)
    return ExportedFile(file, name, plan.form.mimetype, count, sha256, export_id)


def write(
    event: Event,
    plan: ExportPlan,
    taker: Exporter,
    path: Path,
    *,
    now: datetime,
    tell: Callable[[int], None] = lambda _count: None,
) -> int:
    """Write the planned list to ``path``; gives how many people are on it.

    ``tell`` hears now and then how many have been written. Raises TooManyForPaper.
    """
    sheet = export_plan.document_of(event, plan, taker, now=now)
    rows = _CountedRows(export_plan.cells_of(event, plan, taker), most=plan.most, tell=tell)
    _write(plan, sheet, rows, path)
    return rows.count


def _write(plan: ExportPlan, sheet: ListDocument, rows: Iterable[Cells], path: Path) -> None:
    """Write the file. The writers of XLSX and PDF say in their own words that the disk is full."""
    try:
        plan.form.write(sheet, rows, path)
    except (OSError, RuntimeError) as error:
        if f"os error {errno.ENOSPC}" in str(error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise


def _recorded(
    event: Event,
    wish: ExportRequest,
    plan: ExportPlan,
    taker: Exporter,
    row_count: int,
    sha256: str,
    now: datetime,
) -> int:
    export = Export(
        at=now,
        event_id=event.id,
        user_id=taker.user_id,
        format=plan.form.key,
        purpose=plan.purpose,
        criteria=wish.facts(),
        columns=[column.key for column in plan.columns],
        row_count=row_count,
        sha256=sha256,
    )
    by = Actor.user(taker.user_id)
    return service.record_export(export, organisation_id=event.host_id, by=by, now=now)


def file_name(plan: ExportPlan, event: Event, now: datetime) -> str:
    """What the file is called: in the reader's words, in letters that every system keeps."""
    title = re.sub(r"[^a-z0-9]+", "-", fold(plan.title)).strip("-") or "list"
    day = wall_clock(now, event.time_zone)
    return f"{title}-{event.slug}-{day:%Y-%m-%d}.{plan.form.suffix}"


class _CountedRows:
    """Rows that are counted as they pass; TooManyForPaper when there are more than ``most``."""

    def __init__(
        self, batches: Iterable[list[Cells]], *, most: int | None, tell: Callable[[int], None]
    ) -> None:
        self._batches = batches
        self._most = most
        self._tell = tell
        self.count = 0

    def __iter__(self) -> Iterator[Cells]:
        return itertools.chain.from_iterable(self._passing())

    def _passing(self) -> Iterator[list[Cells]]:
        for batch in self._batches:
            self.count += len(batch)
            if self._most is not None and self.count > self._most:
                raise TooManyForPaper(self._most)
            yield batch
            self._tell(self.count)


@contextmanager
def _temporary_path(folder: Path) -> Iterator[Path]:
    """A path for one file, gone when the block ends; whoever opened it can still read it.

    What a process left behind that was killed in the middle is swept out an hour later.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.iterdir():
        if left.stat().st_mtime < time.time() - _LEFTOVERS_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    own = Path(tempfile.mkdtemp(dir=folder))
    try:
        yield own / "list"
    finally:
        shutil.rmtree(own, ignore_errors=True)
