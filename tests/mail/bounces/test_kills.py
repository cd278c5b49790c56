"""A look that is killed at any moment: each mail counts once, whatever happens in between."""

from __future__ import annotations

import signal
import threading
from datetime import timedelta

import pytest
from flask import Flask

from event_mgmt.core.database import db, transactional
from event_mgmt.mail.bounces import poller, service
from event_mgmt.mail.bounces.models import HandledBounce
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.registrations.models import Registration
from tests.faults.forked import begin, forked
from tests.mail.bounces import doomed
from tests.mail.bounces.conftest import Office
from tests.mail.bounces.doomed import Order
from tests.mail.bounces.mails import a_report
from tests.mail.samples import NOW, the_message

pytestmark = pytest.mark.processes
SENT, FAILED = MessageState.SENT, MessageState.FAILED
AFTER_THE_LEASE = NOW + service.LEASE + timedelta(minutes=1)


def _settings(office: Office) -> dict[str, str]:
    box = office.settings.bounces
    assert box is not None
    return {
        "INSTANCE_DIR": office.app.instance_path,
        "DATABASE_URL": office.settings.database_url,
        "BOUNCE_MAILBOX": office.server.url(office.user),
        "MAIL_CA_FILE": str(box.ca_file),
    }


def _killed(office: Office, phase: str) -> None:
    with forked(doomed.work, Order(phase, NOW, _settings(office))) as process:
        assert process.end() == -signal.SIGKILL
    db.session.remove()


@transactional
def _sent_again(message: Message) -> None:
    """What an organiser does who has had the mailbox repaired: correct nothing, send once more."""
    fresh = db.session.get_one(Message, message.id, populate_existing=True)
    fresh.state = MessageState.QUEUED  # an organiser sends it again
    db.session.flush()
    fresh.state, fresh.sent_at = SENT, NOW
    guest = db.session.get_one(Registration, message.registration_id, populate_existing=True)
    guest.address_failed_at = None


@pytest.mark.parametrize("phase", ["committed", "flagged", "removed"])
def test_a_mail_that_was_dealt_with_before_the_kill_is_only_deleted_after_it(
    office: Office, monkeypatch: pytest.MonkeyPatch, phase: str
) -> None:
    message = office.sent()
    office.put(a_report(office.way_back(message)))

    _killed(office, phase)
    assert office.became_of(message) == (FAILED, True)
    _sent_again(message)
    assert poller.check_mailbox(is_urgent=True) is None, "the dead one's lease is respected"
    monkeypatch.setattr(poller, "database_now", lambda: AFTER_THE_LEASE)
    office.look()

    assert office.became_of(message) == (SENT, False)
    assert office.left() == 0


def test_a_kill_before_the_commit_loses_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = office.sent()
    office.put(a_report(office.way_back(message)))

    _killed(office, "amid")
    assert office.became_of(message) == (SENT, False)
    assert office.left() == 1
    monkeypatch.setattr(poller, "database_now", lambda: AFTER_THE_LEASE)
    office.look()

    assert office.became_of(message) == (FAILED, True)
    assert office.left() == 0


def test_the_control_a_look_that_notes_no_numbers_marks_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = office.sent()
    office.put(a_report(office.way_back(message)))
    _killed(office, "committed")
    _sent_again(message)

    monkeypatch.setattr(service, "handled", lambda *_given: {})
    monkeypatch.setattr(service, "_is_handled", lambda _place: False)
    monkeypatch.setattr(service, "HandledBounce", _another)
    monkeypatch.setattr(poller, "database_now", lambda: AFTER_THE_LEASE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, "release_lease", lambda *_given, **_named: None)
        office.look()

    assert office.became_of(message) == (FAILED, True)


def _another(**given: object) -> HandledBounce:
    return HandledBounce(**{**given, "mark": "another"})


def test_of_many_processes_one_looks(office: Office) -> None:
    message = office.sent()
    office.put(a_report(office.way_back(message)))

    several = [begin(doomed.work, Order("never", NOW, _settings(office))) for _number in range(4)]
    told = [process.line.recv() for process in several]
    for process in several:
        assert process.end() == 0
        process.line.close()

    assert sum(filter(None, told)) == 1
    assert office.became_of(message) == (FAILED, True)


def test_even_two_at_once_without_a_lease_deal_with_each_mail_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = [office.sent(f"guest-{n}@example.org") for n in range(12)]
    office.put(
        *(a_report(office.way_back(one), recipient=f"rfc822; {one.to_address}") for one in messages)
    )
    monkeypatch.setattr(service, "take_lease", lambda *_given, **_named: True)
    faults: list[object] = []
    marked: list[int] = []

    def look(app: Flask) -> None:
        try:
            with app.app_context():
                found = poller.check_mailbox(is_urgent=True)
                assert found is not None
                marked.append(found.marked)
                db.session.remove()
        except Exception as error:
            faults.append(error)

    several = [threading.Thread(target=look, args=(office.app,)) for _number in range(2)]
    for thread in several:
        thread.start()
    for thread in several:
        thread.join(60)

    assert faults == []
    assert sum(marked) == len(messages)
    assert {the_message(one.id).state for one in messages} == {FAILED}
    assert office.left() == 0
