"""What changed since an earlier list; on both databases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from event_mgmt.accounts.models import User
from event_mgmt.attendee_lists.criteria import ListCriteria
from event_mgmt.core.refusals import Missing
from event_mgmt.events.models import Event
from event_mgmt.registrations.enums import Status
from tests.attendee_lists.making import NOW, taken_by
from tests.attendee_lists.reading import body_of, rows_of
from tests.builders import a_registration, a_user, an_event, saved


def test_changes_since_an_export_tell_who_is_new_changed_and_gone(
    event: Event, staff: User, tmp_path: Path
) -> None:
    def later(registration: Any, **given: Any) -> None:
        for name, value in {"changed_at": NOW + timedelta(hours=2), **given}.items():
            setattr(registration, name, value)
        saved(registration)

    before = {"created_at": NOW - timedelta(days=2), "changed_at": NOW - timedelta(days=2)}
    a_registration(event, family_name="Same", **before)
    changed = a_registration(event, family_name="Changed", **before)
    gone = a_registration(event, family_name="Gone", **before)
    waited = a_registration(event, family_name="Promoted", status=Status.WAITLISTED, **before)
    first = taken_by(staff, event, tmp_path, criteria=ListCriteria(statuses=(Status.CONFIRMED,)))
    later(changed)
    later(gone, status=Status.CANCELLED)
    later(waited, status=Status.CONFIRMED, confirmed_at=NOW + timedelta(hours=2))
    new = {"created_at": NOW + timedelta(hours=1), "changed_at": NOW + timedelta(hours=1)}
    a_registration(event, family_name="New", **new)
    a_registration(event, family_name="Came and went", status=Status.CANCELLED, **new)

    taken = taken_by(
        staff,
        event,
        tmp_path,
        criteria=ListCriteria(statuses=(Status.CONFIRMED,)),
        columns=("family_name",),
        since=first.export_id,
        locale="en",
        now=NOW + timedelta(hours=3),
    )

    rows = rows_of(taken, ",")
    assert rows[0] == ["What changed", "Family name"]
    assert sorted(row[::-1] for row in rows[1:]) == [
        ["Changed", "Changed"],
        ["Gone", "No longer on the list"],
        ["New", "New"],
        ["Promoted", "New"],
    ]


def test_a_change_that_was_under_way_during_an_export_is_told_twice_rather_than_never(
    event: Event, staff: User, tmp_path: Path
) -> None:
    first = taken_by(staff, event, tmp_path)
    slow = NOW - timedelta(seconds=5)  # began before, committed after
    a_registration(event, family_name="Slow", created_at=slow, changed_at=slow)

    taken = taken_by(staff, event, tmp_path, columns=("family_name",), since=first.export_id)

    assert [row[-1] for row in body_of(taken)] == ["Slow"]


@pytest.mark.parametrize("whose", ["another user", "another event"])
def test_changes_are_only_told_since_an_export_of_ones_own_of_this_event(
    event: Event, staff: User, tmp_path: Path, whose: str
) -> None:
    if whose == "another user":
        theirs = taken_by(a_user(event.host), event, tmp_path)
    else:
        theirs = taken_by(staff, an_event(event.host), tmp_path)

    with pytest.raises(Missing):
        taken_by(staff, event, tmp_path, since=theirs.export_id)
