"""What an operator types after ``flask --app app``."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from event_mgmt import serve
from event_mgmt.core import schema
from event_mgmt.core.database import db
from event_mgmt.demo import command as demo

database = AppGroup("db", help="The database and its schema.")


def init_app(app: Flask) -> None:
    """Attach all commands."""
    app.cli.add_command(database)
    app.cli.add_command(serve_command)
    app.cli.add_command(demo.demo)


@database.command("upgrade")
def upgrade() -> None:
    """Bring the database's schema up to date."""
    schema.upgrade(db.engine)
    click.echo(f"The database is at revision {schema.current_revision(db.engine)}.")


@click.command("serve")
def serve_command() -> None:
    """Run web and mail processes together until stopped."""
    serve.main()
