"""What lists hold of people: purposes and searches may name somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from event_mgmt.attendee_lists import erasure
from event_mgmt.attendee_lists.enums import SEARCHES
from event_mgmt.attendee_lists.queries import is_anybody_found
from event_mgmt.audit import erasure as audit_erasure
from event_mgmt.audit.service import Actor
from event_mgmt.core.personal_data import Batch, DataSubject, Reach

TABLES: Final = frozenset({"exports", "saved_views", "list_templates"})


def erase(subject: DataSubject, _reach: Reach, _by: Actor, _now: datetime) -> Mapping[str, int]:
    """Delete what somebody whose account goes has saved for themselves."""
    for user_id in subject.ids("user"):
        erasure.forget_user(user_id)
    return {}


def redact(subject: DataSubject, reach: Reach, words: Callable[[object], object]) -> int:
    """Take the subject out of purposes and searches, in the audit log as well.

    Where data go because their time has come, whoever is still known from another event may still
    be looked for.
    """
    saved = (
        erasure.reword_saved(reach.users, words)
        if subject.address
        else erasure.reword_saved(reach.users, words, is_needed=is_anybody_found)
    )
    return _redact_exports(subject.event_ids, words) + saved


def erase_rest(event_id: int, _most: int) -> Batch:
    """Drop what was looked for in an event's exports: it may have been somebody's name."""
    return Batch({"mentions": _redact_exports([event_id], without_searches)})


def _redact_exports(event_ids: Iterable[int], words: Callable[[object], object]) -> int:
    exports = erasure.reword_exports(event_ids, words)
    return exports + audit_erasure.redact(event_ids, ["export"], words)


def without_searches(value: object) -> object:
    """An export's details without what was looked for."""
    match value:
        case dict():
            return {
                key: without_searches(inner) for key, inner in value.items() if key not in SEARCHES
            }
        case _:
            return value
