"""Writing audit entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import insert

from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import db, table_of

_WRITE: Final = insert(table_of(AuditEntry))


class ActorKind(StrEnum):
    """Who acts: a user with an account, a participant by a personal link, or the system."""

    USER = "user"
    PARTICIPANT = "participant"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """The author of a change."""

    actor: ActorKind
    user_id: int | None = None

    @classmethod
    def user(cls, user_id: int) -> Actor:
        """A user with an account."""
        return cls(ActorKind.USER, user_id)


PARTICIPANT = Actor(ActorKind.PARTICIPANT)
SYSTEM = Actor(ActorKind.SYSTEM)


def record(
    action: str,
    *,
    by: Actor,
    now: datetime,
    subject: str,
    subject_id: int | None = None,
    event_id: int | None = None,
    organisation_id: int | None = None,
    changes: dict[str, Any] | None = None,
) -> None:
    """Write one entry in the running transaction.

    ``changes`` holds ``{field: [old, new]}`` or plain facts; no mail bodies and no secrets.
    """
    entry = {
        "at": now,
        "user_id": by.user_id,
        "actor": by.actor,
        "action": action,
        "organisation_id": organisation_id,
        "event_id": event_id,
        "subject": subject,
        "subject_id": subject_id,
        "changes": changes or {},
    }
    db.session.execute(_WRITE, entry)


def record_all(
    action: str,
    *,
    by: Actor,
    now: datetime,
    subject: str,
    changes_of: Mapping[int, dict[str, Any]],
    event_id: int | None = None,
) -> None:
    """Write the same action on many subjects, with the changes of each by its id."""
    rows = [
        {
            "at": now,
            "user_id": by.user_id,
            "actor": by.actor,
            "action": action,
            "event_id": event_id,
            "subject": subject,
            "subject_id": subject_id,
            "changes": changes,
        }
        for subject_id, changes in changes_of.items()
    ]
    if rows:
        db.session.execute(_WRITE, rows)
