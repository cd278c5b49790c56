"""What an event offers and asks: its programme and its questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TypeVar

from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing
from event_mgmt.events import refusals, rules, signals
from event_mgmt.events.inputs import ProgrammeItemInput, QuestionInput
from event_mgmt.events.models import Event, ProgrammeItem, Question
from event_mgmt.events.service import question_matching
from event_mgmt.events.service.change_tracking import ChangeContext, check_editable, tracked_change

R = TypeVar("R", ProgrammeItem, Question)


@transactional
def set_programme(
    event_id: int,
    items: Sequence[ProgrammeItemInput],
    *,
    by: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> Event:
    """Make ``items`` the whole programme; items keep their row by ``id``, others go.

    Raises Stale, InvalidTransition, ProgrammeItemEndsBeforeStart, and Missing for an item of
    another event.
    """
    context = ChangeContext(by, now, seen_version)
    with tracked_change(event_id, "event_programme_changed", context) as event:
        check_editable(event)
        rows = {row.id: row for row in event.programme}
        event.programme = [_item_row(rows, item) for item in items]
        db.session.flush()
        event.programme.sort(key=lambda row: (row.starts_at, row.id))
    return event


def _item_row(rows: dict[int, ProgrammeItem], item: ProgrammeItemInput) -> ProgrammeItem:
    if item.ends_at is not None and item.ends_at < item.starts_at:
        raise refusals.ProgrammeItemEndsBeforeStart
    row = _row_of(rows, item.id, ProgrammeItem)
    row.starts_at, row.ends_at = item.starts_at, item.ends_at
    row.title, row.description = item.title, item.description
    row.place = item.place
    row.speakers = [asdict(speaker) for speaker in item.speakers]
    return row


def _row_of(rows: dict[int, R], row_id: int | None, kind: type[R]) -> R:
    if row_id is None:
        return kind()
    if row_id not in rows:
        raise Missing
    return rows[row_id]


@transactional
def set_questions(
    event_id: int,
    asks: Sequence[QuestionInput],
    *,
    by: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> Event:
    """Make ``asks`` the questions, in this order.

    A question left out is deleted from a draft and retired from an event that was ever online,
    because somebody may have answered it. A changed wording raises the question's revision. One
    that becomes sensitive takes the answers given so far with it. One that was retired and is asked
    again in the same words is the same, and so is an option: what was answered before counts again.
    Raises Stale, InvalidTransition, OptionsMissing, UnknownCondition, SensitivityIsFinal, and
    Missing for a foreign question.
    """
    context = ChangeContext(by, now, seen_version)
    rules.check_questions((ask.ref, ask.kind, ask.options, ask.shown_if) for ask in asks)
    with tracked_change(event_id, "event_questions_changed", context) as event:
        check_editable(event)
        by_number = {ask.id for ask in asks}
        asks = question_matching.match_former_questions(event.questions, asks)
        back = {ask.id for ask in asks} - by_number
        live = {row.id: row for row in event.questions if not row.retired_at or row.id in back}
        hidden = _made_sensitive(event, live, asks)
        current = [_question_row(event, live, ask, n) for n, ask in enumerate(asks)]
        db.session.flush()
        _link_conditions(current, asks)
        _give_up(event, [row for row in live.values() if row not in current], now=now)
        if hidden:
            signals.made_sensitive.send(None, event=event, question_ids=hidden, by=by, now=now)
    return event


def _made_sensitive(
    event: Event, live: dict[int, Question], asks: Sequence[QuestionInput]
) -> list[int]:
    """Which questions become sensitive; SensitivityIsFinal for one that guests were told is."""
    hidden = []
    for ask in asks:
        row = live.get(ask.id or 0)
        if row is None or row.is_sensitive == ask.is_sensitive:
            continue
        if ask.is_sensitive:
            hidden.append(row.id)
        elif event.published_at is not None:
            raise refusals.SensitivityIsFinal(field=ask.ref)
    return hidden


def _question_row(
    event: Event, live: dict[int, Question], ask: QuestionInput, position: int
) -> Question:
    row: Question = _row_of(live, ask.id, Question)
    options = [{"key": key, "label": label.as_dict()} for key, label in ask.options.items()]
    wording = (ask.kind, ask.label, ask.help, options)
    if ask.id is None:
        event.questions.append(row)
    elif (row.kind, row.label, row.help, row.options) != wording:
        row.revision += 1
        if event.published_at is not None:  # somebody may have chosen what is offered no more
            every = [*row.retired_options, *row.options]
            row.retired_options = [o for o in every if str(o["key"]) not in ask.options]
    row.position, row.retired_at = position, None
    row.kind, row.label, row.help, row.options = wording
    row.is_required, row.is_sensitive = ask.is_required, ask.is_sensitive
    row.asks_companions = ask.asks_companions
    return row


def _link_conditions(rows: Sequence[Question], asks: Sequence[QuestionInput]) -> None:
    ids = {ask.ref: row.id for ask, row in zip(asks, rows, strict=True)}
    for ask, row in zip(asks, rows, strict=True):
        ref, answer = ask.shown_if or (None, "")
        row.shown_if_question = ids[ref] if ref is not None else None
        row.shown_if_value = answer


def _give_up(event: Event, rows: Sequence[Question], *, now: datetime) -> None:
    for row in rows:
        row.shown_if_question, row.shown_if_value = None, ""
    db.session.flush()
    for row in rows:
        if event.published_at is None:
            event.questions.remove(row)
        else:
            row.retired_at = now
