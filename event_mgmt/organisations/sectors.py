"""Sectors by which guests look for events: add them, rename them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from event_mgmt.audit import differences
from event_mgmt.audit.service import Actor, record
from event_mgmt.core.database import db, transactional
from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Missing
from event_mgmt.organisations import rules
from event_mgmt.organisations.models import SECTOR_CODE_LENGTH, Sector


@transactional
def add(name: Localized, *, by: Actor, now: datetime) -> Sector:
    """Add a sector by which guests look for events."""
    taken = db.session.scalars(select(Sector.code))
    sector = Sector(code=rules.slug_of(name.into("en"), taken, room=SECTOR_CODE_LENGTH), name=name)
    db.session.add(sector)
    db.session.flush()
    facts = {"name": differences.as_json(name)}
    record("sector_added", by=by, now=now, subject="sector", subject_id=sector.id, changes=facts)
    return sector


@transactional
def rename(sector_id: int, name: Localized, *, by: Actor, now: datetime) -> None:
    """Give a sector other names; events and organisations keep it."""
    sector = db.session.get(Sector, sector_id)
    if sector is None:
        raise Missing
    changes = differences.between({"name": sector.name}, {"name": name})
    sector.name = name
    if changes:
        record(
            "sector_renamed",
            by=by,
            now=now,
            subject="sector",
            subject_id=sector_id,
            changes=changes,
        )
