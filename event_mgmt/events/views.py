"""The public pages of events: agenda, calendar, event page, feeds."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from event_mgmt.events import feed_views, public_queries
from event_mgmt.web.access import ANYONE, open_to

bp = Blueprint("agenda", __name__)


@bp.get("/events/<slug>")
@open_to(ANYONE)
def event(slug: str) -> str:
    """One event."""
    found = public_queries.event_with_hosts(slug)
    return found.slug


@bp.get("/events/<slug>.ics")
@open_to(ANYONE)
def event_ics(slug: str) -> Response:
    """One event for the reader's own calendar."""
    return feed_views.single(slug)


@bp.get("/calendar.ics")
@open_to(ANYONE)
def feed() -> Response:
    """All events, to subscribe to."""
    return feed_views.feed_of(None)


@bp.get("/hosts/<slug>.ics")
@open_to(ANYONE)
def host_feed(slug: str) -> Response:
    """One organisation's events, to subscribe to."""
    return feed_views.feed_of(public_queries.organisation_by_slug(slug))
