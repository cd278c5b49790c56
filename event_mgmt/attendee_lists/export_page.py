"""View models of the export page and of the record of exports."""

from __future__ import annotations

import functools
import subprocess
from collections.abc import Sequence
from typing import Final

from flask import request, url_for
from flask_babel import format_number, gettext as _, ngettext

from event_mgmt.accounts.policy import Viewer
from event_mgmt.attendee_lists import export_plan, list_page, queries
from event_mgmt.attendee_lists.criteria import ListCriteria
from event_mgmt.attendee_lists.formats import registry
from event_mgmt.attendee_lists.forms import ExportForm
from event_mgmt.attendee_lists.models import Export
from event_mgmt.attendee_lists.queries import ExportsPage
from event_mgmt.documents import engine
from event_mgmt.events.models import Event
from event_mgmt.web.locale import current_language
from event_mgmt.web.times import short_datetime

READY: Final = tuple(form for form in registry.ALL if form.usual_purpose)
"""The lists that are offered ready to take, with what they are mostly taken for."""

_LETTERS_NAMED: Final = 12

CARDS: Final = {form.key: {"icon": form.icon, "text": form.about} for form in registry.ALL}


def form_for(event: Event, viewer: Viewer, criteria: ListCriteria) -> ExportForm:
    """The form with its choices; at first it shows ``criteria``."""
    form = ExportForm(
        statuses=[status.value for status in criteria.statuses],
        people=criteria.people.value,
        contingent=criteria.contingent,
        presence=criteria.presence.value,
        search=criteria.search,
        country=criteria.country,
        organisation=criteria.organisation,
        format=request.args.get("format", "xlsx"),
        since=request.args.get("since", ""),
    )
    form.offer(list_page.contingents(event, viewer), earlier(event, viewer.user_id or 0))
    return form


def earlier(event: Event, user_id: int) -> list[tuple[Export, str]]:
    """One's own earlier exports of an event, each with a summary in the reader's language."""
    return [
        (export, _export_summary(export, event))
        for export in queries.earlier_exports(event.id, user_id)
    ]


def _export_summary(export: Export, event: Event) -> str:
    people = ngettext("%(num)d person", "%(num)d people", export.row_count)
    when = short_datetime(export.at, event.time_zone, current_language())
    return f"{when} · {registry.called(export.format)} · {people}"


def letters_without_font(event: Event, viewer: Viewer) -> str:
    """Some of the letters that a printed list would show as marks, with spaces; "" for none."""
    rare = queries.rare_letters(event, viewer=viewer)
    try:
        missing = _without_font(rare) if rare else ""
    except subprocess.SubprocessError:  # the sheet itself says so, too
        missing = ""
    return " ".join(missing[:_LETTERS_NAMED]) + (" …" if len(missing) > _LETTERS_NAMED else "")


@functools.lru_cache(maxsize=64)
def _without_font(letters: str) -> str:
    """Cached: it takes as long as a page, and fonts are installed only while nobody is served."""
    return engine.without_font(letters)


def sensitive_labels(event_id: int) -> list[str]:
    """The event's sensitive questions, for those who may see the answers."""
    on_offer = export_plan.catalogue(event_id, locale=current_language(), sensitive=True)
    return [str(column.label) for column in on_offer if column.is_sensitive]


def record(page: ExportsPage, viewer: Viewer) -> Sequence[dict[str, object]]:
    """The record of exports, in words; with a link where the viewer surely still sees the list."""
    return [
        {
            "export": export,
            "event": event,
            "name": name or _("Deleted account"),
            "when": short_datetime(export.at, event.time_zone, current_language()),
            "format": registry.called(export.format),
            "people": format_number(export.row_count),
            "url": (
                url_for("attendee_lists.index", event_id=event.id)
                if event.host_id in viewer.organisation_ids
                else None
            ),
        }
        for export, event, name in page.rows
    ]
