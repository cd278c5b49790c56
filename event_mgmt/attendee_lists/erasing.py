"""Taking the people out of what is kept about lists: purposes and searches may name somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Select, delete, select, update

from event_mgmt.attendee_lists.models import Export, ListTemplate, SavedView
from event_mgmt.core.database import db


def reword_exports(event_ids: Iterable[int], words: Callable[[Any], Any]) -> int:
    """Pass purposes and criteria of these events' exports through ``words``; gives how many."""
    found = db.session.execute(
        select(Export.id, Export.purpose, Export.criteria).where(
            Export.event_id.in_(list(event_ids))
        )
    ).all()
    reworded = 0
    for export_id, purpose, criteria in found:
        new = {"purpose": words(purpose), "criteria": words(criteria)}
        if new != {"purpose": purpose, "criteria": criteria}:
            db.session.execute(
                update(Export).where(Export.id == export_id).values(**new),
                execution_options={"synchronize_session": False},
            )
            reworded += 1
    return reworded


def reword_views(users: Select[Any] | None, words: Callable[[Any], Any]) -> int:
    """Drop the search from saved views (of these users; default: all) that ``words`` changes."""
    wanted = select(SavedView.id, SavedView.criteria)
    if users is not None:
        wanted = wanted.where(SavedView.user_id.in_(users))
    reworded = 0
    for view_id, criteria in db.session.execute(wanted).all():
        kept = {name: value for name, value in criteria.items() if words(value) == value}
        if kept != criteria:
            db.session.execute(
                update(SavedView).where(SavedView.id == view_id).values(criteria=kept),
                execution_options={"synchronize_session": False},
            )
            reworded += 1
    return reworded


def forget_user(user_id: int) -> None:
    """Delete somebody's own saved views and export templates."""
    for table in (SavedView, ListTemplate):
        db.session.execute(delete(table).where(table.user_id == user_id))
