"""Choices that several forms offer."""

from __future__ import annotations

from zoneinfo import available_timezones

import pytest

from event_mgmt.web import choices


@pytest.mark.parametrize("locale", ["de", "sl", "en"])
def test_zones_have_names_in_every_language(sqlite_app, locale):
    with sqlite_app.test_request_context(f"/?lang={locale}"):
        zones = choices.time_zone_choices()

    assert {zone.value for zone in zones} <= available_timezones()
    assert all("(" in zone.label for zone in zones)


def test_a_zone_or_language_that_is_in_use_stays_on_offer(sqlite_app):
    with sqlite_app.test_request_context("/?lang=de"):
        assert [c.label for c in choices.language_choices(["hu", "de"])][-1] == "Ungarisch"
        assert choices.time_zone_choices("Pacific/Auckland")[-1].value == "Pacific/Auckland"
        assert choices.zone_name("Europe/Ljubljana", "sl") == "Ljubljana (Slovenija)"
        assert choices.zone_name("Etc/GMT-2", "sl") == "Etc/GMT-2"
