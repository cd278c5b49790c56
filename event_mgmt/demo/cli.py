"""``flask --app app demo``: makes the demo and tells how to sign in to it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click
from flask import current_app

from event_mgmt.core.clock import utc_now
from event_mgmt.settings import Settings


@click.command("demo")
@click.option("--when-empty", is_flag=True, help="Do nothing where somebody works already.")
def demo(*, when_empty: bool) -> None:
    """Make the demo data, once, and print the demo accounts."""
    from event_mgmt.demo import service  # noqa: PLC0415 - a year of stories, which no page needs

    settings: Settings = current_app.extensions["settings"]
    note = settings.instance / "demo-password"
    if when_empty and not service.exists() and not service.is_untouched():
        return
    if service.exists() and not note.exists():
        click.echo("The demo data are there; the password was given when they were made.")
        return
    accounts = service.build(_password(note), now=utc_now())
    click.echo(f"Demo accounts, password {note.read_text()}")
    for account in accounts:
        click.echo(f"  {account.email:<42} {account.role:<14} {account.organisation}")


def _password(note: Path) -> str:
    """One random password for all demo accounts of this installation, kept for its owner."""
    if not note.exists():
        with os.fdopen(os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("-".join(secrets.token_hex(2) for _ in range(4)))
    return note.read_text()
