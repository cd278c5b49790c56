"""Its one page."""

from __future__ import annotations

from flask import Blueprint

from event_mgmt.accounts.access import ANYONE, open_to

bp = Blueprint("example", __name__)


@bp.get("/example")
@open_to(ANYONE)
def index() -> str:
    """The page."""
    return "an empty room"
