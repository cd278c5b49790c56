"""The public pages of events: agenda, calendar, event page, feeds."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from event_mgmt.core.clock import utc_now
from event_mgmt.core.links import public_url
from event_mgmt.events import feeds, public_queries
from event_mgmt.events.agenda_page import agenda_page
from event_mgmt.events.event_page import event_page
from event_mgmt.events.month_page import month_page
from event_mgmt.web.access import ANYONE, open_to
from event_mgmt.web.locale import current_language

bp = Blueprint("agenda", __name__)


@bp.get("/")
@open_to(ANYONE)
def index() -> str:
    """What is coming up, or with ``past`` what has been."""
    page = agenda_page(request.args, locale=current_language(), now=utc_now())
    return render_template("events/agenda.html", page=page)


@bp.get("/calendar")
@open_to(ANYONE)
def calendar() -> str:
    """One month."""
    page = month_page(request.args, locale=current_language(), now=utc_now())
    return render_template("events/calendar.html", page=page)


@bp.get("/events/<slug>")
@open_to(ANYONE)
def event(slug: str) -> str:
    """One event."""
    page = event_page(slug, locale=current_language(), now=utc_now())
    return render_template(
        "events/event.html", page=page, url=public_url("agenda.event", slug=slug)
    )


@bp.get("/events/<slug>.ics")
@open_to(ANYONE)
def event_ics(slug: str) -> Response:
    """One event for the reader's own calendar."""
    return feeds.single(slug)


@bp.get("/calendar.ics")
@open_to(ANYONE)
def feed() -> Response:
    """All events, to subscribe to."""
    return feeds.feed_of(None)


@bp.get("/hosts/<slug>.ics")
@open_to(ANYONE)
def host_feed(slug: str) -> Response:
    """One organisation's events, to subscribe to."""
    return feeds.feed_of(public_queries.organisation_by_slug(slug))
