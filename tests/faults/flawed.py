"""The application with one flaw, chosen by FLAW: servers that die, and controls that must fail."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Callable
from typing import Any

from flask import after_this_request
from gunicorn.workers.sync import SyncWorker
from sqlalchemy import event
from werkzeug.wrappers import Response

from app import app
from event_mgmt.core import database
from event_mgmt.core.database import db, write_lock_path
from event_mgmt.core.sqlite_write_lock import sqlite_write_lock
from event_mgmt.serving import web
from event_mgmt.serving.rates import Limits


def dies_before_commit() -> None:
    """Every change is made, and the process dies when it is about to commit."""
    _die_at("before_commit")


def dies_after_commit() -> None:
    """The process dies as soon as a change is committed: its sender never hears of it."""
    _die_at("after_commit")


def answers_before_it_commits() -> None:
    """The control: the answer goes out first, the commit comes a moment later."""
    database._run_once = _answer_first


def waits_for_each_client() -> None:
    """The control: gunicorn's own worker reads from, and writes to, one client after another."""
    web.WebWorker = SyncWorker


def is_impatient() -> None:
    """No flaw: slow clients are told so within a second."""
    app.config["SLOW_CLIENTS"] = Limits(head_seconds=1, body_grace_seconds=1, least_rate=100_000)


def has_large_pages() -> None:
    """No flaw: pages of eight megabytes, of a length that is known or not, and from a file."""
    page = bytes(range(256)) * (8 * 4096)
    pieces = [page[start : start + 8192] for start in range(0, len(page), 8192)]
    others = app.wsgi_app
    length = [("Content-Length", str(len(page)))]

    def large(environ: Any, start_response: Any) -> Any:
        path = environ["PATH_INFO"]
        if not path.startswith("/large"):
            return others(environ, start_response)
        start_response("200 OK", [] if path == "/large-chunked" else length)
        if path != "/large-file":
            return iter(pieces)
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the server closes it
        file.write(page)
        file.seek(0)
        return environ["wsgi.file_wrapper"](file)

    app.wsgi_app = large


def _die_at(moment: str) -> None:
    def die(session: Any) -> None:
        if session.info.get("in_transaction"):
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(db.session, moment, die)


def _answer_first(verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    session = db.session()
    session.rollback()
    with sqlite_write_lock(write_lock_path(db.engine)):
        session.info["in_transaction"] = True
        session.connection(execution_options={"writes": True})
        result = verb(*args, **kwargs)
        session.flush()
        session.info.pop("in_transaction")
    db.session.registry.clear()  # forgotten by the request's end, which would roll it back

    def commit() -> None:
        time.sleep(0.2)
        session.commit()
        session.close()

    @after_this_request
    def answered(response: Response) -> Response:
        response.call_on_close(commit)
        return response

    return result


_FLAWS = {
    f.__name__: f
    for f in (
        *(dies_before_commit, dies_after_commit, answers_before_it_commits),
        *(waits_for_each_client, has_large_pages, is_impatient),
    )
}
with app.app_context():
    _FLAWS[os.environ["FLAW"]]()
