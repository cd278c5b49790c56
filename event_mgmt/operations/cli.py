"""What an operator types: ``flask backup``, ``restore``, ``outbox …``."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from event_mgmt.audit.service import SYSTEM
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Refusal
from event_mgmt.mail import outbox_hold
from event_mgmt.mail.outbox_hold import NotHeld
from event_mgmt.operations import archive, restore as restoring
from event_mgmt.operations.archive import Archive
from event_mgmt.operations.backup import back_up
from event_mgmt.operations.restore import RestoreConsent
from event_mgmt.resources import COMMAND
from event_mgmt.settings import Settings
from event_mgmt.worker import Worker

outbox = AppGroup("outbox", help="Hold all mail back, and let it go.")

_NAME: Final = "events-%Y%m%d-%H%M%S.backup"
_PATTERN: Final = "events-*.backup"
_LONGER_THAN_A_BACKUP: Final = timedelta(days=1)


P = ParamSpec("P")
R = TypeVar("R")


def _with_plain_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Let a command that is refused, or has no database, end with one line and no trace."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from None
        except DBAPIError as error:
            reason = str(error.orig).partition("\n")[0]
            raise click.ClickException(f"The database of DATABASE_URL: {reason}") from None

    return run


@click.command("backup")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(1), help="In a folder: so many, the oldest go.")
@_with_plain_errors
def backup_command(path: Path, keep: int | None) -> None:
    """Back the running system up into the file PATH, or a new file in the folder PATH."""
    now, folder = utc_now(), path if path.is_dir() else None
    path = folder / now.strftime(_NAME) if folder else path
    try:
        manifest = back_up(path, now=now)
    except OSError as error:
        raise click.ClickException(f"{path} could not be written: {error.strerror}.") from None
    click.echo(
        f"{path}: {manifest.rows} rows of {len(manifest.tables)} tables,"
        f" {path.stat().st_size} bytes, schema {manifest.revision}."
    )
    click.echo(f"The SECRET_KEY is not in it: keep {_key_place()} in another safe place.")
    if folder:
        archive.clear_drafts(folder, _PATTERN, before=now - _LONGER_THAN_A_BACKUP)
    if folder and keep:
        for old in sorted(folder.glob(_PATTERN))[:-keep]:
            old.unlink()


def _key_place() -> Path | str:
    settings: Settings = current_app.extensions["settings"]
    path = settings.instance / "secret_key"
    return path if path.exists() else "the setting"


@click.command("restore")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Lose what the database holds now.")
@click.option("--other-key", is_flag=True, help="Go on under another SECRET_KEY.")
@click.option(
    "--ledger",
    "ledger_path",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Erasures to do once more, as 'flask privacy ledger' prints them.",
)
@_with_plain_errors
def restore_command(
    path: Path, *, replace: bool, other_key: bool, ledger_path: Path | None
) -> None:
    """Restore the backup at PATH into the configured database; its outbox stays held.

    Erasures that the present database or --ledger knows of are done once more.
    """
    consent, now = RestoreConsent(replace=replace, other_key=other_key), utc_now()
    with Archive(path) as opened:
        restoring.check(opened, consent)
        restoring.check_alone(db.engine)
        erasures = [*restoring.present_erasures(), *_listed_erasures(ledger_path)]
        erased = restoring.restore(opened, consent, erasures=erasures, now=now)
        manifest = opened.manifest
    click.echo(f"Restored {manifest.rows} rows as of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC.")
    click.echo(f"{erased} people who had been erased since were erased once more.")
    click.echo("Everybody has to sign in anew.")
    _print_outbox_status(now)


def _listed_erasures(path: Path | None) -> Iterator[dict[str, object]]:
    if path is None:
        return
    for number, line in enumerate(path.read_text().splitlines(), 1):
        try:
            yield json.loads(line)
        except ValueError:
            raise click.ClickException(f"{path}, line {number} is no entry.") from None


@outbox.command("status")
@_with_plain_errors
def status() -> None:
    """Say whether mail is held, and how much waits."""
    _print_outbox_status(utc_now())


@outbox.command("hold")
@click.option("--reason", default="", help="What the history says of why.")
@_with_plain_errors
def hold(reason: str) -> None:
    """Let no message go out until they are released."""
    on_their_way = outbox_hold.hold(reason=reason, by=SYSTEM, now=utc_now())
    click.echo(f"The outbox is held. {on_their_way} messages are still on their way.")


class _Instant(click.ParamType[datetime | None]):
    """A day and time in ISO form; UTC where it names no zone."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime | None:
        if isinstance(value, datetime):
            return value
        if not value:
            return None
        try:
            given = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time such as 2027-01-12T09:00", param, ctx)
        return given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)


@outbox.command("release")
@click.option("--withdraw-before", type=_Instant(), help="Withdraw what was due before (UTC).")
@click.option("--withdraw-none", is_flag=True, help="Let everything go out.")
@_with_plain_errors
def release(withdraw_before: datetime | None, *, withdraw_none: bool) -> None:
    """Let messages go out again; asks whether the older ones are to be withdrawn."""
    now = utc_now()
    if outbox_hold.held_since() is None:
        raise NotHeld
    _plan_first()
    _print_outbox_status(now)
    if withdraw_before is None and not withdraw_none:
        withdraw_before = click.prompt(
            "Withdraw those due before (UTC, such as 2027-01-12T09:00; empty: none)",
            type=_Instant(),
            default="",
            show_default=False,
        )
    withdrawn = outbox_hold.release(withdraw_before=withdraw_before, by=SYSTEM, now=now)
    click.echo(f"Released. {withdrawn} messages were withdrawn.")


def _plan_first() -> None:
    """Write what has come due meanwhile, so that it is counted and can be withdrawn too."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Werkzeug documents it
    Worker(app).do_jobs()


def _print_outbox_status(now: datetime) -> None:
    found = outbox_hold.outbox_status(now=now)
    if found.held_at is None:
        click.echo("The outbox is open.")
    else:
        why = f": {found.reason}" if found.reason else ""
        click.echo(f"The outbox is held since {_utc(found.held_at)}{why}.")
    oldest = f", the oldest since {_utc(found.oldest_due_at)}" if found.oldest_due_at else ""
    click.echo(f"{found.waiting} messages wait; {found.due} of them are due{oldest}.")
    if found.held_at is not None:
        click.echo(f"To let them go: {COMMAND} outbox release")


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


@click.command("doctor")
def doctor_command() -> None:
    """Examine the whole set-up; the exit status is 0 (well), 1 (warnings) or 2 (problems)."""
    from event_mgmt.operations.doctor import examination  # noqa: PLC0415 - pages need none of it

    worst = 0
    for finding in examination.examine(current_app.extensions["settings"], now=utc_now()):
        worst = max(worst, finding.level)
        level = finding.level.name.lower()
        remedy = f" -> {finding.remedy}" if finding.remedy else ""
        click.echo(f"{level:<8} {finding.subject:<18} {finding.words}{remedy}")
    sys.exit(worst)


COMMANDS: Final = (backup_command, restore_command, outbox, doctor_command)
