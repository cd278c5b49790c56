"""A draft has the clocks of every event."""

from __future__ import annotations

from flask import Flask

from event_mgmt.events.enums import EventStatus
from event_mgmt.privacy import retention, rules
from event_mgmt.privacy.enums import RetentionKind
from tests.builders import a_registration, an_event
from tests.privacy.traces import traces_of

HER_NAME = "Žlahtnikova"


def test_data_of_a_draft_go_as_well(app: Flask) -> None:
    draft = an_event(status=EventStatus.DRAFT)
    a_registration(draft, given_name="Ljudmila", family_name=HER_NAME)
    clocks = rules.Rule(
        draft.ends_at, draft.time_zone, draft.sensitive_days, draft.retention_months
    )
    assert traces_of(HER_NAME) != []

    retention.erase_due(clocks.goes_at(RetentionKind.PERSONAL))

    assert traces_of(HER_NAME) == []
