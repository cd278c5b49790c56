"""``flask serve`` on a test's database, sound or with a fault in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from event_mgmt.core.database import db
from tests.serving.server import Server


@contextmanager
def served(
    app: Flask, folder: Path, *, way: str = "", module: str = "", **environ: str
) -> Iterator[Server]:
    """``flask serve`` on the database of ``app``; ``way`` names a fault of tests.faults.flawed.

    ``module``: an application of another kind.
    """
    db.session.remove()
    settings = {
        "INSTANCE_DIR": app.instance_path,
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "MAIL_WORKERS": "0",
        "FLAW": way,
        **environ,
    }
    module = module or ("tests.faults.flawed" if way else "app")
    server = Server.on_free_port(folder / "serve.log", app=module, **settings)
    try:
        server.start()
    except BaseException:
        server.kill_everything()
        raise
    try:
        yield server
    finally:
        server.stop()
