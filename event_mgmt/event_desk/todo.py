"""What waits for organisers in planning their events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from event_mgmt.accounts import policy
from event_mgmt.accounts.policy import Right, Viewer
from event_mgmt.events.enums import EventStatus, PartnerStatus
from event_mgmt.events.models import Event
from event_mgmt.settings import LOCALES
from event_mgmt.web.locale import current_language
from event_mgmt.web.todo import TodoItem

_LANGUAGE_NAMES = {
    "de": lambda: _("German"),
    "sl": lambda: _("Slovenian"),
    "en": lambda: _("English"),
}


def todo(viewer: Viewer, events: Sequence[Event], _now: datetime) -> Iterator[TodoItem]:
    """Invitations to co-host, drafts, and texts that lack a language."""
    for event in events:
        rights = policy.rights_on_event(viewer, event.parties())
        if Right.ANSWER_PARTNERSHIP in rights and _is_asked(viewer, event):
            yield _partnership(event)
        if Right.EDIT_EVENT in rights:
            yield from _texts(event)


def _is_asked(viewer: Viewer, event: Event) -> bool:
    return any(
        partner.status is PartnerStatus.INVITED
        and partner.organisation_id in viewer.organisation_ids
        for partner in event.partners
    )


def _partnership(event: Event) -> TodoItem:
    host = event.host.short_name.into(current_language())
    return TodoItem(
        event.id,
        _("%(host)s asks you to co-host", host=host),
        url_for("event_desk.partnership", event_id=event.id),
        "handshake",
        sub=_title(event),
        note=_("answer"),
        tone="warn",
    )


def _texts(event: Event) -> Iterator[TodoItem]:
    url = url_for("event_desk.edit", event_id=event.id)
    if event.status is EventStatus.DRAFT:
        yield TodoItem(event.id, _("Draft: finish and publish"), url, "pencil", sub=_title(event))
    elif missing := [_LANGUAGE_NAMES[locale]() for locale in event.title.missing(LOCALES)]:
        label = _("Text missing in %(languages)s", languages=", ".join(missing))
        yield TodoItem(event.id, label, url, "languages", sub=_title(event))


def _title(event: Event) -> str:
    return event.title.into(current_language())
