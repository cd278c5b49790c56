"""The outbox and its delivery."""

from __future__ import annotations

from typing import Final

from event_mgmt.mail import clock_skew, enum_labels, models, personal_data, personal_report
from event_mgmt.mail.bounces import models as bounce_models
from event_mgmt.rooms import PersonalData, Room

ROOM: Final = Room(
    name="mail",
    models=(models, bounce_models),
    jobs=(clock_skew.correct_future_due_times,),
    enum_labels=enum_labels.ENUM_LABELS,
    personal_data=PersonalData(
        tables=personal_data.TABLES,
        addresses=personal_data.addresses,
        find=personal_data.find,
        report=personal_report.report,
        erase=personal_data.erase,
        redact=personal_data.redact,
        erase_rest=personal_data.erase_rest,
        count_eventless=personal_data.count_eventless,
        erase_eventless=personal_data.erase_eventless,
        count_holdings=personal_data.count_holdings,
    ),
)
