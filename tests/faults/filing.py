"""The application with two more pages that take and give files, and what holds the write lock.

Its own pages take at most a few megabytes today. FILING names a control, a server with a fault.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import app
from event_mgmt.accounts.access import ANYONE, open_to
from event_mgmt.core import database
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import transactional
from event_mgmt.files import downloads, queries, service
from event_mgmt.files.models import FileId
from event_mgmt.files.purposes import FileOwner
from event_mgmt.web.uploads import allow_larger_bodies
from tests.faults.traffic import PURPOSE

bp = Blueprint("filing", __name__)


@bp.post("/filing/<int:event>")
@open_to(ANYONE, form_checks_csrf=True)
def upload(event: int) -> ResponseReturnValue:
    """Keep the file that was sent; gives its id."""
    stream = request.files["file"].stream
    owner = FileOwner(event_id=event)
    with service.stored(stream, PURPOSE, owner, now=utc_now()) as file_id:
        _keep(file_id)
    return file_id


@bp.get("/filing/files/<file_id>")
@open_to(ANYONE)
def download(file_id: str) -> ResponseReturnValue:
    """Give it back."""
    file = queries.claimed_file(FileId(file_id), PURPOSE, now=utc_now())
    return downloads.answer(file, name="file.bin")


@transactional
def _keep(file_id: FileId) -> None:
    service.claim(file_id, PURPOSE, now=utc_now())


def _note_holds(log: str) -> None:
    """Write down how long each holder of the embedded database's write lock kept the others."""
    real = database.sqlite_write_lock

    @contextmanager
    def noted(path: str | None) -> Iterator[None]:
        with real(path):
            begun = time.monotonic()
            try:
                yield
            finally:
                held = time.monotonic() - begun
        if path:
            with open(log, "a", encoding="ascii") as file:  # noqa: PTH123 - one short append
                file.write(f"{held:.4f}\n")

    database.sqlite_write_lock = noted


def takes_files_whole() -> None:
    """The control: one chunk, however large."""
    service.CHUNK_BYTES = 1 << 30


{"": lambda: None, "takes_files_whole": takes_files_whole}[os.environ.get("FILING", "")]()
if "HOLDS_LOG" in os.environ:
    _note_holds(os.environ["HOLDS_LOG"])
allow_larger_bodies(bp, "filing.upload", 23 * 1024 * 1024)
app.register_blueprint(bp)
