"""The outbox and its delivery."""

from __future__ import annotations

from typing import Final

from event_mgmt.mail import clock_skew, enum_labels, models
from event_mgmt.mail.bounces import models as bounce_models
from event_mgmt.rooms import Room

ROOM: Final = Room(
    name="mail",
    models=(models, bounce_models),
    jobs=(clock_skew.correct_future_due_times,),
    enum_labels=enum_labels.ENUM_LABELS,
)
