"""What reminders and messages are called on screen."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.messaging.enums import Unit
from event_mgmt.web.enum_labels import EnumLabel

ENUM_LABELS: Final = (
    EnumLabel(Unit.DAYS, _l("days")),
    EnumLabel(Unit.HOURS, _l("hours")),
)
