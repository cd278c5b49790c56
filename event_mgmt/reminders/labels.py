"""What reminders and messages are called on screen."""

from __future__ import annotations

from typing import Final

from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from event_mgmt.reminders.rules import Timing
from event_mgmt.reminders.words import Unit
from event_mgmt.web import times
from event_mgmt.web.words import teach

teach(Unit.DAYS, _l("days"))
teach(Unit.HOURS, _l("hours"))

_KINDS: Final = {
    "address_check": _l("Please confirm the address"),
    "registration_confirmed": _l("Registration confirmed"),
    "registration_received": _l("Registration received"),
    "registration_waitlisted": _l("On the waiting list"),
    "seat_offered": _l("A seat is offered"),
    "registration_declined": _l("Registration not accepted"),
    "registration_changed": _l("Registration changed"),
    "registration_cancelled": _l("Registration called off"),
    "registration_again": _l("Registered already"),
    "event_changed": _l("Event changed"),
    "event_postponed": _l("Event postponed"),
    "event_cancelled": _l("Event cancelled"),
    "reminder": _l("Reminder"),
    "reminder_test": _l("Reminder, as a test"),
    "group_message": _l("Message to a group"),
    "partner_invited": _l("Invitation to co-host"),
}


def kind_word(kind: str) -> str:
    """What a message of ``kind`` is called; a kind nobody named is just a message."""
    return str(_KINDS[kind]) if kind in _KINDS else _("Message")


def kinds() -> list[tuple[str, str]]:
    """All kinds of messages about events with their words, for a filter."""
    return [(kind, str(words)) for kind, words in _KINDS.items()]


def timing_words(timing: Timing, *, zone: str, locale: str) -> str:
    """When a rule is due, in words: "7 days before", "2 hours after the start", or its moment."""
    if timing.at is not None:
        return times.moment(timing.at, zone, locale)
    amount = timing.amount or 0
    if timing.unit is Unit.DAYS:
        if amount > 0:
            return ngettext("%(num)d day before", "%(num)d days before", amount)
        return ngettext("%(num)d day after the start", "%(num)d days after the start", -amount)
    if amount > 0:
        return ngettext("%(num)d hour before", "%(num)d hours before", amount)
    return ngettext("%(num)d hour after the start", "%(num)d hours after the start", -amount)
