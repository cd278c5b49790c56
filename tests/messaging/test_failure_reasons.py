"""Why a mail did not arrive is said in words that help."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from event_mgmt.mail.models import MessageState
from event_mgmt.messaging.failure_reasons import reason

FAILED, QUEUED = MessageState.FAILED, MessageState.QUEUED


@pytest.mark.parametrize(
    ("state", "code", "words", "expected"),
    [
        (FAILED, 550, "5.1.1 <a@b.si>: user unknown", "This address does not exist."),
        (FAILED, 550, "no such user", "This address does not exist or takes no mail."),
        (FAILED, 552, "5.2.2 over quota", "The mailbox is full."),
        (QUEUED, 452, "4.2.2 over quota", "The mailbox is full."),
        (FAILED, 550, "5.7.1 blocked by policy", "refuses the message as unwanted."),
        (FAILED, 554, "rejected", "refuses the message as unwanted."),
        (FAILED, 599, "?", "The recipient's mail server refuses the message."),
        (QUEUED, 451, "greylisted", "asks to try again later."),
        (QUEUED, 499, "?", "asks to try again later."),
        (FAILED, None, "letter: KeyError", "Please tell the operator."),
        (QUEUED, None, "timed out", "Our mail server could not be reached."),
        (QUEUED, None, "", ""),
        (MessageState.UNCERTAIN, None, "connection lost", "It may have arrived."),
        (MessageState.SENT, 250, "2.0.0 ok", ""),
        (MessageState.SKIPPED, None, "", ""),
        (MessageState.WITHDRAWN, 451, "4.7.1 greylisted", ""),
    ],
)
def test_a_relays_answer_is_put_in_words(
    sqlite_app: Flask, state: MessageState, code: int | None, words: str, expected: str
) -> None:
    with force_locale("en"):
        told = reason(state=state, code=code, words=words)

    assert told.endswith(expected)
    assert bool(told) == bool(expected)


def test_a_version_number_in_the_relays_words_is_no_code(sqlite_app: Flask) -> None:
    with force_locale("en"):
        told = reason(state=FAILED, code=550, words="mx1 15.2.2 says no")

    assert told == "This address does not exist or takes no mail."
