"""When a reminder rule is due, as organisers read it."""

from __future__ import annotations

from flask_babel import ngettext

from event_mgmt.messaging.enums import Unit
from event_mgmt.messaging.rules import Timing
from event_mgmt.web import times


def timing_text(timing: Timing, *, zone: str, locale: str) -> str:
    """When a rule is due, in words: "7 days before", "2 hours after the start", or its moment."""
    if timing.at is not None:
        return times.short_datetime(timing.at, zone, locale)
    amount = timing.amount or 0
    if timing.unit is Unit.DAYS:
        if amount > 0:
            return ngettext("%(num)d day before", "%(num)d days before", amount)
        return ngettext("%(num)d day after the start", "%(num)d days after the start", -amount)
    if amount > 0:
        return ngettext("%(num)d hour before", "%(num)d hours before", amount)
    return ngettext("%(num)d hour after the start", "%(num)d hours after the start", -amount)
