"""The outbox and its delivery."""

from __future__ import annotations

from typing import Final

from event_mgmt.mail import clocks, enum_labels, models
from event_mgmt.mail.bounces import models as bounce_models
from event_mgmt.rooms import Room

ROOM: Final = Room(
    name="mail",
    models=(models, bounce_models),
    jobs=(clocks.bring_back,),
    enum_labels=enum_labels.ENUM_LABELS,
)
