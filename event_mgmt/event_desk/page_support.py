"""How the event desk's forms answer: where they lead, with which status, and what is flashed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import viewer
from event_mgmt.core.refusals import Refusal
from event_mgmt.events import enum_labels, queries
from event_mgmt.events.models import Event
from event_mgmt.registrations.mails import recipients
from event_mgmt.web.forms import Form
from event_mgmt.web.locale import current_language

KIND_ICONS = enum_labels.KIND_ICONS


def redirect_to(endpoint: str, event: Event, **values: Any) -> Response:
    """On to another page of the same event."""
    return redirect(url_for(f"event_desk.{endpoint}", event_id=event.id, **values))


def status_of(form: Form) -> int:
    """422 for a form that was sent and refused, else 200."""
    return 422 if form.is_submitted() else 200


def flash_refusal(refusal: Refusal) -> None:
    """Show a refusal on the next page, where there is no form to show it on."""
    flash(str(refusal), "danger")


def flash_overlaps(event: Event) -> None:
    """Mention other events of the same hosts or sectors at the same time."""
    others = queries.overlapping_events(event, viewer())
    if others:
        titles = ", ".join(other.title.into(current_language()) for other in others)
        flash(_("At the same time: %(titles)s.", titles=titles), "warn")


def flash_notified_count(event: Event, at: datetime) -> None:
    """Say how many are written to about what was changed at that instant; nothing when nobody is.

    Who was told before how the event is now, needs no mail.
    """
    number = recipients.count_notified(event.id, at)
    words = ngettext(
        "%(num)d registered party is being told by mail.",
        "%(num)d registered parties are being told by mail.",
        number,
    )
    if number:
        flash(words, "ok")


def seen_version() -> int | None:
    """The version that the page with the button showed, if it said."""
    return request.form.get("version", type=int)
