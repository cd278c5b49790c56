"""Numbers that outlive the people they were counted from."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.dialects import postgresql, sqlite

from event_mgmt.core.database import db
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.models import AnonymousCount, Attendee, Registration


def count_before_erasure(registration_ids: Sequence[int]) -> None:
    """Count whoever is about to be erased in the running transaction, each person once."""
    groups = (
        Registration.event_id,
        Registration.pool_id,
        Registration.status,
        Attendee.country,
    )
    counted = db.session.execute(
        select(*groups, func.count().label("people"))
        .join(Attendee, Attendee.registration_id == Registration.id)
        .where(Registration.id.in_(registration_ids), Registration.erased_at.is_(None))
        .group_by(*groups)
    )
    rows = [dict(row) for row in counted.mappings()]
    if not rows:
        return
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(AnonymousCount)
    added = insert.on_conflict_do_update(
        index_elements=["event_id", "pool_id", "status", "country"],
        set_={"people": AnonymousCount.people + insert.excluded.people},
    )
    db.session.execute(added, rows)


def erased_by_country(
    event_id: int, statuses: Collection[Status], *, pools: Select[int] | None = None
) -> dict[str, int]:
    """How many erased people came from which country; of these ``pools`` only (default: all)."""
    wanted = (
        select(AnonymousCount.country, func.sum(AnonymousCount.people))
        .where(AnonymousCount.event_id == event_id, AnonymousCount.status.in_(statuses))
        .group_by(AnonymousCount.country)
    )
    if pools is not None:
        wanted = wanted.where(AnonymousCount.pool_id.in_(pools))
    return {country: int(people) for country, people in db.session.execute(wanted)}
