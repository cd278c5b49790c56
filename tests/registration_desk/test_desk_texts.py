"""The registration desk's sentences about who did what."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from event_mgmt.audit.service import ActorKind
from event_mgmt.registration_desk import desk_texts
from event_mgmt.registration_desk.queries import HistoryEntry

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def an_entry(actor: str, *, who: str = "", action: str = "registration.changed") -> HistoryEntry:
    return HistoryEntry(NOW, action, actor, who, {"fields": ["locale"]})


@pytest.mark.parametrize(
    ("actor", "who", "words"),
    [
        (ActorKind.PARTICIPANT, "", "by the guest"),
        (ActorKind.SYSTEM, "", "by the system"),
        (ActorKind.USER, "Maja Kovač", "by Maja Kovač"),
        (ActorKind.USER, "", "by a former colleague"),
        (ActorKind.TOKEN, "Maja Kovač", "by Maja Kovač"),
        (ActorKind.TOKEN, "", "by the system"),
    ],
)
def test_the_history_names_who_acted(sqlite_app: Flask, actor: str, who: str, words: str) -> None:
    with sqlite_app.test_request_context("/?lang=en"):
        assert desk_texts.actor(an_entry(actor, who=who)) == words


@pytest.mark.parametrize("decider", [ActorKind.USER, ActorKind.TOKEN])
def test_what_a_guest_changed_counts_since_a_person_or_a_program_decided(
    sqlite_app: Flask, decider: str
) -> None:
    change = an_entry(ActorKind.PARTICIPANT)
    decision = an_entry(decider, action="registration.confirmed")

    with sqlite_app.test_request_context("/?lang=en"):
        assert desk_texts.changed_since_decision([change, decision])
        assert not desk_texts.changed_since_decision([decision, change])
