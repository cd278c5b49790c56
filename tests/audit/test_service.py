"""Who an audit entry says has acted."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from event_mgmt.audit import service as audit
from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import PARTICIPANT, SYSTEM, Actor, ActorKind
from event_mgmt.core.database import db, transactional
from event_mgmt.core.ids import TokenId, UserId

USER, TOKEN = UserId(3), TokenId(7)


@transactional
def record_both(by: Actor, now: datetime) -> None:
    audit.record("thing.done", by=by, now=now, subject="thing", changes={"seats": [1, 2]})
    audit.record_all("thing.done", by=by, now=now, subject="thing", changes_of={5: {"seats": 3}})


@pytest.mark.parametrize(
    ("by", "stored"),
    [
        (Actor.user(USER), ("user", USER)),
        (PARTICIPANT, ("participant", None)),
        (SYSTEM, ("system", None)),
        (Actor.token(TOKEN, user_id=USER), ("token", USER)),
        (Actor.token(TOKEN), ("token", None)),
    ],
)
def test_each_sort_of_actor_is_stored_as_its_word(
    app: Flask, now: datetime, by: Actor, stored: tuple[str, int | None]
) -> None:
    record_both(by, now)

    entries = db.session.scalars(select(AuditEntry)).all()
    token = {} if by.token_id is None else {"token_id": TOKEN}
    assert [(entry.actor, entry.user_id) for entry in entries] == [stored, stored]
    assert [entry.changes for entry in entries] == [
        {"seats": [1, 2], **token},
        {"seats": 3, **token},
    ]


def test_to_guests_a_program_is_the_organiser_and_everybody_else_who_they_are() -> None:
    told = {kind: Actor(kind).kind_for_guests for kind in ActorKind}

    assert told == {
        ActorKind.USER: ActorKind.USER,
        ActorKind.PARTICIPANT: ActorKind.PARTICIPANT,
        ActorKind.TOKEN: ActorKind.USER,
        ActorKind.SYSTEM: ActorKind.SYSTEM,
    }
