"""What becomes of a message after an attempt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from event_mgmt.mail import rules
from event_mgmt.mail.rules import AttemptResult, NextState


def test_waits_grow_from_a_minute_to_an_hour() -> None:
    waits = [rules.wait_after(attempts) for attempts in range(1, 7)]

    assert [wait.total_seconds() / 60 for wait in waits if wait] == [1, 5, 15, 60, 60, 60]


def test_after_48_hours_of_deferrals_it_gives_up() -> None:
    waits = []
    while (wait := rules.wait_after(len(waits) + 1)) is not None:
        waits.append(wait)

    assert timedelta(hours=47) < sum(waits, timedelta()) <= timedelta(hours=48)
    assert (
        rules.outcome(AttemptResult.DEFERRED, attempts=len(waits) + 1, copies=1).state
        is NextState.FAILED
    )


def test_a_message_lost_after_the_dot_is_tried_once_more_and_then_parked() -> None:
    first = rules.outcome(AttemptResult.LOST, attempts=1, copies=1)
    second = rules.outcome(AttemptResult.LOST, attempts=2, copies=2)

    assert (first.state, first.may_have_arrived) == (NextState.QUEUED, True)
    assert first.wait > timedelta()
    assert (second.state, second.may_have_arrived) == (NextState.UNCERTAIN, True)


@pytest.mark.parametrize(
    "verdict", [AttemptResult.DEFERRED, AttemptResult.REFUSED, AttemptResult.UNTOUCHED]
)
def test_a_definite_answer_takes_the_copy_back(verdict: AttemptResult) -> None:
    assert not rules.outcome(verdict, attempts=1, copies=1).may_have_arrived


def test_a_relay_that_is_away_costs_no_attempt_and_no_wait() -> None:
    outcome = rules.outcome(AttemptResult.UNTOUCHED, attempts=1, copies=1)

    assert (outcome.state, outcome.wait, outcome.is_attempt) == (
        NextState.QUEUED,
        timedelta(),
        False,
    )


@pytest.mark.parametrize("verdict", list(AttemptResult))
@pytest.mark.parametrize("copies", [1, 2])
def test_every_verdict_has_an_outcome(verdict: AttemptResult, copies: int) -> None:
    assert rules.outcome(verdict, attempts=copies, copies=copies).state in NextState


def test_a_quick_relay_gets_large_batches_and_a_slow_one_single_messages() -> None:
    assert rules.next_batch(50, 0.05) == 100
    assert rules.next_batch(50, 0.25) == 50
    assert rules.next_batch(20, 1.0) == 5
    assert rules.next_batch(1, 3.0) == 1
    assert rules.next_batch(0, 0.5) == 1


def test_pauses_while_the_relay_is_away_double_up_to_a_minute() -> None:
    pauses = [rules.relay_pause(n) for n in (1, 2, 3, 6, 7, 50)]

    assert pauses == [1, 2, 4, 32, 60, 60]


@pytest.mark.parametrize(
    ("code", "words", "is_dead"),
    [
        (550, "no such mailbox", True),
        (550, "5.1.1 <ana@example.org>: no such user", True),
        (551, "user not local", True),
        (553, "mailbox name not allowed", True),
        (550, "5.2.1 mailbox disabled", True),
        (550, "5.7.1 rejected as spam", False),
        (552, "mailbox full", False),
        (552, "5.2.2 over quota", False),
        (554, "transaction failed", False),
        (554, "5.7.1 blocked by policy", False),
        (552, "5.3.4 message too big", False),
        (550, "5.6.1 content not accepted", False),
        (521, "does not accept mail", False),
    ],
)
def test_only_a_refusal_about_the_mailbox_makes_an_address_dead(
    code: int, words: str, is_dead: bool
) -> None:
    assert rules.is_dead_address_reply(code, words, is_about_recipient=True) is is_dead


@pytest.mark.parametrize(
    ("code", "words", "is_dead"),
    [
        (550, "no such mailbox", False),
        (553, "sorry, that message is not for us", False),
        (554, "5.0.0 transaction failed", False),
        (550, "5.1.8 sender's domain does not exist", False),
        (553, "5.1.7 bad sender address syntax", False),
        (552, "5.2.2 over quota", False),
        (552, "5.2.3 too long for this mailbox", False),
        (554, "5.4.6 routing loop", False),
        (550, "5.5.1 no valid recipients", False),
        (554, "5.6.0 content", False),
        (550, "5.7.1 rejected as spam", False),
        (550, "5.1.1 <ana@example.org>: no such user", True),
        (556, "5.1.10 recipient's domain takes no mail", True),
        (550, "5.2.1 mailbox disabled", True),
    ],
)
def test_a_refusal_of_the_sender_or_the_content_condemns_no_address_unless_it_names_the_mailbox(
    code: int, words: str, is_dead: bool
) -> None:
    assert rules.is_dead_address_reply(code, words, is_about_recipient=False) is is_dead


@pytest.mark.parametrize("words", ["5.1.7 bad sender", "5.1.8 bad sender's system"])
def test_what_is_said_of_our_own_address_condemns_nobody_elses(words: str) -> None:
    assert not rules.is_dead_address_reply(550, words, is_about_recipient=True)


def test_a_rest_costs_no_attempt_and_grows_from_a_minute_to_an_hour() -> None:
    rested, rests = timedelta(), []
    for _ in range(9):
        outcome = rules.outcome(AttemptResult.RESTING, attempts=1, copies=1, rested=rested)
        assert (outcome.state, outcome.is_attempt) == (NextState.QUEUED, False)
        assert outcome.wait == outcome.rested
        rested += outcome.rested
        rests.append(outcome.wait.total_seconds() / 60)

    assert rests == [1, 1, 2, 4, 8, 16, 32, 60, 60]


def test_rests_and_waits_together_come_to_48_hours_and_the_last_try_is_a_real_one() -> None:
    attempts, rested = 0, timedelta()
    while rules.may_rest(attempts, rested=rested):
        rested += rules.outcome(AttemptResult.RESTING, attempts=1, copies=1, rested=rested).rested
    after_last_try = rules.outcome(AttemptResult.DEFERRED, attempts=1, copies=1, rested=rested)

    assert timedelta(hours=47) < rested <= timedelta(hours=49)
    assert after_last_try.state is NextState.FAILED


def test_a_message_that_was_tried_often_rests_the_less() -> None:
    assert rules.may_rest(30, rested=timedelta(hours=20))
    assert not rules.may_rest(30, rested=timedelta(hours=22))
    assert rules.outcome(
        AttemptResult.DEFERRED, attempts=1, copies=1, rested=timedelta(hours=20)
    ).wait == timedelta(minutes=1)
