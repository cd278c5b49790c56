"""Applications for tests and for the processes that they start."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from flask import Flask

from event_mgmt import settings
from event_mgmt.wiring import ROOMS, create_app
from tests.mail import samples


def an_application(**environ: str) -> Flask:
    """The application with test settings, on the database that ``environ`` names, as it stands."""
    given = {"PUBLIC_BASE_URL": "http://localhost", **environ}
    return create_app(settings.load(given, testing=True), rooms=(*ROOMS, samples.ROOM))


def share_templates(instance: Path) -> None:
    """Let the instance's applications find the templates that others have compiled in this run.

    Each keeps them in its own folder, so that every new one would begin with seconds of compiling.
    An instance that has its own already is left alone.
    """
    folder = instance / "templates"
    if not folder.exists():
        instance.mkdir(parents=True, exist_ok=True)
        folder.symlink_to(_compiled_templates())


@functools.cache
def _compiled_templates() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="events-templates-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
