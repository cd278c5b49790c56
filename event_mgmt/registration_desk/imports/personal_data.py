"""What uploaded lists hold of people: anybody may stand on them, by whatever name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import select

from event_mgmt.audit.service import Actor
from event_mgmt.core.personal_data import Batch, DataSubject, Reach
from event_mgmt.events.models import Event
from event_mgmt.registration_desk.imports import uploads
from event_mgmt.registration_desk.imports.models import FormerUpload, ImportList

TABLES: Final = frozenset({ImportList.__tablename__, FormerUpload.__tablename__})


def erase(subject: DataSubject, reach: Reach, _by: Actor, _now: datetime) -> Mapping[str, int]:
    """Forget the lists that wait to be imported, all in reach.

    Of whom nothing else is known, only lists that hold the address can hold anything.
    """
    if not subject.address:
        return {}
    holding = "" if subject.references else subject.address
    return {"uploads": uploads.erase_all(reach.events, holding=holding)}


def erase_rest(event_id: int, _most: int) -> Batch:
    """Forget the lists that wait to be imported at an event."""
    uploads.erase_all(select(Event.id).where(Event.id == event_id))
    return Batch({})
