"""The WSGI entry."""

import sys

from event_mgmt.settings import SettingsError
from event_mgmt.wiring import create_app

try:
    app = create_app()
except SettingsError as error:
    sys.exit(f"Settings: {error}")
