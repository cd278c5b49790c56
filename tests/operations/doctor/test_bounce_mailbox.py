"""The doctor opens the mailbox for bounces, and leaves it as it was."""

from __future__ import annotations

from datetime import UTC, datetime

from event_mgmt.operations.doctor import mail, rules
from event_mgmt.operations.doctor.finding import Level
from tests.mail.bounces.conftest import Office, authority, make_office, office, server
from tests.mail.bounces.mails import a_letter, a_report

__all__ = ["authority", "make_office", "office", "server"]

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def test_a_mailbox_that_opens_is_well_and_stays_as_it_was(office: Office) -> None:
    office.put(a_letter(), a_report("back@example.org"))

    [found] = mail.bounces(office.settings, NOW)

    assert (found.subject, found.level) == ("bounce mailbox", Level.OK)
    assert "2 mails" in found.words
    assert "open-sesame" not in found.words
    assert office.left() == 2


def test_a_mailbox_that_does_not_open_is_a_problem_with_its_remedy(make_office) -> None:
    good = make_office()
    bad = make_office(good.server.url("USER").replace("open-sesame", "wrong-secret"))

    [found] = mail.bounces(bad.settings, NOW)

    assert found.level is Level.PROBLEM
    assert "password" in found.words
    assert "wrong-secret" not in found.words + found.remedy


def test_without_a_mailbox_there_is_nothing_to_examine(sqlite_app) -> None:
    assert list(mail.bounces(sqlite_app.extensions["settings"], NOW)) == []


def test_a_mailbox_that_fills_is_told() -> None:
    assert rules.bounce_mailbox("INBOX", count=10).level is Level.OK
    assert rules.bounce_mailbox("INBOX", count=1001).level is Level.WARNING
