"""When data go, to the instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from event_mgmt.attendee_lists.personal_data import without_searches
from event_mgmt.core.clock import at_wall_clock
from event_mgmt.events.rules import personal_data_erased_at, sensitive_answers_erased_at
from event_mgmt.privacy import rules
from event_mgmt.privacy.enums import RetentionKind
from event_mgmt.privacy.rules import Rule

BERLIN = "Europe/Berlin"
ENDS = at_wall_clock(datetime(2027, 3, 1, 21, 30), BERLIN)


def local(*day: int) -> datetime:
    return at_wall_clock(datetime(*day), BERLIN)


@pytest.mark.parametrize(
    ("ends_at", "days", "gone"),
    [
        (ENDS, 14, local(2027, 3, 15)),
        (ENDS, 0, local(2027, 3, 1)),
        (local(2027, 3, 20), 14, local(2027, 4, 3)),  # across the change to summer time
    ],
)
def test_sensitive_answers_go_as_the_day_begins(ends_at, days, gone) -> None:
    assert sensitive_answers_erased_at(ends_at, BERLIN, days=days) == gone


@pytest.mark.parametrize(
    ("last_day", "months", "gone"),
    [
        ((2027, 3, 1, 21, 30), 12, (2028, 3, 1)),
        ((2027, 1, 31, 12), 1, (2027, 2, 28)),
        ((2028, 2, 29, 12), 12, (2029, 2, 28)),
        ((2027, 3, 30, 12), 12, (2028, 3, 30)),
        ((2027, 12, 31, 23, 59), 2, (2028, 2, 29)),
    ],
)
def test_names_go_on_the_same_day_of_a_later_month(last_day, months, gone) -> None:
    due = personal_data_erased_at(local(*last_day), BERLIN, months=months)

    assert due == local(*gone)


def test_an_evening_in_another_zone_counts_by_its_own_calendar() -> None:
    ends_at = datetime(2027, 3, 1, 23, 30, tzinfo=UTC)  # the second of March in Ljubljana

    assert sensitive_answers_erased_at(ends_at, "Europe/Ljubljana", days=14) == local(2027, 3, 16)


@pytest.mark.parametrize("kind", list(RetentionKind))
def test_due_begins_with_the_very_instant(kind: RetentionKind) -> None:
    rule = Rule(ENDS, BERLIN, sensitive_days=14, retention_months=12)
    due = rule.goes_at(kind)

    assert not rule.is_due(kind, now=due - timedelta(microseconds=1))
    assert rule.is_due(kind, now=due)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", BERLIN, "Etc/GMT+12"])
@pytest.mark.parametrize("kind", list(RetentionKind))
@pytest.mark.parametrize("length", [0, 1, 12, 120])
def test_the_first_look_misses_nothing_that_is_due(kind, zone, length) -> None:
    rule = Rule(ENDS, zone, sensitive_days=length, retention_months=length)

    assert rules.ended_by(kind, length, now=rule.goes_at(kind)) >= ENDS


def test_a_night_is_one_night_until_one_o_clock() -> None:
    assert rules.night_of(datetime(2027, 3, 2, 0, 59, tzinfo=UTC)) == date(2027, 3, 1)
    assert rules.night_of(datetime(2027, 3, 2, 1, 0, tzinfo=UTC)) == date(2027, 3, 2)


def test_records_of_batches_add_up() -> None:
    assert rules.summed({"people": 2, "mails": 0}, {"people": 3, "mentions": 1}) == {
        "people": 5,
        "mentions": 1,
    }


def test_what_was_looked_for_goes_and_the_rest_of_an_export_stays() -> None:
    changes = {"purpose": "Einlass", "criteria": {"search": "kos", "order": "surname"}, "rows": 3}

    assert without_searches(changes) == {
        "purpose": "Einlass",
        "criteria": {"order": "surname"},
        "rows": 3,
    }
