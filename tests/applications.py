"""Applications for tests and for the processes that they start."""

from __future__ import annotations

from flask import Flask

from event_mgmt import settings
from event_mgmt.wiring import ROOMS, create_app
from tests.mail import samples


def an_application(**environ: str) -> Flask:
    """The application with test settings, on the database that ``environ`` names, as it stands."""
    given = {"PUBLIC_BASE_URL": "http://localhost", **environ}
    return create_app(settings.load(given, testing=True), rooms=(*ROOMS, samples.ROOM))
