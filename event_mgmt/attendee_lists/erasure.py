"""Taking people out of exports, views and templates: purposes and searches may name somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import Select, delete, select, update

from event_mgmt.attendee_lists.enums import SEARCHES
from event_mgmt.attendee_lists.models import Export, ListTemplate, Saved, SavedView
from event_mgmt.attendee_lists.service import LONGEST_NAME
from event_mgmt.core.database import db

_SAVED: tuple[type[Saved], ...] = (SavedView, ListTemplate)


def reword_exports(
    event_ids: Iterable[int], words: Callable[[dict[str, object]], dict[str, object]]
) -> int:
    """Pass {"purpose", "criteria"} of these events' exports through ``words``; gives how many."""
    found = db.session.execute(
        select(Export.id, Export.purpose, Export.criteria).where(
            Export.event_id.in_(list(event_ids))
        )
    ).all()
    reworded = 0
    for export_id, purpose, criteria in found:
        old: dict[str, object] = {"purpose": purpose, "criteria": criteria}
        if (new := words(old)) != old:
            db.session.execute(
                update(Export).where(Export.id == export_id).values(**new),
                execution_options={"synchronize_session": False},
            )
            reworded += 1
    return reworded


def reword_saved(
    users: Select[int] | None,
    words: Callable[[str], str],
    *,
    is_needed: Callable[[str], bool] = lambda _text: False,
) -> int:
    """Pass views and templates of these users (default: all) through ``words``; gives how many.

    Their names are reworded. What a view looks for is left out where it would change, unless it
    ``is_needed``; a view that looks for nothing any more goes.
    """
    reworded = 0
    for table in _SAVED:
        wanted = select(table) if users is None else select(table).where(table.user_id.in_(users))
        for saved in db.session.scalars(wanted.execution_options(populate_existing=True)).all():
            if isinstance(saved, SavedView):
                _narrow(saved, lambda text: words(text) == text or is_needed(text))
            if (name := words(saved.name)) != saved.name:
                saved.name = _free_name(saved, name)
            reworded += saved in db.session.dirty or saved in db.session.deleted
            db.session.flush()
    return reworded


def _narrow(view: SavedView, may_stay: Callable[[str], bool]) -> None:
    left = {
        name: value
        for name, value in view.criteria.items()
        if name not in SEARCHES or may_stay(value)
    }
    if left == view.criteria:
        return
    view.criteria = left
    if not left.keys() - {"order"}:
        db.session.delete(view)


def _free_name(saved: Saved, name: str) -> str:
    """``name``, with a number where the same person has something of that name already."""
    table = type(saved)
    taken = set(db.session.scalars(select(table.name).where(table.user_id == saved.user_id)))
    numbered = (name[:LONGEST_NAME], *(f"{name[: LONGEST_NAME - 3]} {n}" for n in range(2, 99)))
    return next(each for each in numbered if each not in taken)


def forget_user(user_id: int) -> None:
    """Delete somebody's own saved views and export templates."""
    for table in _SAVED:
        db.session.execute(delete(table).where(table.user_id == user_id))
