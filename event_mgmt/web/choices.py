"""Choices that several forms offer: countries, time zones, languages."""

from __future__ import annotations

import functools
from typing import Any, Final

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location

from event_mgmt.core.text import sort_key
from event_mgmt.web.locale import current_language

Choice = tuple[str, str]

NEAREST: Final = ("DE", "SI", "AT", "IT", "HR", "HU", "CH")
SPOKEN: Final = ("de", "sl", "en", "it", "hr", "fr")
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


def countries() -> list[Choice]:
    """All countries (ISO 3166-1) in the reader's language, the nearest first."""
    return list(_countries(current_language()))


@functools.cache
def _countries(locale: str) -> tuple[Choice, ...]:
    names: Any = Locale(locale).territories
    known = {code: str(names[code]) for code in names if len(code) == 2 and code.isalpha()}
    for not_a_country in ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"):
        known.pop(not_a_country, None)
    near = [(code, known[code]) for code in NEAREST]
    rest = sorted(known.items(), key=lambda item: sort_key(locale, item[1]))
    return (*near, *(item for item in rest if item[0] not in NEAREST))


def time_zones(also: str | None = None) -> list[Choice]:
    """The time zones on offer in the reader's language; ``also`` one more that is in use."""
    zones = list(_time_zones(current_language()))
    if also is not None and also not in ZONES:
        zones.append((also, also))
    return zones


@functools.cache
def _time_zones(locale: str) -> tuple[Choice, ...]:
    names: Any = Locale(locale).territories
    country_of: Any = get_global("zone_territories")
    return tuple(
        (zone, f"{_city(zone, locale)} ({names[country_of[zone]]})")
        for zone in ZONES
    )


def _city(zone: str, locale: str) -> str:
    return get_timezone_location(zone, locale=locale, return_city=True)


def spoken_languages() -> list[Choice]:
    """The languages that an event may be held in, in the reader's own."""
    names: Any = Locale(current_language()).languages
    return [(code, str(names[code])) for code in SPOKEN]
