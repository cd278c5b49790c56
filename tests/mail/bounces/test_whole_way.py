"""The whole way: a worker sends, a report brings the code back, and a worker reads it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from event_mgmt.mail.models import MessageState
from event_mgmt.messaging.failure_reasons import reason
from event_mgmt.worker import Worker
from tests.builders import a_registration, an_event
from tests.mail.bounces.conftest import Office
from tests.mail.bounces.mails import a_report
from tests.mail.relay import Relay
from tests.mail.samples import NOW, queued, the_message


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("event_mgmt.worker.database_now", lambda: NOW)


def test_what_went_out_comes_back_and_an_organiser_reads_why(
    office: Office, at_noon: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = a_registration(an_event(), email="luka@example.org")
    queued(to_address=guest.email, registration_id=guest.id, event_id=guest.event_id)
    monkeypatch.setitem(office.app.extensions, "jobs", [])
    with Relay() as relay:
        worker = Worker(office.app)
        worker._deliverer._transport = relay.transport()
        assert worker.run_once()
    [letter] = relay.received
    office.put(a_report(letter.sender, recipient="rfc822; luka@example.org"))

    assert Worker(office.app).run_once()

    message = the_message()
    assert office.became_of(message) == (MessageState.FAILED, True)
    said = reason(state=message.state, code=message.last_code, words=message.last_error)
    assert said
    assert office.left() == 0


def test_once_says_with_its_status_that_the_mailbox_could_not_be_read(
    office: Office, at_noon: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert office.settings.bounces is not None
    broken = replace(office.settings, bounces=replace(office.settings.bounces, port=1))
    monkeypatch.setitem(office.app.extensions, "settings", broken)
    monkeypatch.setitem(office.app.extensions, "jobs", [])

    assert not Worker(office.app).run_once()
