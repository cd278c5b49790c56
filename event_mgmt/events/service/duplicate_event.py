"""Duplicating an event: what a copy has of each field, fields.py says (CopyRule)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import select

from event_mgmt.audit.service import Actor, record
from event_mgmt.core.database import db, transactional
from event_mgmt.events import rules, signals
from event_mgmt.events.enums import EventStatus, PartnerStatus
from event_mgmt.events.fields import CopyRule, copied_fields
from event_mgmt.events.models import Event, Partner, ProgrammeItem, Question, SeatPool
from event_mgmt.events.service.change_tracking import lock_event, search_text_of
from event_mgmt.events.service.partners import invite_all

_ITEM: Final = ("title", "description", "place")
_QUESTION: Final = (
    "position",
    "kind",
    "label",
    "help",
    "options",
    "is_required",
    "is_sensitive",
    "asks_companions",
    "shown_if_value",
)


@transactional
def duplicate(
    event_id: int,
    *,
    starts_at: datetime,
    with_partners: bool,
    nonce: str,
    by: Actor,
    now: datetime,
) -> Event:
    """A draft like the event, beginning at ``starts_at``: texts, programme, questions and seats.

    Everything keeps its distance from the start, by the wall clock. Co-hosts are invited anew, or
    their seats go to all. The same ``nonce`` gives the copy that it made before.
    """
    known = db.session.scalars(select(Event).where(Event.nonce == nonce)).one_or_none()
    if known is not None:
        return known
    source = lock_event(event_id)
    shift = rules.DateShift(source.starts_at, source.time_zone, starts_at, source.time_zone)
    copy = _copy(source, shift, nonce=nonce, by=by, now=now)
    _copy_seats(source, copy, with_partners=with_partners)
    _copy_questions(source, copy)
    copy.search_text = search_text_of(copy)
    db.session.flush()
    record(
        "event_duplicated",
        by=by,
        now=now,
        subject="event",
        subject_id=copy.id,
        event_id=copy.id,
        organisation_id=copy.host_id,
        changes={"source": source.id},
    )
    invite_all(copy, now=now)
    signals.duplicated.send(None, event=copy, source=source, by=by, now=now)
    return copy


def _copy(source: Event, shift: rules.DateShift, *, nonce: str, by: Actor, now: datetime) -> Event:
    wanted = rules.slug_of(source.title)
    taken = db.session.scalars(select(Event.slug).where(Event.slug.startswith(wanted)))
    copy = Event(
        **{name: _own(getattr(source, name)) for name in copied_fields(CopyRule.SAME)},
        **{name: shift.of_any(getattr(source, name)) for name in copied_fields(CopyRule.SHIFTED)},
        slug=rules.free_slug(wanted, set(taken), year=shift.new_start.year),
        host=source.host,
        status=EventStatus.DRAFT,
        nonce=nonce,
        version=1,
        revision=0,
        created_at=now,
        created_by=by.user_id,
        changed_at=now,
    )
    copy.programme = [
        ProgrammeItem(
            **{name: getattr(item, name) for name in _ITEM},
            starts_at=shift.of(item.starts_at),
            ends_at=shift.of_any(item.ends_at),
            speakers=[dict(speaker) for speaker in item.speakers],
        )
        for item in source.programme
    ]
    db.session.add(copy)
    db.session.flush()
    return copy


def _own(value: object) -> object:
    """A list that is the copy's own; everything else is a value."""
    return list(value) if isinstance(value, list) else value


def _copy_seats(source: Event, copy: Event, *, with_partners: bool) -> None:
    if with_partners:
        copy.partners = [
            Partner(
                organisation_id=partner.organisation_id,
                status=PartnerStatus.INVITED,
                attendee_access=partner.attendee_access,
            )
            for partner in source.partners
            if partner.status is not PartnerStatus.DECLINED
        ]
    invited = {partner.organisation_id for partner in copy.partners}
    seats = {pool.organisation_id: pool.capacity for pool in source.pools}
    own = {who: number for who, number in seats.items() if who in invited and number}
    copy.pools = [SeatPool(capacity=sum(seats.values()) - sum(own.values()), taken=0)]
    copy.pools += [
        SeatPool(organisation_id=who, capacity=number, taken=0) for who, number in own.items()
    ]


def _copy_questions(source: Event, copy: Event) -> None:
    asked = [question for question in source.questions if question.retired_at is None]
    new = {
        question.id: Question(**{name: getattr(question, name) for name in _QUESTION})
        for question in asked
    }
    copy.questions = list(new.values())
    db.session.flush()
    for question in asked:
        if question.shown_if_question is not None:
            new[question.id].shown_if_question = new[question.shown_if_question].id
