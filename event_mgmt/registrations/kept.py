"""Numbers that outlive the people they were counted from."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.dialects import postgresql, sqlite

from event_mgmt.core.database import db
from event_mgmt.registrations.models import Attendee, KeptNumber, Registration
from event_mgmt.registrations.words import Status


def keep_numbers(registration_ids: Sequence[int]) -> None:
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
    rows = [dict(row._mapping) for row in counted]
    if not rows:
        return
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(KeptNumber)
    added = insert.on_conflict_do_update(
        index_elements=["event_id", "pool_id", "status", "country"],
        set_={"people": KeptNumber.people + insert.excluded.people},
    )
    db.session.execute(added, rows)


def countries_of(
    event_id: int, statuses: Collection[Status], *, pools: Select[int] | None = None
) -> dict[str, int]:
    """How many erased people came from which country; of these ``pools`` only (default: all)."""
    wanted = (
        select(KeptNumber.country, func.sum(KeptNumber.people))
        .where(KeptNumber.event_id == event_id, KeptNumber.status.in_(statuses))
        .group_by(KeptNumber.country)
    )
    if pools is not None:
        wanted = wanted.where(KeptNumber.pool_id.in_(pools))
    return {country: int(people) for country, people in db.session.execute(wanted)}
