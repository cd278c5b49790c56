"""What guests were last told of their event, which mails about changes compare with.

Everybody to whom a mail was sent counts as told what holds now; but while a mail about a change
waits or has failed, what that mail says was before.

Revision: 0012
Follows: 0011
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_NOT_ARRIVED = ("queued", "sending", "failed", "uncertain")
_PLACE = ("venue_name", "venue_address", "city", "country", "online_url")


def upgrade() -> None:
    """Make the table, and fill it."""
    op.create_table(
        "last_told",
        sa.Column("registration_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("starts_at", _INSTANT, nullable=False),
        sa.Column("ends_at", _INSTANT, nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("venue_name", sa.String(length=200), nullable=False),
        sa.Column("venue_address", sa.String(length=300), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("online_url", sa.String(length=500), nullable=True),
        sa.Column("told_at", _INSTANT, nullable=False),
        sa.Column("is_doubtful", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("registration_id", "address", name=op.f("pk_last_told")),
    )
    op.create_index("ix_last_told_address", "last_told", ["address"])
    connection = op.get_bind()
    connection.execute(_what_holds_now())
    for columns, rows in _alike(_what_was_before(connection)).items():
        connection.execute(_correction(columns), rows)


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("last_told")


def _tables(*names: str) -> list[sa.TableClause]:
    columns = {
        "messages": "id kind state registration_id to_address facts sent_at created_at",
        "registrations": "id event_id email status erased_at",
        "events": "id status starts_at ends_at time_zone " + " ".join(_PLACE),
        "last_told": "registration_id address status starts_at ends_at time_zone told_at is_doubtful "
        + " ".join(_PLACE),
    }
    types = {"facts": sa.JSON(), "is_doubtful": sa.Boolean()}
    return [
        sa.table(
            name,
            *(
                sa.column(column, _INSTANT if column.endswith("_at") else types.get(column))
                for column in columns[name].split()
            ),
        )
        for name in names
    ]


def _what_holds_now() -> sa.Insert:
    """One statement: the present address of every registration that a mail was sent to."""
    messages, registrations, events, last_told = _tables(
        "messages", "registrations", "events", "last_told"
    )
    sent = (
        sa.select(
            messages.c.registration_id,
            messages.c.to_address,
            sa.func.max(messages.c.sent_at).label("sent_at"),
        )
        .where(
            messages.c.state == "sent",
            messages.c.registration_id.is_not(None),
            messages.c.to_address != "",
        )
        .group_by(messages.c.registration_id, messages.c.to_address)
        .subquery("sent")
    )
    is_off = events.c.status.in_(("postponed", "cancelled"))
    rows = (
        sa.select(
            registrations.c.id,
            registrations.c.email,
            sa.case((is_off, events.c.status), else_="published"),
            events.c.starts_at,
            events.c.ends_at,
            events.c.time_zone,
            events.c.venue_name,
            events.c.venue_address,
            events.c.city,
            events.c.country,
            sa.case((registrations.c.status == "confirmed", events.c.online_url), else_=sa.null()),
            sa.func.coalesce(sent.c.sent_at, events.c.starts_at),
            sa.false(),
        )
        .join_from(sent, registrations, sent.c.registration_id == registrations.c.id)
        .join(events, events.c.id == registrations.c.event_id)
        .where(registrations.c.email == sent.c.to_address, registrations.c.erased_at.is_(None))
    )
    names = (
        "registration_id", "address", "status", "starts_at", "ends_at", "time_zone",
        "venue_name", "venue_address", "city", "country", "online_url", "told_at", "is_doubtful",
    )  # fmt: skip
    return last_told.insert().from_select(list(names), rows)


def _what_was_before(connection: sa.Connection) -> list[dict[str, Any]]:
    """What those still believe whom news has not reached: by the first of it since their last mail.

    The newest message first, so that the oldest has the last word.
    """
    messages, last_told = _tables("messages", "last_told")
    found = connection.execute(
        sa.select(
            messages.c.kind, messages.c.facts, last_told.c.registration_id, last_told.c.address
        )
        .join_from(
            messages,
            last_told,
            sa.and_(
                last_told.c.registration_id == messages.c.registration_id,
                last_told.c.address == messages.c.to_address,
            ),
        )
        .where(
            messages.c.kind.in_(("event_changed", "event_postponed", "event_cancelled")),
            messages.c.state.in_(_NOT_ARRIVED),
            messages.c.created_at > last_told.c.told_at,
        )
        .order_by(messages.c.id.desc())
    )
    return [
        {"of_id": row.registration_id, "of_address": row.address, **_before(row.kind, row.facts)}
        for row in found
    ]


def _before(kind: str, facts: dict[str, Any]) -> dict[str, Any]:
    """What the facts of a message say was before it; the event was on, as far as its reader knew."""
    old = facts.get("old", {}) if kind == "event_changed" else {}
    times = {
        name: datetime.fromisoformat(old[name]).astimezone(UTC)
        for name in ("starts_at", "ends_at")
        if name in old
    }
    return {"status": "published", **times, **{name: old[name] for name in _PLACE if name in old}}


def _alike(rows: list[dict[str, Any]]) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    """The rows by the columns that they correct."""
    found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(tuple(row), []).append(
            {
                name if name.startswith("of_") else f"new_{name}": value
                for name, value in row.items()
            }
        )
    return found


def _correction(columns: tuple[str, ...]) -> sa.Update:
    (last_told,) = _tables("last_told")
    new = {
        name: sa.bindparam(f"new_{name}", type_=last_told.c[name].type)
        for name in columns
        if not name.startswith("of_")
    }
    if "online_url" in new:  # who does not come was never told
        new["online_url"] = sa.case(
            (last_told.c.online_url.is_(None), sa.null()), else_=new["online_url"]
        )
    return (
        sa.update(last_told)
        .where(
            last_told.c.registration_id == sa.bindparam("of_id"),
            last_told.c.address == sa.bindparam("of_address"),
        )
        .values(**new)
    )
