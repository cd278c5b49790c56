"""What it says of itself."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from blinker import Signal

from event_mgmt.audit.labels import AuditLabels
from event_mgmt.mail.kinds import MailKind
from event_mgmt.mail.letters import Letter
from event_mgmt.mail.models import Message
from event_mgmt.rooms import NavigationEntry, PersonalData, Place, Room
from event_mgmt.web.enum_labels import EnumLabel
from tests.architecture.example import views

happened: Final = Signal()
"""What it hears of."""


class Mood(StrEnum):
    """An enumeration of its own."""

    CALM = "calm"


done: list[object] = []
"""What it was asked to do."""


def write(_message: Message) -> Letter:
    """A letter of its own."""
    return Letter(subject="Example", greeting="Hello,", blocks=(), closing="Bye")


def work(now: datetime) -> None:
    """A job of its own."""
    done.append(now)


def hear(_sender: object, **_facts: object) -> None:
    """It hears."""
    done.append("heard")


ROOM: Final = Room(
    name="example",
    blueprints=(views.bp,),
    views=(views,),
    template_filters={"shouted": str.upper},
    mail_kinds=(MailKind("example", "Example mail", write, recipient=None),),
    jobs=(work,),
    listeners=((happened, hear),),
    enum_labels=(EnumLabel(Mood.CALM, "Calm", "ok"),),
    audit_labels=AuditLabels(actions={"example_done": "Example done"}),
    navigation=(
        NavigationEntry(place=Place.PUBLIC, position=99, endpoint="example.index", label="Example"),
    ),
    personal_data=PersonalData(tables=frozenset()),
)
