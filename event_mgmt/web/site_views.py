"""What robots and browsers ask of every site."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from event_mgmt.core.links import public_url
from event_mgmt.web.access import ANYONE, open_to

bp = Blueprint("site", __name__)

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
    body = _ROBOTS.format(sitemap=public_url("agenda.sitemap"))
    return Response(body, mimetype="text/plain", headers={"Cache-Control": "public, max-age=3600"})


@bp.get("/favicon.ico")
@open_to(ANYONE)
def favicon() -> BaseResponse:
    """For browsers that ask for it unasked."""
    return redirect(url_for("static", filename="img/favicon.svg"), 301)
