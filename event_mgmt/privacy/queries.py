"""Reading what is kept of events, and what has gone. ``host_ids`` bounds it to their events."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.privacy import erasure, ledger, rules
from event_mgmt.privacy.enums import RetentionKind
from event_mgmt.privacy.models import Erasure, RetentionRecord

PAGE_SIZE: Final = 30
_EVENTS_AT_ONCE: Final = 500


@dataclass(frozen=True)
class DataHolding:
    """What is kept of one event at present, until when, and what has gone already.

    ``counts`` are those of the rooms, by kind of data.
    """

    event: Event
    counts: Mapping[str, int] = field(default_factory=dict)
    gone: Mapping[RetentionKind, RetentionRecord] = field(default_factory=dict)

    @property
    def rule(self) -> rules.Rule:
        """The event's own rule."""
        event = self.event
        return rules.Rule(
            event.ends_at, event.time_zone, event.sensitive_days, event.retention_months
        )

    @property
    def sensitive_go_at(self) -> datetime:
        """When its sensitive answers go."""
        return self.rule.goes_at(RetentionKind.SENSITIVE)

    @property
    def personal_go_at(self) -> datetime:
        """When names, addresses and mails go."""
        return self.rule.goes_at(RetentionKind.PERSONAL)

    @property
    def went(self) -> RetentionRecord | None:
        """The record of personal data that have gone, once all of them have."""
        record = self.gone.get(RetentionKind.PERSONAL)
        return record if record and record.completed_at and record.counts else None


def holdings(events: Sequence[Event]) -> list[DataHolding]:
    """What is kept of each of these events; as many statements for many as for one."""
    ids = [event.id for event in events]
    counted: dict[str, Mapping[int, int]] = {}
    for data in erasure.declared():
        if data.count_holdings:
            counted.update(data.count_holdings(ids))
    gone: dict[int, dict[RetentionKind, RetentionRecord]] = {}
    for record in db.session.scalars(
        select(RetentionRecord).where(RetentionRecord.event_id.in_(ids))
    ):
        gone.setdefault(record.event_id, {})[record.kind] = record
    return [
        DataHolding(
            event=event,
            counts={kind: by_event.get(event.id, 0) for kind, by_event in counted.items()},
            gone=gone.get(event.id, {}),
        )
        for event in events
    ]


def holdings_of(event_ids: Iterable[int]) -> list[DataHolding]:
    """What is kept of the events with these ids, a few hundred at once."""
    wanted, found = sorted(set(event_ids)), []
    for start in range(0, len(wanted), _EVENTS_AT_ONCE):
        ids = wanted[start : start + _EVENTS_AT_ONCE]
        found += holdings(db.session.scalars(select(Event).where(Event.id.in_(ids))).all())
    return found


@dataclass(frozen=True)
class Overview:
    """One page of events with what is kept of them, and how many there are in all."""

    holdings: list[DataHolding]
    total: int


def overview(*, host_ids: Collection[int] | None, number: int = 1) -> Overview:
    """The events in reach, the latest first; of all organisations where ``host_ids`` is None."""
    within = [] if host_ids is None else [Event.host_id.in_(host_ids)]
    total = db.session.execute(select(func.count()).select_from(Event).where(*within)).scalar_one()
    events = db.session.scalars(
        select(Event)
        .where(*within)
        .options(joinedload(Event.host))
        .order_by(Event.ends_at.desc(), Event.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return Overview(holdings(events), total)


def events_by_id(ids: Collection[int]) -> dict[int, Event]:
    """Events with their hosts, by id."""
    found = db.session.scalars(
        select(Event).where(Event.id.in_(ids)).options(joinedload(Event.host)).order_by(Event.id)
    )
    return {event.id: event for event in found}


def erasure_times(address: str, *, host_ids: Collection[int] | None) -> list[datetime]:
    """When ``address`` was erased, as far as that is in reach."""
    reach: ColumnElement[bool] = Erasure.host_id.is_(None)
    if host_ids is not None:
        reach = or_(reach, Erasure.host_id.in_(host_ids))
    return list(
        db.session.scalars(
            select(Erasure.erased_at)
            .where(Erasure.address_digest == ledger.digest(address), reach)
            .order_by(Erasure.erased_at)
        )
    )


def erasures(*, host_ids: Collection[int] | None, most: int = 20) -> Sequence[Erasure]:
    """The latest entries of the ledger in reach."""
    wanted = select(Erasure).order_by(Erasure.erased_at.desc(), Erasure.id.desc()).limit(most)
    if host_ids is not None:
        wanted = wanted.where(Erasure.host_id.in_(host_ids))
    return db.session.scalars(wanted).all()
