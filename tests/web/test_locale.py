"""The way to the same page in another language."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest

from event_mgmt.web.locale import switch_url

PLACE = "https://events.example.org"


@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("/calendar", "/calendar?lang=sl"),
        ("/?q=a+b&lang=de", "/?q=a+b&lang=sl"),
        ("/events/50%25-weniger%3F", "/events/50%25-weniger%3F?lang=sl"),
        ("/events/%C4%8Daj%23", "/events/%C4%8Daj%23?lang=sl"),
        ("//elsewhere.example/", "//elsewhere.example/?lang=sl"),
    ],
)
def test_the_other_language_is_at_the_same_address(sqlite_app, address, other):
    with sqlite_app.test_request_context(path=PLACE + address):
        assert urljoin(PLACE + address, switch_url("sl")) == PLACE + other
