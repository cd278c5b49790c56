"""An event as its guests' pages show it: with hosts, contingents and questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import defer, joinedload

from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event, Partner, Question, SeatPool
from event_mgmt.events.queries import active_questions
from event_mgmt.organisations.models import Organisation


@dataclass(frozen=True)
class RegistrableEvent:
    """An event as somebody registers for it: with hosts, pools and questions."""

    event: Event
    questions: Sequence[Question]


_OFFER: Final = (
    select(
        Event,
        exists()
        .where(Question.event_id == Event.id, Question.retired_at.is_(None))
        .correlate(Event)
        .label("asks"),
    )
    .where(
        Event.id == bindparam("event_id"),
        Event.published_at.is_not(None),
        Event.status != EventStatus.DRAFT,
    )
    .options(
        defer(Event.description),
        defer(Event.search_text),
        joinedload(Event.host).defer(Organisation.about),
        joinedload(Event.partners).joinedload(Partner.organisation).defer(Organisation.about),
        joinedload(Event.pools).joinedload(SeatPool.organisation).defer(Organisation.about),
    )
)


def registrable_event(event_id: int) -> RegistrableEvent:
    """A published event by its id; Missing where there is none. One or two statements."""
    row = db.session.execute(_OFFER, {"event_id": event_id}).unique().one_or_none()
    if row is None:
        raise Missing
    return RegistrableEvent(row.Event, active_questions(event_id) if row.asks else ())


def detached_questions(event_id: int) -> Sequence[Question]:
    """The questions of an event, in no session: good for as long as its version stands."""
    questions = active_questions(event_id)
    for question in questions:
        db.session.expunge(question)
    return questions
