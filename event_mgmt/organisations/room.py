"""Organisations, sectors and agreements."""

from __future__ import annotations

from typing import Final

from event_mgmt.organisations import audit_labels, enum_labels, models
from event_mgmt.rooms import Room

ROOM: Final = Room(
    name="organisations",
    models=(models,),
    enum_labels=enum_labels.ENUM_LABELS,
    audit_labels=audit_labels.AUDIT_LABELS,
)
