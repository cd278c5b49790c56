"""Months as readers in Germany and Slovenia count them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Final

from event_mgmt.core.clock import at_wall_clock
from event_mgmt.web.times import READERS_ZONE

_MONTH: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


def month_from(text: str) -> date | None:
    """The first day of a month such as "2027-02"."""
    found = _MONTH.fullmatch(text)
    year = int(found[1]) if found else 0
    return date(year, int(found[2]), 1) if found and 1900 <= year < 2200 else None


def following(month: date) -> date:
    """The first day of the month after."""
    return (month + timedelta(days=31)).replace(day=1)


def midnight(day: date) -> datetime:
    """The instant at which ``day`` begins for the readers."""
    return at_wall_clock(datetime.combine(day, time.min), READERS_ZONE)
