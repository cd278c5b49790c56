"""Personal links: good for one thing and one purpose, and for as long as they were meant to be."""

from __future__ import annotations

import hashlib
import random

import pytest
from flask import Flask
from itsdangerous import URLSafeSerializer

from event_mgmt.core import tokens
from event_mgmt.core.refusals import Missing

SECRET = "a secret of this test"


@pytest.fixture(autouse=True)
def _an_app():
    app = Flask(__name__)
    app.config["SECRET_KEY"] = SECRET
    with app.app_context():
        yield


def test_a_link_that_was_sent_years_ago_by_the_library_alone_is_still_good() -> None:
    library = URLSafeSerializer(
        SECRET,
        salt="event_mgmt.registration",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )
    digits = random.Random(7)
    for _ in range(200):
        thing = (digits.randrange(10 ** digits.randrange(1, 12)), digits.randrange(2**31))
        token = library.dumps(list(thing))
        assert tokens.read("registration", token) == thing
        assert tokens.sign("registration", *thing) == token


def test_a_token_is_good_for_its_own_purpose_only() -> None:
    token = tokens.sign("registration", 5, 17)

    assert tokens.read("registration", token) == (5, 17)
    with pytest.raises(Missing):
        tokens.read("invitation", token)


@pytest.mark.parametrize("wrong", ["", ".", "x", "WzUsMTdd", "WzUsMTdd.", "WzUsMTdd.AAAA", "ž.ž"])
def test_what_is_no_token_opens_nothing(wrong: str) -> None:
    with pytest.raises(Missing):
        tokens.read("registration", wrong)


def test_no_letter_of_a_token_can_be_another_one() -> None:
    token = tokens.sign("registration", 5, 17)
    for place in range(len(token) - 1):  # the last holds two bits that no decoder reads
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(Missing):
            tokens.read("registration", token[:place] + other + token[place + 1 :])
