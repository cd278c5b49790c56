"""What an operator types after ``flask --app app``."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError

from event_mgmt import serve, worker
from event_mgmt.accounts import members, service
from event_mgmt.accounts.members import Invitation
from event_mgmt.accounts.models import Role
from event_mgmt.accounts.service import NewUser, Profile
from event_mgmt.audit.service import SYSTEM
from event_mgmt.core import compaction, schema
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.core.errors import is_disk_full
from event_mgmt.core.refusals import Busy, DiskFull, Refusal
from event_mgmt.core.schema import SchemaIsNewer
from event_mgmt.organisations import queries as organisation_queries
from event_mgmt.rooms import rooms_of
from event_mgmt.settings import LOCALES
from event_mgmt.tasks import worker as task_worker

P = ParamSpec("P")
R = TypeVar("R")

NO_ROOM_LEFT: Final = "there is no room left on the disk (No space left on device)"

database = AppGroup("db", help="The database and its schema.")
accounts = AppGroup("accounts", help="The accounts of organisers and staff.")


def init_app(app: Flask) -> None:
    """Attach all commands."""
    app.cli.add_command(database)
    app.cli.add_command(accounts)
    app.cli.add_command(serve_command)
    app.cli.add_command(worker_command)
    for room in rooms_of(app):
        for command in room.commands:
            app.cli.add_command(command)
    _print_errors_plainly(app.cli)


def _print_errors_plainly(command: click.Command) -> None:
    """Let every command end with one line, not a stack trace, where the operator can do something.

    That is: make room on the disk, free the database or start it, bring the right release.
    """
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _print_errors_plainly(inner)
    elif command.callback is not None:
        command.callback = _with_plain_errors(command.callback)


def _with_plain_errors(run: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(run)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return run(*args, **kwargs)
        except OperationalError as error:
            is_full = is_disk_full(error)
            reason = NO_ROOM_LEFT if is_full else str(error.orig).strip().partition("\n")[0]
        except SchemaIsNewer as error:
            raise click.ClickException(
                f"The database is at revision {error}, which this release does not know: it was"
                " made by a later one. Start that release, or restore a backup."
            ) from None
        except DiskFull:
            reason = NO_ROOM_LEFT
        except Busy:
            reason = "somebody else is writing, and did not finish in time"
        except OSError as error:
            reason = f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"
        raise click.ClickException(f"Not done: {reason}. What was begun has been undone.")

    return wrapped


@database.command("upgrade")
def upgrade() -> None:
    """Bring the database's schema up to date."""
    try:
        schema.upgrade(db.engine)
    except OperationalError as error:
        if is_disk_full(error):
            raise
        reason = str(error.orig).partition("\n")[0]
        raise click.ClickException(f"The database of DATABASE_URL: {reason}") from None
    click.echo(f"The database is at revision {schema.current_revision(db.engine)}.")
    db.session.remove()
    db.engine.dispose()
    if words := compaction.compact(db.engine):
        click.echo(words, err=True)


@click.command("serve")
def serve_command() -> None:
    """Run web and mail processes together until stopped."""
    sys.exit(serve.main(_this_app()))


@click.command("worker")
@click.option("--once", is_flag=True, help="Do all that is due, then end.")
@click.option("--tasks", is_flag=True, help="Run long tasks instead of delivering mail.")
def worker_command(*, once: bool, tasks: bool) -> None:
    """Plan reminders, tidy up and deliver mail until stopped; or run long tasks."""
    run = task_worker.main if tasks else worker.main
    status = run(_this_app(), once=once)
    compaction.close_cleanly(db.engine)
    if status:
        click.echo("Something had to be left waiting; the log says why.", err=True)
    sys.exit(status)


def _this_app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Werkzeug documents it
    return app


@accounts.command("create")
@click.argument("email")
@click.option("--given-name", prompt="First name", help="Their first name.")
@click.option("--family-name", prompt="Surname", help="Their surname.")
@click.option("--language", type=click.Choice(LOCALES), default="de", show_default=True)
@click.option("--platform", is_flag=True, help="May add organisations, sectors and agreements.")
@click.option("--organisation", "slug", help="The short name in addresses of their organisation.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.ADMINISTRATOR.value,
    show_default=True,
    help="What they are in that organisation.",
)
@click.password_option(help="At least 12 characters; asked for when it is left out.")
def create_account(
    email: str,
    given_name: str,
    family_name: str,
    language: str,
    platform: bool,
    slug: str | None,
    role: str,
    password: str,
) -> None:
    """Make an account for EMAIL, with a place in a team if an organisation is named."""
    new = NewUser(email, Profile(given_name, family_name, language), password, platform)
    now = utc_now()
    try:
        home = organisation_queries.organisation_by_slug(slug) if slug else None
        user = service.create(new, by=SYSTEM, now=now)
        if home is not None:
            place = Invitation(user.email, Role(role), language)
            members.invite(home.id, place, by=SYSTEM, now=now)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"{user.email} can sign in now.")
