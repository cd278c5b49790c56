"""Writing audit entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import insert

from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import db, table_of
from event_mgmt.core.ids import TokenId, UserId

_WRITE: Final = insert(table_of(AuditEntry))


class ActorKind(StrEnum):
    """Who acts: a user with an account, a participant by a personal link, a program by its token,
    or the system.
    """

    USER = "user"
    PARTICIPANT = "participant"
    TOKEN = "token"  # noqa: S105 - a word, not a password
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """The author of a change. ``user_id`` is empty for participants, the system, and a program
    that acts for an organisation rather than for somebody.
    """

    actor: ActorKind
    user_id: UserId | None = None
    token_id: TokenId | None = None

    @classmethod
    def user(cls, user_id: UserId) -> Actor:
        """A user with an account."""
        return cls(ActorKind.USER, user_id)

    @classmethod
    def token(cls, token_id: TokenId, *, user_id: UserId | None = None) -> Actor:
        """A program, and whom it acts for; None for an organisation."""
        return cls(ActorKind.TOKEN, user_id, token_id)

    @property
    def kind_for_guests(self) -> ActorKind:
        """Who it was as guests are told: a program does what its organiser lets it do."""
        return ActorKind.USER if self.actor is ActorKind.TOKEN else self.actor


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
    changes: Mapping[str, object] | None = None,
) -> None:
    """Write one entry in the running transaction.

    ``changes`` holds ``{field: [old, new]}`` or plain facts; no mail bodies and no secrets. Which
    program acted is one more fact, ``token_id``.
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
        "changes": _with_token(by, changes or {}),
    }
    db.session.execute(_WRITE, entry)


def record_all(
    action: str,
    *,
    by: Actor,
    now: datetime,
    subject: str,
    changes_of: Mapping[int, Mapping[str, object]],
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
            "changes": _with_token(by, changes),
        }
        for subject_id, changes in changes_of.items()
    ]
    if rows:
        db.session.execute(_WRITE, rows)


def _with_token(by: Actor, changes: Mapping[str, object]) -> Mapping[str, object]:
    return changes if by.token_id is None else {**changes, "token_id": by.token_id}
