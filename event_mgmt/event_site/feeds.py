"""Calendars to subscribe to, and single events for one's own calendar."""

from __future__ import annotations

import hashlib

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from event_mgmt.core.clock import utc_now
from event_mgmt.core.links import public_url
from event_mgmt.event_site import event_queries
from event_mgmt.events import calendar
from event_mgmt.organisations.models import Organisation
from event_mgmt.web.locale import current_language, site_name


def feed_of(organisation: Organisation | None) -> BaseResponse:
    """The feed of all events, or of one organisation; 304 where the reader has it already."""
    now, locale = utc_now(), current_language()
    organisation_id = organisation.id if organisation else None
    state = event_queries.feed_state(now=now, organisation_id=organisation_id)
    key = f"{organisation_id}|{locale}|{now:%Y-%m-%d}|{state}"
    response = Response(content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response.set_etag(hashlib.sha256(key.encode()).hexdigest()[:32], weak=True)
    response.last_modified = state.changed_at
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Language, Cookie"
    answer = response.make_conditional(request)
    if answer.status_code != 304:
        events = event_queries.feed_events(now=now, organisation_id=organisation_id)
        name, address = _name_and_address(organisation, locale)
        response.set_data(calendar.feed(events, locale=locale, name=name, address=address, now=now))
    return answer


def _name_and_address(organisation: Organisation | None, locale: str) -> tuple[str, str]:
    if organisation is None:
        return site_name(), public_url("event_site.feed", lang=locale)
    address = public_url("event_site.host_feed", slug=organisation.slug, lang=locale)
    return f"{site_name()}: {organisation.name.into(locale)}", address


def single(slug: str) -> BaseResponse:
    """One event as a file for the reader's own calendar."""
    event = event_queries.event_with_hosts(slug)
    body = calendar.calendar_object(event, locale=current_language(), now=utc_now())
    response = Response(body, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response.headers["Content-Disposition"] = f'attachment; filename="{event.slug}.ics"'
    response.headers["Link"] = f'<{url_for("event_site.event", slug=event.slug)}>; rel="canonical"'
    response.headers["Cache-Control"] = "no-cache"
    return response
