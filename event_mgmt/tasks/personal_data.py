"""What tasks hold of people: anybody may stand in a result, and arguments may name somebody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from event_mgmt.audit.service import Actor
from event_mgmt.core.personal_data import Batch, DataSubject, Reach
from event_mgmt.tasks import erasure
from event_mgmt.tasks.models import Task

TABLES: Final = frozenset({Task.__tablename__})


def erase(subject: DataSubject, reach: Reach, _by: Actor, now: datetime) -> Mapping[str, int]:
    """End the tasks that may hold the subject, all in reach; those of a closed account go.

    Of whom nothing else is known, only tasks whose arguments hold the address can hold anything.
    """
    if not subject.address:
        return {}
    holding = "" if subject.references else subject.address
    ended = erasure.void(reach.events, holding=holding, now=now)
    own = sum(erasure.forget_user(user_id) for user_id in subject.ids("user"))
    return {"tasks": max(ended, own)}


def erase_of_event(event_id: int, _most: int) -> Batch:
    """Delete an event's tasks: results of a day may hold what goes."""
    return Batch({"tasks": erasure.forget_event(event_id)})
