"""What the words of accounts are called on screen."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.accounts.models import Role
from event_mgmt.web.enum_labels import EnumLabel

ENUM_LABELS: Final = (
    EnumLabel(Role.ADMINISTRATOR, _l("Administrator")),
    EnumLabel(Role.ORGANISER, _l("Organiser")),
    EnumLabel(Role.STAFF, _l("Staff")),
    EnumLabel(Role.DOOR, _l("Door")),
)
