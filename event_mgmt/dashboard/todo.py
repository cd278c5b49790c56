"""What needs doing, as the desk lists it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _, ngettext

from event_mgmt.accounts import policy
from event_mgmt.accounts.policy import Right, Viewer
from event_mgmt.dashboard import queries
from event_mgmt.events.enums import EventStatus, PartnerStatus
from event_mgmt.events.models import Event
from event_mgmt.registrations.lifecycle import proposal_persistence
from event_mgmt.settings import LOCALES
from event_mgmt.web.locale import current_language

_LANGUAGE_NAMES = {
    "de": lambda: _("German"),
    "sl": lambda: _("Slovenian"),
    "en": lambda: _("English"),
}
_SOON = timedelta(days=14)


@dataclass(frozen=True)
class Task:
    """One line of a to-do list."""

    label: str
    url: str
    icon: str
    sub: str = ""
    note: str = ""
    tone: str = "neutral"


def of_events(viewer: Viewer, events: list[Event], *, now: datetime) -> list[Task]:
    """Everything that waits for ``viewer`` in these events, the urgent first."""
    deciding = queries.with_right(viewer, events, Right.DECIDE_REGISTRATIONS)
    mailing = queries.with_right(viewer, events, Right.SEE_MESSAGES)
    pending = queries.pending_by_event(deciding)
    proposed = proposal_persistence.pending_by_event(deciding)
    undelivered = queries.undelivered_by_event(mailing)
    tasks: list[Task] = []
    for event in events:
        rights = policy.rights_on_event(viewer, event.parties())
        tasks += _partnership(viewer, event, rights)
        tasks += _registrations(event, pending.get(event.id, 0), now)
        tasks += _changes(event, proposed.get(event.id, 0))
        tasks += _mails(event, undelivered.get(event.id, 0))
        if Right.EDIT_EVENT in rights:
            tasks += _texts(event)
    return sorted(tasks, key=lambda task: task.tone != "warn")


def _partnership(viewer: Viewer, event: Event, rights: frozenset[Right]) -> Iterator[Task]:
    asked = any(
        partner.status is PartnerStatus.INVITED
        and partner.organisation_id in viewer.organisation_ids
        for partner in event.partners
    )
    if asked and Right.ANSWER_PARTNERSHIP in rights:
        host = event.host.short_name.into(current_language())
        yield Task(
            _("%(host)s asks you to co-host", host=host),
            url_for("event_desk.partnership", event_id=event.id),
            "handshake",
            sub=_title(event),
            note=_("answer"),
            tone="warn",
        )


def _registrations(event: Event, count: int, now: datetime) -> Iterator[Task]:
    if not count:
        return
    closes = event.registration_closes_at or event.starts_at
    urgent = closes - now < _SOON
    yield Task(
        ngettext("Decide %(num)d registration", "Decide %(num)d registrations", count),
        url_for("registration_desk.index", event_id=event.id, status="pending"),
        "list-checks",
        sub=_title(event),
        note=_("soon") if urgent else "",
        tone="warn" if urgent else "neutral",
    )


def _changes(event: Event, count: int) -> Iterator[Task]:
    if count:
        yield Task(
            ngettext("Decide %(num)d change by a guest", "Decide %(num)d changes by guests", count),
            url_for("registration_desk.index", event_id=event.id, changes=1),
            "pencil",
            sub=_title(event),
        )


def _mails(event: Event, count: int) -> Iterator[Task]:
    if count:
        yield Task(
            ngettext("%(num)d mail not delivered", "%(num)d mails not delivered", count),
            url_for("message_desk.of_event", event_id=event.id, state="failed"),
            "mail",
            sub=_title(event),
        )


def _texts(event: Event) -> Iterator[Task]:
    if event.status is EventStatus.DRAFT:
        yield Task(
            _("Draft: finish and publish"),
            url_for("event_desk.edit", event_id=event.id),
            "pencil",
            sub=_title(event),
        )
    missing = [_LANGUAGE_NAMES[locale]() for locale in event.title.missing(LOCALES)]
    if missing and event.status is not EventStatus.DRAFT:
        yield Task(
            _("Text missing in %(languages)s", languages=", ".join(missing)),
            url_for("event_desk.edit", event_id=event.id),
            "languages",
            sub=_title(event),
        )


def _title(event: Event) -> str:
    return event.title.into(current_language())
