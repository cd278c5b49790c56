"""All commands of ``flask --app app``: ``python -m event_mgmt``, installed as ``event-mgmt``."""

from __future__ import annotations

import sys

from flask.cli import ScriptInfo

from event_mgmt.settings import SettingsError
from event_mgmt.wiring import create_app


def main() -> None:
    """Run the command that was typed, and end with its status; 1 where a setting is wrong."""
    try:
        app = create_app()
    except SettingsError as error:
        sys.exit(f"Settings: {error}")
    with app.app_context():
        app.cli.main(prog_name="event-mgmt", obj=ScriptInfo(create_app=lambda: app))


if __name__ == "__main__":
    main()
