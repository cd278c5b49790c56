"""What robots, browsers and monitors ask of every site."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from event_mgmt.accounts.access import ANYONE, open_to
from event_mgmt.core.clock import utc_now
from event_mgmt.core.links import public_url
from event_mgmt.system_pages import queries

bp = Blueprint("system_pages", __name__)

_ROBOTS = """User-agent: *
Disallow: /desk/
Disallow: /login
Disallow: /registration/
Sitemap: {sitemap}
"""


@bp.get("/robots.txt")
@open_to(ANYONE)
def robots() -> Response:
    """What search engines should leave alone. It protects nothing; the policies do."""
    body = _ROBOTS.format(sitemap=public_url("event_site.sitemap"))
    return Response(body, mimetype="text/plain", headers={"Cache-Control": "public, max-age=3600"})


@bp.get("/favicon.ico")
@open_to(ANYONE)
def favicon() -> BaseResponse:
    """For browsers that ask for it unasked."""
    return redirect(url_for("static", filename="img/favicon.svg"), 301)


@bp.get("/health")
@open_to(ANYONE)
def health() -> tuple[dict[str, Any], int]:
    """What a monitor asks: 200 while pages can be served, else 503."""
    found = queries.health(now=utc_now())
    status = "ok" if found.is_well else "unavailable"
    return {"status": status, **found.facts}, 200 if found.is_well else 503
