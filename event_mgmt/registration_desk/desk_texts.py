"""The registration desk's sentences: history, decisions, what went out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask_babel import gettext as _, ngettext

from event_mgmt.audit import labels as audit_labels
from event_mgmt.audit.service import ActorKind
from event_mgmt.registration_desk.queries import HistoryEntry
from event_mgmt.registration_desk.rules import DecisionForecast, WaitingListHead
from event_mgmt.registrations.changes import change_text
from event_mgmt.registrations.commands import DecisionOutcome
from event_mgmt.registrations.enums import Status

_DECIDERS: Final = frozenset({ActorKind.USER, ActorKind.TOKEN})
_DECISIONS: Final = frozenset(
    {
        "registration.confirmed",
        "registration.waitlisted",
        "registration.change_accepted",
        "registration.change_declined",
    }
)
_ENDS: Final = frozenset({"registration.declined", "registration.cancelled"})


def action_label(entry: HistoryEntry) -> str:
    """What happened, in a word or two."""
    return audit_labels.action_label(entry.action) or entry.action


def action_fields(entry: HistoryEntry) -> str:
    """Which entries a change was about, in words; '' where none are noted."""
    return ", ".join(change_text.field_labels(entry.changes.get("fields") or ()))


def changed_since_decision(history: Sequence[HistoryEntry]) -> str:
    """What the guest changed, in words, since a colleague decided last; '' for nothing."""
    fields: list[str] = []
    for entry in history:  # the latest first
        if entry.actor in _DECIDERS and entry.action in _DECISIONS:
            return ", ".join(change_text.field_labels(fields))
        if entry.actor == ActorKind.PARTICIPANT and entry.action == "registration.changed":
            fields += entry.changes.get("fields") or ()
    return ""


def action_state(entry: HistoryEntry) -> str:
    """How the time line draws it."""
    return "off" if entry.action in _ENDS else "done"


def actor(entry: HistoryEntry) -> str:
    """Who did it."""
    if entry.actor == ActorKind.PARTICIPANT:
        return _("by the guest")
    if entry.actor == ActorKind.SYSTEM or (entry.actor == ActorKind.TOKEN and not entry.who):
        return _("by the system")
    return _("by %(name)s", name=entry.who) if entry.who else _("by a former colleague")


def decided(outcome: DecisionOutcome) -> list[tuple[str, str]]:
    """What became of a decision: (tone, sentence) pairs."""
    found: list[tuple[str, str]] = []
    if outcome.confirmed:
        n = len(outcome.confirmed)
        words = ngettext(
            "%(num)d registration is confirmed.", "%(num)d registrations are confirmed.", n
        )
        found.append(("ok", words))
    if outcome.waitlisted:
        n = len(outcome.waitlisted)
        words = ngettext(
            "%(num)d registration is on the waiting list: there are not enough seats.",
            "%(num)d registrations are on the waiting list: there are not enough seats.",
            n,
        )
        found.append(("info", words))
    if outcome.declined:
        n = len(outcome.declined)
        words = ngettext(
            "%(num)d registration is declined.", "%(num)d registrations are declined.", n
        )
        found.append(("ok", words))
    if outcome.refused:
        n = len(outcome.refused)
        words = ngettext(
            "%(num)d registration stays as it is: it could not be decided any more.",
            "%(num)d registrations stay as they are: they could not be decided any more.",
            n,
        )
        found.append(("warn", words))
    return found or [("info", _("Nothing has changed."))]


def forecast_sentences(outlook: DecisionForecast) -> list[str]:
    """What a decision would do, in sentences."""
    reached = outlook.reached
    found = []
    if n := reached.get(Status.CONFIRMED, 0):
        sentence = ngettext(
            "%(num)d registration is confirmed and takes %(seats)s.",
            "%(num)d registrations are confirmed and take %(seats)s.",
            n,
            seats=ngettext("%(num)d seat", "%(num)d seats", outlook.seats),
        )
        found.append(sentence)
    if n := reached.get(Status.WAITLISTED, 0):
        sentence = ngettext(
            "%(num)d registration goes on the waiting list: there are not enough seats.",
            "%(num)d registrations go on the waiting list: there are not enough seats.",
            n,
        )
        found.append(sentence)
    if n := reached.get(Status.PENDING, 0):
        sentence = ngettext(
            "%(num)d registration waits for your decision.",
            "%(num)d registrations wait for your decision.",
            n,
        )
        found.append(sentence)
    if n := reached.get(Status.DECLINED, 0):
        found.append(
            ngettext(
                "%(num)d registration will be declined.",
                "%(num)d registrations will be declined.",
                n,
            )
        )
    if outlook.full:
        sentence = ngettext(
            "%(num)d registration finds no seat and no waiting list, and stays as it is.",
            "%(num)d registrations find no seats and no waiting list, and stay as they are.",
            outlook.full,
        )
        found.append(sentence)
    if outlook.unchanged:
        sentence = ngettext(
            "%(num)d registration is decided already and stays as it is.",
            "%(num)d registrations are decided already and stay as they are.",
            outlook.unchanged,
        )
        found.append(sentence)
    return found


def mails(count: int) -> str:
    """How many mails go out."""
    if not count:
        return _("No mail goes out.")
    return ngettext("%(num)d mail goes out.", "%(num)d mails go out.", count)


def line(waiting: WaitingListHead) -> str:
    """How a waiting list with free seats stands."""
    free = ngettext("%(num)d seat is free.", "%(num)d seats are free.", waiting.free)
    if waiting.fits:
        return free
    wanted = ngettext(
        "The first party needs %(num)d seat, so nobody moves up by themselves.",
        "The first party needs %(num)d seats, so nobody moves up by themselves.",
        waiting.wanted,
    )
    return f"{free} {wanted}"
