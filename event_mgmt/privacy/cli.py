"""``flask privacy …``: what an operator does for data protection."""

from __future__ import annotations

import json

import click
from flask.cli import AppGroup

from event_mgmt.core.clock import utc_now
from event_mgmt.events.enums import EventStatus
from event_mgmt.privacy import ledger, notice_versions, queries, retention
from event_mgmt.privacy.enums import RetentionKind

privacy = AppGroup("privacy", help="Erasures and retention.")


@privacy.command("ledger")
def print_ledger() -> None:
    """Print the ledger of erasures, one JSON object a line. It names nobody."""
    for entry in ledger.entries():
        click.echo(json.dumps(entry, ensure_ascii=False))


@privacy.command("retain")
@click.option("--dry-run", is_flag=True, help="Only tell what is due.")
def retain(*, dry_run: bool) -> None:
    """Let go now what is due, without waiting for the night."""
    now = utc_now()
    due = retention.due_at(now)
    kept = {holding.event.id: holding for holding in queries.holdings_of(d.event_id for d in due)}
    for each in due:
        click.echo(
            f"event {each.event_id}: {each.kind}, due {each.due_at:%Y-%m-%d %H:%M} UTC,"
            f" {_amount(kept[each.event_id], each.kind)}"
        )
    if mails := retention.account_mails_due(now):
        click.echo(f"mails that belong to no event: {mails}")
    if not due and not mails:
        click.echo("Nothing is due.")
    elif not dry_run:
        batches = retention.erase_due(now)
        retention.close_round(now)
        click.echo(f"Done; transactions: {batches + bool(mails)}.")


def _amount(holding: queries.DataHolding, kind: RetentionKind) -> str:
    if kind is RetentionKind.SENSITIVE:
        return f"answers of {holding.counts['sensitive']} people"
    words = f"{holding.counts['people']} people, {holding.counts['mails']} mails"
    if holding.event.status is EventStatus.POSTPONED:
        words += "; it has no date: whoever is registered is called off"
    return words


@privacy.command("keep-notice")
def keep_notice() -> None:
    """Keep the present privacy notice under its version. For developers, after changing it."""
    try:
        click.echo(f"Kept in {notice_versions.store_present()}.")
    except FileExistsError:
        raise click.ClickException(
            "This version has a text; raise PRIVACY_VERSION first."
        ) from None
