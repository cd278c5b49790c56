"""The gallery, on a developer's machine only."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template

from event_mgmt.accounts.access import ANYONE, open_to
from event_mgmt.core.clock import utc_now, wall_clock
from event_mgmt.core.refusals import Missing
from event_mgmt.gallery import samples
from event_mgmt.gallery.forms import refused_form, sample_form
from event_mgmt.settings import Settings
from event_mgmt.web.times import READERS_ZONE

bp = Blueprint("gallery", __name__)


@bp.get("/gallery")
@open_to(ANYONE)
def index() -> str:
    """All components; Missing where guests reach the system from other machines."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.is_local:
        raise Missing
    return render_template(
        "gallery/index.html",
        sample=samples.of(wall_clock(utc_now(), READERS_ZONE).date()),
        form=sample_form(),
        refused=refused_form(),
    )
