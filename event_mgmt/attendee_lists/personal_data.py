"""What lists hold of people: purposes and searches may name somebody."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from event_mgmt.accounts import queries as accounts
from event_mgmt.attendee_lists import erasure
from event_mgmt.attendee_lists.enums import SEARCHES
from event_mgmt.attendee_lists.models import Export
from event_mgmt.attendee_lists.queries import is_anybody_found
from event_mgmt.audit import erasure as audit_erasure
from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db
from event_mgmt.core.personal_data import Batch, DataSubject, Reach, Redact

TABLES: Final = frozenset({"exports", "saved_views", "list_templates"})

_TYPED: Final = SEARCHES | {"purpose"}

_Details = dict[str, object]
"""What is written down of an export: its purpose, criteria, columns and numbers."""


def erase(subject: DataSubject, _reach: Reach, _by: Actor, _now: datetime) -> Mapping[str, int]:
    """Delete what somebody whose account goes has saved for themselves."""
    for user_id in subject.ids("user"):
        erasure.forget_user(user_id)
    return {}


def redact(subject: DataSubject, reach: Reach, redacted: Redact) -> int:
    """Take the subject out of purposes and searches, in the audit log as well.

    Where data go because their time has come, whoever is still known from another event may still
    be looked for.
    """
    users = None if reach.host_ids is None else accounts.ids_of_members(reach.host_ids)
    saved = (
        erasure.reword_saved(users, redacted)
        if subject.address
        else erasure.reword_saved(users, redacted, is_needed=is_anybody_found)
    )
    exports = _reword_exports(
        subject.event_ids, lambda details: redacted_details(details, redacted)
    )
    return exports + saved


def erase_rest(event_id: int, _most: int) -> Batch:
    """Drop what was looked for in an event's exports: it may have been somebody's name."""
    return Batch({"mentions": _reword_exports([event_id], without_searches)})


def _reword_exports(event_ids: Iterable[int], words: Callable[[_Details], _Details]) -> int:
    exports = erasure.reword_exports(event_ids, words)
    return exports + audit_erasure.redact(event_ids, ["export"], words)


def redacted_details(details: _Details, redacted: Redact) -> _Details:
    """An export's details with ``redacted`` for what staff typed among them.

    The rest are words and codes of ours: somebody called Si or De takes neither a country nor a
    column with them.
    """
    return {
        name: redacted_details(value, redacted)
        if isinstance(value, dict)
        else redacted(value)
        if name in _TYPED and isinstance(value, str)
        else value
        for name, value in details.items()
    }


def without_searches(details: _Details) -> _Details:
    """An export's details without what was looked for."""
    return {
        name: without_searches(value) if isinstance(value, dict) else value
        for name, value in details.items()
        if name not in SEARCHES
    }


def count_holdings(event_ids: Collection[int]) -> Mapping[str, Mapping[int, int]]:
    """How many exports were taken of each of these events."""
    counted = (
        select(Export.event_id, func.count())
        .where(Export.event_id.in_(event_ids))
        .group_by(Export.event_id)
    )
    return {"exports": dict(db.session.execute(counted).all())}
