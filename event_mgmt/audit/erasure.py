"""Taking the people out of the history; who did what, and when, stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from sqlalchemy import ColumnElement, and_, select, update

from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import db

_OF_A_USER: Final = frozenset({"name", "email"})


Details = dict[str, object]
"""What an entry says besides who did what, and when."""


def redact(
    event_ids: Iterable[int], subjects: Iterable[str], words: Callable[[Details], Details]
) -> int:
    """Pass the details of entries about ``subjects`` at these events through ``words``.

    Gives how many entries changed.
    """
    return _rewrite(
        and_(AuditEntry.event_id.in_(list(event_ids)), AuditEntry.subject.in_(list(subjects))),
        words,
    )


def forget_user(user_id: int) -> int:
    """Leave out a user's name and address from what was done to their account."""

    def nameless(changes: Details) -> Details:
        return {name: value for name, value in changes.items() if name not in _OF_A_USER}

    about = and_(AuditEntry.subject == "user", AuditEntry.subject_id == user_id)
    return _rewrite(about, nameless)


def _rewrite(which: ColumnElement[bool], words: Callable[[Details], Details]) -> int:
    found = db.session.execute(select(AuditEntry.id, AuditEntry.changes).where(which)).all()
    rewritten = 0
    for entry_id, changes in found:
        if (reworded := words(changes)) != changes:
            db.session.execute(
                update(AuditEntry).where(AuditEntry.id == entry_id).values(changes=reworded),
                execution_options={"synchronize_session": False},
            )
            rewritten += 1
    return rewritten
