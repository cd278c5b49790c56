"""Taking lists: what is in them, and what is recorded; on both databases."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from event_mgmt.accounts.models import Role, User
from event_mgmt.attendee_lists import downloads, service
from event_mgmt.attendee_lists.columns import STANDARD
from event_mgmt.attendee_lists.criteria import ListCriteria
from event_mgmt.attendee_lists.formats import registry
from event_mgmt.attendee_lists.models import Export
from event_mgmt.attendee_lists.refusals import (
    NoColumns,
    PurposeMissing,
    TooManyForPaper,
    UnknownFormat,
)
from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing, Refusal
from event_mgmt.events.enums import AttendeeAccess
from event_mgmt.events.models import Event
from event_mgmt.registrations.enums import Status
from tests.attendee_lists.making import NOW, taken_by
from tests.attendee_lists.reading import body_of, exports, rows_of
from tests.builders import a_partner, a_registration, a_user, an_organisation, saved


def test_a_list_has_the_columns_asked_for_in_their_order(
    event: Event, staff: User, tmp_path: Path
) -> None:
    a_registration(event, given_name="Ana", family_name="Žagar", companions=1)

    taken = taken_by(
        staff,
        event,
        tmp_path,
        columns=("family_name", "number", "companion_of", "email", "given_name", "no_such"),
    )

    assert len(rows_of(taken)[0]) == 5
    first, second = sorted(body_of(taken), key=lambda row: row[2])
    assert (first[0], first[2], first[4]) == ("Žagar", "", "Ana")
    assert first[3].endswith("@example.org")
    assert (second[2], second[3]) == ("Ana Žagar", "")
    assert {first[1], second[1]} == {"1", "2"}


def test_every_standard_column_can_be_taken(event: Event, staff: User, tmp_path: Path) -> None:
    registration = a_registration(event, country="SI", message="Pridem pozneje", shares_name=True)
    registration.attendees[0].checked_in_at = NOW
    registration.attendees[0].phone = "+38614701234"
    saved(registration)

    taken = taken_by(staff, event, tmp_path, columns=tuple(c.key for c in STANDARD), locale="en")

    heads, row = rows_of(taken, ",")
    cells = dict(zip(heads, row, strict=True))
    assert cells["No."] == "1"
    assert cells["Status"] == "Confirmed"
    assert cells["Country"] == "Slovenia"
    assert cells["Country code"] == "SI"
    assert cells["Language"] == "Slovenian"
    assert cells["Phone"] == "'+38614701234"
    assert cells["Registered"] == "2027-01-12 10:00"
    assert cells["Message to the hosts"] == "Pridem pozneje"
    assert cells["Name may be shared"] == "yes"


@pytest.mark.parametrize("key", sorted(registry.BY_KEY))
def test_every_format_can_be_taken(event: Event, staff: User, tmp_path: Path, key: str) -> None:
    a_registration(event, family_name="Žagar", companions=1)

    taken = taken_by(staff, event, tmp_path, format=key)

    content = taken.file.read()
    assert taken.row_count == 2
    assert taken.sha256 == hashlib.sha256(content).hexdigest()
    assert content
    assert taken.name.isascii()
    assert taken.name.endswith(f"-{event.slug}-2027-01-12.{registry.BY_KEY[key].suffix}")
    assert list(tmp_path.iterdir()) == []


def test_a_taking_leaves_a_record_and_an_audit_entry_of_who_what_how_many_and_why(
    event: Event, staff: User, tmp_path: Path
) -> None:
    a_registration(event)
    criteria = ListCriteria(statuses=(Status.CONFIRMED,), country="SI")

    taken = taken_by(staff, event, tmp_path, criteria=criteria, purpose="  Einlass\n am Tor ")

    export = db.session.scalars(select(Export)).one()
    assert (export.event_id, export.user_id, export.format) == (event.id, staff.id, "csv")
    assert (export.purpose, export.row_count) == ("Einlass am Tor", 1)
    assert export.sha256 == hashlib.sha256(taken.file.read()).hexdigest()
    assert export.columns == ["given_name", "family_name", "status"]
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.user_id, entry.event_id) == (
        "attendees.exported",
        staff.id,
        event.id,
    )
    assert entry.organisation_id == event.host_id
    assert entry.subject_id == export.id
    assert entry.changes == {
        "format": "csv",
        "purpose": "Einlass am Tor",
        "criteria": {"statuses": "confirmed", "country": "SI", "order": "surname"},
        "columns": ["given_name", "family_name", "status"],
        "rows": 1,
        "sha256": export.sha256,
    }


def test_without_a_record_there_is_no_list(
    event: Event, staff: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(service.audit, "record", fail)

    with pytest.raises(RuntimeError):
        taken_by(staff, event, tmp_path)

    assert exports() == 0


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        ({"purpose": "  \n "}, PurposeMissing),
        ({"columns": ()}, NoColumns),
        ({"columns": ("no_such",)}, NoColumns),
        ({"format": "exe"}, UnknownFormat),
        ({"since": 4711}, Missing),
        ({"is_sensitive": True}, Missing),
    ],
)
def test_what_cannot_be_granted_is_refused_and_leaves_nothing(
    event: Event, staff: User, tmp_path: Path, wish: dict[str, Any], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        taken_by(staff, event, tmp_path, **wish)

    assert exports() == 0
    assert list(tmp_path.glob("*")) == []


def test_a_list_too_long_for_paper_is_refused_and_leaves_nothing(
    event: Event, staff: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = replace(registry.BY_KEY["door"], most=2)
    monkeypatch.setitem(registry.BY_KEY, "door", short)
    a_registration(event, companions=2)

    with pytest.raises(TooManyForPaper, match=r"\b2\b"):
        taken_by(staff, event, tmp_path, format="door")

    assert exports() == 0
    assert list(tmp_path.glob("*")) == []


def test_more_columns_leave_room_on_paper_for_fewer_people(
    event: Event, staff: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "MOST_CELLS_ON_PAPER", 8)
    a_registration(event, companions=3)

    taken_by(staff, event, tmp_path, format="pdf", columns=("number", "family_name"))
    with pytest.raises(TooManyForPaper, match=r"\b2\b"):
        taken_by(
            staff,
            event,
            tmp_path,
            format="pdf",
            columns=("number", "given_name", "family_name", "email"),
        )
    for layout in ("door", "sign_in", "protocol"):  # fewer columns on paper than they read
        assert taken_by(staff, event, tmp_path, format=layout).row_count == 4


@pytest.mark.parametrize("role", [Role.DOOR])
def test_the_door_may_look_but_not_take(event: Event, tmp_path: Path, role: Role) -> None:
    with pytest.raises(Missing):
        taken_by(a_user(event.host, role), event, tmp_path)


def test_a_stranger_takes_nothing(event: Event, tmp_path: Path) -> None:
    with pytest.raises(Missing):
        taken_by(a_user(an_organisation(), Role.ADMINISTRATOR), event, tmp_path)


def test_a_co_host_takes_its_own_contingent_only(event: Event, tmp_path: Path) -> None:
    partner = an_organisation("Partner")
    a_partner(event, partner, access=AttendeeAccess.OWN, seats=5)
    own = next(pool for pool in event.pools if pool.organisation_id == partner.id)
    a_registration(event, family_name="General")
    a_registration(event, family_name="Own", pool=own)

    taken = taken_by(a_user(partner, Role.STAFF), event, tmp_path, columns=("family_name",))

    assert body_of(taken) == [["Own"]]


def test_an_export_reads_its_rows_in_the_order_of_the_reader(
    event: Event, staff: User, tmp_path: Path
) -> None:
    for surname in ("Žagar", "Zupan", "Čeh", "Cvetko"):
        a_registration(event, family_name=surname)

    german = taken_by(staff, event, tmp_path, columns=("family_name",))
    slovenian = taken_by(staff, event, tmp_path, columns=("family_name",), locale="sl")

    assert body_of(german) == [["Čeh"], ["Cvetko"], ["Žagar"], ["Zupan"]]
    assert body_of(slovenian) == [["Cvetko"], ["Čeh"], ["Zupan"], ["Žagar"]]


def test_more_rows_than_one_batch_all_arrive(
    event: Event, staff: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads.export_plan.queries, "BATCH", 3)
    for n in range(10):
        a_registration(event, family_name=f"N{n}")

    taken = taken_by(staff, event, tmp_path, columns=("family_name",))

    assert [row[0] for row in body_of(taken)] == [f"N{n}" for n in range(10)]


def test_what_a_killed_process_left_behind_is_swept_out(
    event: Event, staff: User, tmp_path: Path
) -> None:
    left = tmp_path / "tmpold"
    left.mkdir()
    (left / "list").write_text("personal")
    os.utime(left, (0, 0))
    fresh = tmp_path / "tmpnew"
    fresh.mkdir()

    taken_by(staff, event, tmp_path)

    assert list(tmp_path.iterdir()) == [fresh]
