"""A list's own word on who comes."""

from __future__ import annotations

import pytest

from event_mgmt.events.enums import WaitingListMode
from event_mgmt.registration_desk.imports import dry_run as planning
from event_mgmt.registration_desk.imports.import_plan import ImportPlan, RowFate
from event_mgmt.registration_desk.rules import PoolSeats
from event_mgmt.registrations.enums import Status
from tests.registration_desk.imports.test_dry_run import (
    SHORT,
    fates,
    in_english,  # noqa: F401 - a fixture
    planned,
    terms,
)

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.mark.parametrize(
    ("written", "status"),
    [
        *(
            (word, Status.CONFIRMED)
            for word in ("Zugesagt", "potrjeno", "Paid", "ja", "Angemeldet")
        ),
        *((word, Status.WAITLISTED) for word in ("Warteliste", "na čakalnem seznamu", "waitlist")),
        *((word, Status.PENDING) for word in ("ausstehend", "Pending", "v obravnavi")),
        *((word, Status.DECLINED) for word in ("abgelehnt", "Rejected", "zavrnjeno")),
        *(
            (word, Status.CANCELLED)
            for word in ("Storniert", "Withdrawn", "odjavljena", "No", "ne")
        ),
        ("Seat offered", Status.WAITLISTED),
        ("Address not confirmed", Status.PENDING),
    ],
)
def test_statuses_are_known_as_people_and_programs_write_them(written: str, status: Status) -> None:
    plan = planned(("Ana", "Kos", "a@e.org", written), header=(*SHORT, "Status"))

    assert plan.rows[0].wish is status


@pytest.mark.parametrize("written", ["vielleicht", "invited", "Mit Vorbehalt", "42"])
def test_whoever_has_not_said_yes_is_not_entered_unasked(written: str) -> None:
    plan = planned(("Ana", "Kos", "a@e.org", written), header=(*SHORT, "Status"))

    assert plan.rows[0].fate is RowFate.FAULTY
    assert plan.problems[0].place == 3


def test_who_comes_counts_before_an_earlier_order_that_was_cancelled() -> None:
    rows = (("Ana", "Kos", "a@e.org", "storniert"), ("Ana", "Kos", "a@e.org", "bezahlt"))

    plan = planned(*rows, header=(*SHORT, "Status"))

    assert fates(plan) == [(2, RowFate.TWICE), (3, RowFate.ENTERED)]
    assert plan.parties[0].wish is Status.CONFIRMED


def a_plan_with(*statuses: str) -> ImportPlan:
    rows = [(f"Gast {n}", "Kos", f"g{n}@e.org", status) for n, status in enumerate(statuses)]
    return planned(*rows, header=(*SHORT, "Status"))


def test_a_lists_statuses_are_kept_where_there_are_seats() -> None:
    plan = a_plan_with("Warteliste", "ja", "abgesagt", "abgelehnt", "offen")

    found = planning.forecast_statuses(
        plan, 1, {1: PoolSeats(5, is_waited_for=False)}, terms(), None
    )

    assert [row.status for row in found.rows] == [
        Status.WAITLISTED, Status.CONFIRMED, Status.CANCELLED, Status.DECLINED, Status.PENDING,
    ]  # fmt: skip
    assert (found.mail_count, found.people) == (3, 3)


def test_where_the_organiser_decides_no_list_does_it() -> None:
    plan = a_plan_with("ja", "Warteliste", "abgesagt")

    found = planning.forecast_statuses(
        plan, 1, {1: PoolSeats(5, is_waited_for=False)}, terms(), Status.PENDING
    )

    assert [row.status for row in found.rows] == [
        Status.PENDING, Status.PENDING, Status.CANCELLED,
    ]  # fmt: skip


def test_nobody_waits_where_there_is_no_waiting_list() -> None:
    found = planning.forecast_statuses(
        a_plan_with("Warteliste", "ja"),
        1,
        {1: PoolSeats(5, is_waited_for=False)},
        terms(WaitingListMode.OFF),
        None,
    )

    assert [row.fate for row in found.rows] == [RowFate.FULL, RowFate.ENTERED]
    assert found.problems[0].words == "This event has no waiting list."
