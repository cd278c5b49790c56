"""``flask privacy …``: what an operator does for data protection."""

from __future__ import annotations

import json

import click
from flask.cli import AppGroup

from event_mgmt.privacy import ledger

privacy = AppGroup("privacy", help="Erasures and retention.")


@privacy.command("ledger")
def print_ledger() -> None:
    """Print the ledger of erasures, one JSON object a line. It names nobody."""
    for entry in ledger.entries():
        click.echo(json.dumps(entry, ensure_ascii=False))
