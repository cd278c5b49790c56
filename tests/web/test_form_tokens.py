"""Tokens of forms without a session: good for one form of one thing, for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from event_mgmt.web import form_tokens

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
SECRET, THING, NONCE = "s" * 40, "registration:7", "n" * 24
TOKEN = form_tokens.issue(SECRET, THING, NONCE, now=NOW)


def is_good(token: str = TOKEN, **other: str) -> bool:
    given = {"secret": SECRET, "thing": THING, "nonce": NONCE, **other}
    return form_tokens.is_good(token=token, now=NOW, **given)


def test_a_token_is_good_for_its_form() -> None:
    assert is_good()


@pytest.mark.parametrize(
    "other", [{"secret": "t" * 40}, {"thing": "registration:71"}, {"nonce": "m" * 24}]
)
def test_a_token_is_good_for_nothing_else(other: dict[str, str]) -> None:
    assert not is_good(**other)


def test_a_token_cannot_be_moved_from_thing_to_nonce() -> None:
    token = form_tokens.issue(SECRET, f"{THING}x", NONCE, now=NOW)

    assert not is_good(token, nonce=f"x{NONCE}")


@pytest.mark.parametrize(
    ("later", "is_in_time"),
    [
        (form_tokens.LASTS - timedelta(seconds=1), True),
        (form_tokens.LASTS, False),
        (timedelta(minutes=-4), True),
        (timedelta(minutes=-6), False),
    ],
)
def test_a_token_lasts_for_hours_and_is_not_of_tomorrow(
    later: timedelta, *, is_in_time: bool
) -> None:
    found = form_tokens.is_good(SECRET, TOKEN, THING, NONCE, now=NOW + later)

    assert found is is_in_time


@pytest.mark.parametrize(
    "text", ["", ".", "1.", ".a", "x.y", "²." + "0" * 64, "9" * 40 + ".a", f"{TOKEN}x", TOKEN[:-1]]
)
def test_what_is_no_token_is_refused(text: str) -> None:
    assert not is_good(text)
