"""What an operator types after ``flask --app app``."""

from __future__ import annotations

import sys

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from event_mgmt import serve, worker
from event_mgmt.core import schema
from event_mgmt.core.database import db
from event_mgmt.demo import command as demo

database = AppGroup("db", help="The database and its schema.")


def init_app(app: Flask) -> None:
    """Attach all commands."""
    app.cli.add_command(database)
    app.cli.add_command(serve_command)
    app.cli.add_command(demo.demo)
    app.cli.add_command(worker_command)


@database.command("upgrade")
def upgrade() -> None:
    """Bring the database's schema up to date."""
    schema.upgrade(db.engine)
    click.echo(f"The database is at revision {schema.current_revision(db.engine)}.")


@click.command("serve")
def serve_command() -> None:
    """Run web and mail processes together until stopped."""
    sys.exit(serve.main(_this_app()))


@click.command("worker")
@click.option("--once", is_flag=True, help="Do all that is due, then end.")
def worker_command(*, once: bool) -> None:
    """Plan reminders, tidy up and deliver mail until stopped."""
    status = worker.main(_this_app(), once=once)
    if status:
        click.echo("Something had to be left waiting; the log says why.", err=True)
    sys.exit(status)


def _this_app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app
