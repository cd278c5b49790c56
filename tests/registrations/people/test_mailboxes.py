"""Which addresses are one mailbox, how many mails it takes, and what is no name."""

from __future__ import annotations

import pytest

from event_mgmt.registrations.people.mailboxes import MailVolume, advisory_lock_key, mailbox_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ana@example.org", "Ana@Example.ORG"),
        ("ana@example.org", "ana+1@example.org"),
        ("ana@example.org", "ana+a+b@example.org"),
        ("ana.kos@gmail.com", "anakos+x@googlemail.com"),
    ],
)
def test_spellings_of_one_mailbox_are_counted_together(one: str, other: str) -> None:
    assert mailbox_of(one) == mailbox_of(other)
    assert advisory_lock_key(mailbox_of(one)) == advisory_lock_key(mailbox_of(other)) < 2**63


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ana@example.org", "ana@example.com"),
        ("ana.kos@example.org", "anakos@example.org"),
        ("ana@example.org", "eva@example.org"),
    ],
)
def test_mailboxes_that_may_be_two_people_are_counted_apart(one: str, other: str) -> None:
    assert mailbox_of(one) != mailbox_of(other)


def test_what_was_erased_has_no_mailbox() -> None:
    assert mailbox_of("") == ""


@pytest.mark.parametrize(
    ("mailed", "takes_another"),
    [
        (MailVolume(), True),
        (MailVolume(in_an_hour=2, in_a_day=9), True),
        (MailVolume(in_an_hour=3, in_a_day=3), False),
        (MailVolume(in_an_hour=0, in_a_day=10), False),
        (MailVolume(is_confirmed=True, in_an_hour=30, in_a_day=300), True),
    ],
)
def test_three_an_hour_and_ten_a_day_until_the_address_is_confirmed(
    mailed: MailVolume, takes_another: bool
) -> None:
    assert mailed.takes_another is takes_another
