"""What the words of registrations are called on screen."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.registrations.enums import FormOfAddress, Source, Status
from event_mgmt.web.enum_labels import EnumLabel

ENUM_LABELS: Final = (
    EnumLabel(Status.UNCONFIRMED, _l("Address not confirmed"), "neutral"),
    EnumLabel(Status.PENDING, _l("To be decided"), "warn"),
    EnumLabel(Status.CONFIRMED, _l("Confirmed"), "ok"),
    EnumLabel(Status.WAITLISTED, _l("Waiting list"), "neutral"),
    EnumLabel(Status.OFFERED, _l("Seat offered"), "brand"),
    EnumLabel(Status.DECLINED, _l("Not accepted"), "danger"),
    EnumLabel(Status.CANCELLED, _l("Called off"), "danger"),
    EnumLabel(Source.WEB, _l("Online")),
    EnumLabel(Source.DESK, _l("At the desk")),
    EnumLabel(Source.IMPORT, _l("Imported")),
    EnumLabel(FormOfAddress.MS, _l("Ms")),
    EnumLabel(FormOfAddress.MR, _l("Mr")),
)
