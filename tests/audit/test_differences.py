"""What an audit entry keeps of a change."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from event_mgmt.audit import differences
from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import EventStatus


def test_only_what_differs_is_kept_with_old_and_new_value():
    old = {"city": "Celje", "seats": 10, "gone": 1}
    new = {"city": "Celje", "seats": 12, "fresh": [1]}

    assert differences.between(old, new) == {
        "seats": [10, 12],
        "gone": [1, None],
        "fresh": [None, [1]],
    }


def test_every_kind_of_value_can_be_written_as_json():
    berlin = datetime(2027, 2, 15, 18, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    new = {
        "status": EventStatus.DRAFT,
        "at": berlin,
        "day": date(2027, 2, 15),
        "title": Localized(sl="Žalec"),
        "rows": [(berlin, Localized(de="Rede"), None, True)],
    }

    kept = {name: value for name, (_, value) in differences.between({}, new).items()}

    assert json.loads(json.dumps(kept)) == {
        "status": "draft",
        "at": "2027-02-15T17:00:00+00:00",
        "day": "2027-02-15",
        "title": {"sl": "Žalec"},
        "rows": [["2027-02-15T17:00:00+00:00", {"de": "Rede"}, None, True]],
    }
    assert differences.as_json(berlin.astimezone(UTC)) == "2027-02-15T17:00:00+00:00"
