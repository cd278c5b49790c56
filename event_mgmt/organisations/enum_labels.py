"""What the kinds and the colours of organisations are called on screen."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.organisations.models import OrganisationKind
from event_mgmt.web.enum_labels import EnumLabel

ACCENT_NAMES: Final = {
    "#1d5fa8": _l("Blue"),
    "#0a7466": _l("Teal"),
    "#b34f0a": _l("Orange"),
    "#9b1c31": _l("Crimson"),
    "#2f6b1f": _l("Green"),
    "#3b3a8f": _l("Indigo"),
    "#6b3fa0": _l("Violet"),
    "#8a5a00": _l("Ochre"),
    "#0f6e8c": _l("Petrol"),
    "#a12a7a": _l("Magenta"),
    "#5b4636": _l("Umber"),
    "#455a64": _l("Slate"),
}

ENUM_LABELS: Final = (
    EnumLabel(OrganisationKind.CLUSTER, _l("Cluster")),
    EnumLabel(OrganisationKind.CHAMBER, _l("Chamber")),
    EnumLabel(OrganisationKind.CONSULATE, _l("Consulate")),
    EnumLabel(OrganisationKind.ASSOCIATION, _l("Association")),
    EnumLabel(OrganisationKind.INSTITUTION, _l("Institution")),
    EnumLabel(OrganisationKind.COMPANY, _l("Company")),
)
