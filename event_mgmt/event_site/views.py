"""The public pages of events: agenda, calendar, event page, feeds."""

from __future__ import annotations

from flask import Blueprint, Response as PlainResponse, render_template, request
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import ANYONE, open_to
from event_mgmt.core.clock import utc_now
from event_mgmt.core.links import public_url
from event_mgmt.event_site import feeds, list_queries
from event_mgmt.event_site.event_page import event_page
from event_mgmt.event_site.list_page import public_events_page
from event_mgmt.event_site.month_page import month_page
from event_mgmt.event_site.partners_page import controllers, partners_page
from event_mgmt.organisations.queries import organisation_by_slug
from event_mgmt.settings import LOCALES
from event_mgmt.web.locale import current_language

SITEMAP_EVENTS = 5000

bp = Blueprint("event_site", __name__)


@bp.get("/")
@open_to(ANYONE)
def index() -> str:
    """What is coming up, or with ``past`` what has been."""
    page = public_events_page(request.args, locale=current_language(), now=utc_now())
    return render_template("event_site/events.html", page=page)


@bp.get("/calendar")
@open_to(ANYONE)
def calendar() -> str:
    """The events of one month as a calendar; ``?month=2027-02``, else the present one."""
    page = month_page(request.args, locale=current_language(), now=utc_now())
    return render_template("event_site/calendar.html", page=page)


@bp.get("/events/<slug>")
@open_to(ANYONE)
def event(slug: str) -> bytes:
    """An event's page, also after the event; 404 for what is not public."""
    return event_page(slug, locale=current_language(), now=utc_now())


@bp.get("/events/<slug>.ics")
@open_to(ANYONE)
def event_ics(slug: str) -> Response:
    """One event for the reader's own calendar."""
    return feeds.single(slug)


@bp.get("/calendar.ics")
@open_to(ANYONE)
def feed() -> Response:
    """All coming public events as a calendar to subscribe to."""
    return feeds.feed_of(None)


@bp.get("/hosts/<slug>.ics")
@open_to(ANYONE)
def host_feed(slug: str) -> Response:
    """The coming public events that one organisation hosts, as a calendar to subscribe to."""
    return feeds.feed_of(organisation_by_slug(slug))


@bp.get("/partners")
@open_to(ANYONE)
def partners() -> str:
    """Who is behind the events."""
    page = partners_page(locale=current_language(), now=utc_now())
    return render_template("event_site/partners.html", page=page)


@bp.get("/imprint")
@open_to(ANYONE)
def imprint() -> str:
    """Who answers for these pages."""
    return render_template("event_site/imprint.html", bodies=list(controllers(now=utc_now())))


@bp.get("/privacy")
@open_to(ANYONE)
def privacy() -> str:
    """What happens to guests' data."""
    months, days = list_queries.usual_retention()
    bodies = list(controllers(now=utc_now()))
    return render_template("event_site/privacy.html", bodies=bodies, months=months, days=days)


@bp.get("/sitemap.xml")
@open_to(ANYONE)
def sitemap() -> PlainResponse:
    """The pages that search engines may know, with their languages."""
    events = list_queries.findable(limit=SITEMAP_EVENTS)
    body = render_template(
        "event_site/sitemap.xml",
        places=[public_url(f"event_site.{name}") for name in ("index", "calendar", "partners")],
        events=[(public_url("event_site.event", slug=slug), changed) for slug, changed in events],
        languages=LOCALES,
    )
    return PlainResponse(body, mimetype="application/xml")
