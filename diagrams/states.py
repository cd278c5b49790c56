"""What may become of an event, a co-host, a registration, a mail: the code's own tables."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from event_mgmt.events import rules as events
from event_mgmt.events.enums import EventStatus, PartnerStatus
from event_mgmt.mail import models as mail
from event_mgmt.mail.models import MessageState
from event_mgmt.registrations import rules as registrations
from event_mgmt.registrations.enums import OPEN, Status

Transitions = Mapping[Any, frozenset[Any]]


def event() -> str:
    """The statuses of an event."""
    return _picture(events.STATUS_TRANSITIONS, [EventStatus.DRAFT], [EventStatus.ARCHIVED])


def partner() -> str:
    """A co-host's answer."""
    over = [PartnerStatus.ACCEPTED, PartnerStatus.DECLINED]
    return _picture(events.PARTNER_TRANSITIONS, [PartnerStatus.INVITED], over)


def registration() -> str:
    """The statuses of a registration; it may begin with any in which somebody counts on it."""
    begins = [status for status in Status if status in OPEN - {Status.OFFERED}]
    return _picture(registrations.STATUS_TRANSITIONS, begins, [Status.CANCELLED])


def message() -> str:
    """The states of one mail."""
    over = [MessageState.SENT, MessageState.SKIPPED, MessageState.WITHDRAWN]
    return _picture(mail.STATE_TRANSITIONS, [MessageState.QUEUED], over)


def _picture(after: Transitions, begins: list[Any], ends: list[Any]) -> str:
    """A state diagram; states stand in the order in which their enumeration names them."""
    order: list[StrEnum] = list(type(begins[0]))
    lines = ["stateDiagram-v2"]
    lines += [f"    [*] --> {state.value}" for state in begins]
    for state in order:
        lines += [f"    {state.value} --> {new.value}" for new in order if new in after[state]]
    lines += [f"    {state.value} --> [*]" for state in ends]
    return "\n".join(lines)
