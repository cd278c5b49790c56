"""What the states of messages are called on screen."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.mail.models import MessageState
from event_mgmt.web.enum_labels import EnumLabel

ENUM_LABELS: Final = (
    EnumLabel(MessageState.QUEUED, _l("Waiting to go out"), "neutral"),
    EnumLabel(MessageState.SENDING, _l("Being sent"), "brand"),
    EnumLabel(MessageState.SENT, _l("Sent"), "ok"),
    EnumLabel(MessageState.FAILED, _l("Not delivered"), "danger"),
    EnumLabel(MessageState.UNCERTAIN, _l("Perhaps delivered"), "warn"),
    EnumLabel(MessageState.WITHDRAWN, _l("Withdrawn"), "neutral"),
    EnumLabel(MessageState.SKIPPED, _l("Not needed any more"), "neutral"),
)
