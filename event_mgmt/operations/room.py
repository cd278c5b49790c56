"""Backup, restore, the doctor, and housekeeping."""

from __future__ import annotations

from typing import Final

from event_mgmt.core import compaction, throttle
from event_mgmt.operations import cli
from event_mgmt.rooms import Room

ROOM: Final = Room(
    name="operations",
    commands=cli.COMMANDS,
    jobs=(throttle.delete_expired_counts, compaction.empty_log),
)
