"""Messages as organisers find them, and what they can do with them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing, Stale
from event_mgmt.mail import queries, service
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.queries import MessageFilter
from tests.mail.samples import NOW, queued, the_message

BY = Actor.user(1)


def _set(message_id: int, **values: object) -> None:
    message = the_message(message_id)
    db.session.rollback()
    db.session.connection(execution_options={"writes": True})
    for name, value in values.items():
        setattr(message, name, value)
    db.session.add(message)
    db.session.commit()


def test_counts_and_pages_keep_to_the_events_in_sight(app: Flask) -> None:
    queued(3, event_id=1)
    queued(2, event_id=2)
    queued(1)
    _set(1, state=MessageState.FAILED)

    assert queries.counts_by_state([1]) == {MessageState.FAILED: 1, MessageState.QUEUED: 2}
    assert queries.messages([2]).total == 2
    assert queries.messages([]).total == 0
    assert queries.message_of(1, [2]) is None
    assert queries.message_of(1, [1]) is not None


def test_events_in_sight_may_be_a_query(app: Flask) -> None:
    queued(2, event_id=4)

    assert queries.messages(select(Message.event_id)).total == 2


def test_messages_are_found_by_state_kind_and_part_of_an_address_or_name(app: Flask) -> None:
    queued(1, event_id=1, to_name="Luka Žagar", to_address="luka@example.org")
    queued(1, event_id=1, to_name="100% Maja", to_address="maja_k@example.org", kind="other")
    _set(2, state=MessageState.SENT)

    def found(**wanted: object) -> list[int]:
        return [row.id for row in queries.messages([1], MessageFilter(**wanted)).rows]

    assert found(text="LUKA") == [1]
    assert found(text="100%") == [2]
    assert found(text="a_k") == [2]
    assert found(text="%") == [2]
    assert found(states=[MessageState.SENT]) == [2]
    assert found(kinds=["sample"]) == [1]
    assert queries.kinds_of([1]) == ["other", "sample"]


def test_pages_follow_each_other_without_gaps(app: Flask) -> None:
    queued(7, event_id=1)

    pages = [queries.messages([1], offset=offset, limit=3) for offset in (0, 3, 6)]

    assert [len(page.rows) for page in pages] == [3, 3, 1]
    assert len({row.id for page in pages for row in page.rows}) == 7


def test_a_failed_message_is_queued_anew_and_the_deed_is_on_record(app: Flask) -> None:
    queued(1, event_id=1)
    _set(1, state=MessageState.FAILED, attempts=9, rested_seconds=90, last_error="no such mailbox")

    service.retry(1, event_id=1, by=BY, now=NOW)

    again = the_message(1)
    assert (again.state, again.due_at) == (MessageState.QUEUED, NOW)
    assert (again.attempts, again.rested_seconds) == (0, 0)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject_id, entry.event_id) == ("message_retried", 1, 1)


def test_retrying_an_uncertain_message_allows_one_more_copy(app: Flask) -> None:
    queued(1, event_id=1)
    _set(1, state=MessageState.UNCERTAIN, copies=2)

    service.retry(1, event_id=1, by=BY, now=NOW)

    assert the_message(1).copies == 1


@pytest.mark.parametrize("verb", [service.retry, service.withdraw])
def test_a_message_of_another_event_does_not_exist(app: Flask, verb) -> None:
    queued(1, event_id=1)

    with pytest.raises(Missing):
        verb(1, event_id=2, by=BY, now=NOW)
    with pytest.raises(Missing):
        verb(77, event_id=1, by=BY, now=NOW)
    assert the_message(1).state is MessageState.QUEUED


def test_only_what_waits_can_be_withdrawn_and_only_what_failed_be_retried(app: Flask) -> None:
    queued(1, event_id=1)
    with pytest.raises(Stale):
        service.retry(1, event_id=1, by=BY, now=NOW)
    service.withdraw(1, event_id=1, by=BY, now=NOW)

    assert the_message(1).state is MessageState.WITHDRAWN
    with pytest.raises(Stale):
        service.withdraw(1, event_id=1, by=BY, now=NOW)
