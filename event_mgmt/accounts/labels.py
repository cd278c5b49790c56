"""What the words of accounts are called on screen."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from event_mgmt.accounts.models import Role
from event_mgmt.web.words import teach

teach(Role.ADMINISTRATOR, _l("Administrator"))
teach(Role.ORGANISER, _l("Organiser"))
teach(Role.STAFF, _l("Staff"))
teach(Role.DOOR, _l("Door"))
