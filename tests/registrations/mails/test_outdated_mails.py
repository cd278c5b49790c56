"""What happens while a worker has letters in its hands keeps the untrue ones from going out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from event_mgmt.audit.service import SYSTEM
from event_mgmt.core.database import db, transactional
from event_mgmt.core.localized import Localized
from event_mgmt.events import service as events
from event_mgmt.mail import freshness, outbox, outbox_hold, service as mail
from event_mgmt.mail.delivery import Deliverer
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.outbox import MessageDraft
from event_mgmt.privacy import service as privacy
from event_mgmt.registration_desk import commands as desk
from event_mgmt.registrations import commands
from event_mgmt.registrations.models import Registration
from tests.builders import NOW, a_registration, an_event
from tests.mail.relay import Conversation, Relay

GUESTS = 6


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def _a_look_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness, "MAX_AGE_SECONDS", 0.0)


@pytest.fixture
def relay() -> Iterator[Relay]:
    with Relay() as relay:
        yield relay


@transactional
def _queue_confirmations(event_id: int) -> None:
    for registration in db.session.scalars(select(Registration).order_by(Registration.id)):
        outbox.enqueue(
            MessageDraft(
                key=f"confirmed:{registration.id}",
                kind="registration_confirmed",
                to_address=registration.email,
                to_name="Luka Žagar",
                locale="de",
                event_id=event_id,
                registration_id=registration.id,
            ),
            now=NOW,
        )


def _while_the_first_is_taken(
    app: Flask, relay: Relay, happens: Callable[[], object], *, rounds: int = 1
) -> None:
    """Deliver one batch; ``happens`` while the relay is taking the first of it."""
    done: list[bool] = []

    def says(step: str, _conversation: Conversation) -> object:
        if step == "dot" and not done:
            done.append(True)
            with app.app_context():
                happens()
                db.session.remove()
        return ...

    relay.says = says
    deliverer = Deliverer(relay.transport())
    for _ in range(rounds):
        deliverer.deliver_due(NOW)
    deliverer.rest()


def _guests() -> tuple[int, list[int], list[str]]:
    event = an_event()
    guests = [a_registration(event) for _ in range(GUESTS)]
    found = event.id, [guest.id for guest in guests], [guest.email for guest in guests]
    _queue_confirmations(event.id)
    return found


def _received(relay: Relay) -> list[str]:
    return [letter.recipient for letter in relay.received]


def _states() -> list[MessageState]:
    db.session.rollback()
    return list(db.session.scalars(select(Message.state).order_by(Message.id).limit(GUESTS)))


def test_nobody_is_confirmed_for_an_event_that_has_just_been_cancelled(
    app: Flask, relay: Relay
) -> None:
    event_id, _ids, emails = _guests()

    _while_the_first_is_taken(
        app, relay, lambda: events.cancel(event_id, reason=Localized(), by=SYSTEM, now=NOW)
    )

    subjects = [letter.content.partition(b"Subject: ")[2][:60] for letter in relay.received]
    assert _received(relay)[0] == emails[0]
    assert sum(b"Sie sind angemeldet" in subject for subject in subjects) <= 1
    assert _states() == [MessageState.SENT, *[MessageState.SKIPPED] * (GUESTS - 1)]


def test_who_calls_off_is_not_confirmed_and_all_others_are(app: Flask, relay: Relay) -> None:
    _event_id, ids, emails = _guests()

    _while_the_first_is_taken(app, relay, lambda: commands.cancel(ids[2], by=SYSTEM, now=NOW))

    states = _states()
    assert states.pop(2) is MessageState.WITHDRAWN
    assert set(states) == {MessageState.SENT}
    assert _received(relay).count(emails[3]) == 1


def test_a_corrected_address_gets_the_letter_and_the_former_one_does_not(
    app: Flask, relay: Relay
) -> None:
    _event_id, ids, emails = _guests()

    _while_the_first_is_taken(
        app,
        relay,
        lambda: desk.correct_address(ids[2], "right@example.org", by=SYSTEM, now=NOW),
    )

    assert "right@example.org" in _received(relay)
    former = [letter for letter in relay.received if letter.recipient == emails[2]]
    assert all(b"Subject: Sie sind angemeldet" not in letter.content for letter in former)


def test_who_is_erased_is_written_to_no_more(app: Flask, relay: Relay) -> None:
    _event_id, _ids, emails = _guests()

    _while_the_first_is_taken(
        app, relay, lambda: privacy.erase_person(emails[2], by=SYSTEM, now=NOW)
    )

    assert emails[2] not in _received(relay)
    assert _received(relay).count(emails[5]) == 1


def test_a_held_outbox_holds_what_a_worker_has_already_taken(app: Flask, relay: Relay) -> None:
    _guests()

    _while_the_first_is_taken(app, relay, lambda: outbox_hold.hold(reason="", by=SYSTEM, now=NOW))

    assert len(relay.received) == 1
    assert _states() == [MessageState.SENT, *[MessageState.QUEUED] * (GUESTS - 1)]
    held = db.session.execute(select(Message.attempts, Message.copies).offset(1)).all()
    assert {tuple(row) for row in held} == {(0, 0)}


def test_a_message_that_is_withdrawn_does_not_go_out(app: Flask, relay: Relay) -> None:
    event_id, _ids, emails = _guests()
    third = db.session.scalars(select(Message.id).order_by(Message.id).offset(2)).first()
    db.session.rollback()

    _while_the_first_is_taken(
        app, relay, lambda: mail.withdraw(third, event_id=event_id, by=SYSTEM, now=NOW)
    )

    assert emails[2] not in _received(relay)
    assert _states()[2] is MessageState.WITHDRAWN


def test_a_message_that_is_withdrawn_while_the_relay_takes_it_is_shown_as_sent(
    app: Flask, relay: Relay
) -> None:
    event_id, _ids, emails = _guests()
    first = db.session.scalars(select(Message.id).order_by(Message.id)).first()
    db.session.rollback()

    _while_the_first_is_taken(
        app, relay, lambda: mail.withdraw(first, event_id=event_id, by=SYSTEM, now=NOW)
    )

    assert _received(relay).count(emails[0]) == 1
    assert _states()[0] is MessageState.SENT


def test_commits_that_change_nothing_of_a_letter_cost_it_nothing(app: Flask, relay: Relay) -> None:
    _event_id, _ids, emails = _guests()

    @transactional
    def something_else() -> None:
        outbox.enqueue(
            MessageDraft(key="other", kind="sample", to_address="x@example.org", locale="de"),
            now=NOW + timedelta(hours=1),
        )

    _while_the_first_is_taken(app, relay, something_else)

    assert _received(relay)[:GUESTS] == emails


def test_a_database_that_cannot_be_asked_lets_nothing_go_out(
    app: Flask, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    _guests()
    monkeypatch.setattr(freshness.FreshnessCheck, "_check_again", _broken)

    deliverer = Deliverer(relay.transport())
    deliverer.deliver_due(NOW, limit=GUESTS)
    deliverer.rest()

    assert relay.received == []
    assert set(_states()) == {MessageState.QUEUED}


def _broken(_look: object, _message_id: int) -> bool:
    raise OperationalError("SELECT", None, Exception("gone"))


def test_control_without_the_look_everybody_hears_of_what_is_off(
    app: Flask, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    event_id, _ids, emails = _guests()
    monkeypatch.setattr(freshness.FreshnessCheck, "is_fresh", lambda _look, _id: True)

    _while_the_first_is_taken(
        app, relay, lambda: events.cancel(event_id, reason=Localized(), by=SYSTEM, now=NOW)
    )

    assert [r for r in _received(relay) if r in emails][:GUESTS] == emails
