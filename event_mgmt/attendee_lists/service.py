"""What people keep for themselves, and the record of what they took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeVar

from sqlalchemy import delete, func, select

from event_mgmt.attendee_lists.criteria import ListCriteria, SortOrder
from event_mgmt.attendee_lists.models import Export, ListTemplate, Saved, SavedView
from event_mgmt.attendee_lists.refusals import SavedNameMissing, TooManySaved
from event_mgmt.audit import service as audit
from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing

LONGEST_NAME: Final = 80
MOST_SAVED: Final = 50

S = TypeVar("S", bound=Saved)


@transactional
def save_view(user_id: int, name: str, criteria: ListCriteria, order: SortOrder) -> SavedView:
    """Keep a filter and an order under ``name``; one of the same name is replaced.

    Raises SavedNameMissing or TooManySaved.
    """
    view = _find_saved(SavedView, user_id, name)
    view.criteria = {**criteria.as_dict(), "order": order.value}
    db.session.add(view)
    db.session.flush()
    return view


@transactional
def save_template(
    user_id: int, name: str, columns: Sequence[str], order: SortOrder
) -> ListTemplate:
    """Keep columns and an order under ``name``; one of the same name is replaced.

    Raises SavedNameMissing or TooManySaved.
    """
    template = _find_saved(ListTemplate, user_id, name)
    template.columns = list(columns)
    template.order = order.value
    db.session.add(template)
    db.session.flush()
    return template


def _find_saved(table: type[S], user_id: int, name: str) -> S:
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name:
        raise SavedNameMissing
    own = select(table).where(table.user_id == user_id, table.name == name)
    found = db.session.scalars(own).one_or_none()
    if found is not None:
        return found
    count = select(func.count()).select_from(table).where(table.user_id == user_id)
    if db.session.execute(count).scalar_one() >= MOST_SAVED:
        raise TooManySaved
    return table(user_id=user_id, name=name)


@transactional
def delete_view(user_id: int, view_id: int) -> None:
    """Forget a person's own saved view; Missing when it is somebody else's."""
    _forget(SavedView, user_id, view_id)


@transactional
def delete_template(user_id: int, template_id: int) -> None:
    """Forget a person's own export template; Missing when it is somebody else's."""
    _forget(ListTemplate, user_id, template_id)


def _forget(table: type[Saved], user_id: int, row_id: int) -> None:
    gone = delete(table).where(table.id == row_id, table.user_id == user_id).returning(table.id)
    if db.session.execute(gone).one_or_none() is None:
        raise Missing


@transactional
def record_export(export: Export, *, organisation_id: int, by: Actor, now: datetime) -> int:
    """Write who took what, how many, why, and the file's hash; gives the id of the record.

    Called before the first byte of the file leaves the house.
    """
    db.session.add(export)
    db.session.flush()
    audit.record(
        "attendees.exported",
        by=by,
        now=now,
        subject="export",
        subject_id=export.id,
        event_id=export.event_id,
        organisation_id=organisation_id,
        changes={
            "format": export.format,
            "purpose": export.purpose,
            "criteria": export.criteria,
            "columns": export.columns,
            "rows": export.row_count,
            "sha256": export.sha256,
        },
    )
    return export.id
