"""Choices that several forms offer: time zones, languages."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Final

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location
from wtforms.fields import SelectChoice

from event_mgmt.web.locale import current_language

EVENT_LANGUAGES: Final = ("de", "sl", "en", "it", "hr", "fr")
ZONES: Final = (
    "Europe/Berlin",
    "Europe/Ljubljana",
    "Europe/Vienna",
    "Europe/Zurich",
    "Europe/Rome",
    "Europe/Zagreb",
    "Europe/Budapest",
    "Europe/Belgrade",
    "Europe/Sarajevo",
    "Europe/Prague",
    "Europe/Warsaw",
    "Europe/Brussels",
    "Europe/Paris",
    "Europe/Madrid",
    "Europe/London",
    "Europe/Athens",
    "Europe/Bucharest",
    "Europe/Kyiv",
    "Europe/Istanbul",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Asia/Singapore",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Sao_Paulo",
)


def time_zone_choices(also: str | None = None) -> list[SelectChoice]:
    """The time zones on offer in the reader's language; ``also`` one more that is in use."""
    zones = list(_time_zones(current_language()))
    if also is not None and also not in ZONES:
        zones.append(SelectChoice(also, also))
    return zones


@functools.cache
def _time_zones(locale: str) -> tuple[SelectChoice, ...]:
    return tuple(SelectChoice(zone, zone_name(zone, locale)) for zone in ZONES)


def zone_name(zone: str, locale: str) -> str:
    """A time zone by its city and country; its IANA name where that says too little."""
    names: Mapping[str, str] = Locale(locale).territories
    country_of: Mapping[str, str] = get_global("zone_territories")
    if country_of.get(zone, "001") in {"001", "ZZ"}:  # the world, and nowhere
        return zone
    return f"{_city(zone, locale)} ({names[country_of[zone]]})"


def _city(zone: str, locale: str) -> str:
    return get_timezone_location(zone, locale=locale, return_city=True)


def language_choices(also: Iterable[str] = ()) -> list[SelectChoice]:
    """The languages that an event may be held in, in the reader's own; ``also`` others in use."""
    names: Mapping[str, str] = Locale(current_language()).languages
    codes = dict.fromkeys((*EVENT_LANGUAGES, *also))
    return [SelectChoice(code, str(names.get(code, code))) for code in codes]
