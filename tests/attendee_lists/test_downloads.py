"""Taking lists: what is in them, who may, and what is recorded; on both databases."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from event_mgmt.accounts.models import Role, User
from event_mgmt.attendee_lists import downloads, service
from event_mgmt.attendee_lists.columns import STANDARD
from event_mgmt.attendee_lists.criteria import Criteria, Order
from event_mgmt.attendee_lists.downloads import Taken
from event_mgmt.attendee_lists.formats import registry
from event_mgmt.attendee_lists.models import Export
from event_mgmt.attendee_lists.refusals import (
    NoColumns,
    NotInThisFormat,
    PurposeMissing,
    TooManyForPaper,
    UnknownFormat,
)
from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Missing, Refusal
from event_mgmt.events.models import Event, Question
from event_mgmt.events.words import AttendeeAccess, QuestionKind
from event_mgmt.registrations.models import SensitiveAnswers
from event_mgmt.registrations.words import Status
from tests.attendee_lists.making import NOW, taken_by
from tests.builders import a_partner, a_registration, a_user, an_event, an_organisation, saved


@pytest.fixture
def event(app: Flask) -> Event:
    return an_event(seats=100)


@pytest.fixture
def staff(event: Event) -> User:
    return a_user(event.host, Role.STAFF)


def _rows(taken: Taken, separator: str = ";") -> list[list[str]]:
    text = taken.file.read().decode("utf-8-sig")
    taken.file.seek(0)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def _body(taken: Taken) -> list[list[str]]:
    return _rows(taken)[1:]


def _exports() -> int:
    return db.session.execute(select(func.count()).select_from(Export)).scalar_one()


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

    assert len(_rows(taken)[0]) == 5
    first, second = sorted(_body(taken), key=lambda row: row[2])
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

    heads, row = _rows(taken, ",")
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
    criteria = Criteria(statuses=(Status.CONFIRMED,), country="SI")

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

    assert _exports() == 0


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

    assert _exports() == 0
    assert list(tmp_path.glob("*")) == []


def test_a_list_too_long_for_paper_is_refused_and_leaves_nothing(
    event: Event, staff: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    short = replace(registry.BY_KEY["door"], most=2)
    monkeypatch.setitem(registry.BY_KEY, "door", short)
    a_registration(event, companions=2)

    with pytest.raises(TooManyForPaper):
        taken_by(staff, event, tmp_path, format="door")

    assert _exports() == 0
    assert list(tmp_path.glob("*")) == []


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

    assert _body(taken) == [["Own"]]


def _question(event: Event, kind: QuestionKind, **given: Any) -> Question:
    label = given.pop("label", "Frage")
    return saved(Question(event_id=event.id, kind=kind, label=Localized(de=label), **given))


def test_answers_are_columns_with_the_words_of_their_options(
    event: Event, staff: User, tmp_path: Path
) -> None:
    options = [{"key": "a", "label": {"de": "Fisch"}}, {"key": "b", "label": {"de": "Fleisch"}}]
    choice = _question(event, QuestionKind.CHOICES, options=options, label="Menü")
    number = _question(event, QuestionKind.NUMBER, label="Alter")
    day = _question(event, QuestionKind.DATE, label="Ankunft")
    yes_no = _question(event, QuestionKind.YES_NO, label="Bus")
    text = _question(event, QuestionKind.SHORT_TEXT, label="Hotel")
    questions = (choice, number, day, yes_no, text)
    registration = a_registration(event)
    registration.attendees[0].answers = {
        str(choice.id): ["b", "a", "gone"],
        str(number.id): 42,
        str(day.id): "2027-02-14",
        str(yes_no.id): False,
        str(text.id): "=HYPERLINK()",
    }
    saved(registration)
    a_registration(event, family_name="Ž")

    taken = taken_by(staff, event, tmp_path, columns=tuple(f"question_{q.id}" for q in questions))

    rows = _rows(taken)
    assert rows[0] == ["Menü", "Alter", "Ankunft", "Bus", "Hotel"]
    answered = next(row for row in rows[1:] if any(row))
    assert answered[:3] == ["Fleisch, Fisch, gone", "42", "14.02.2027"]
    assert answered[3] in {"no", "nein"}
    assert answered[4] == "'=HYPERLINK()"
    assert ["", "", "", "", ""] in rows[1:]


def _with_sensitive_answer(event: Event) -> Question:
    question = _question(event, QuestionKind.SHORT_TEXT, label="Allergien", is_sensitive=True)
    registration = a_registration(event, family_name="Žagar")
    saved(
        SensitiveAnswers(
            attendee_id=registration.attendees[0].id, answers={str(question.id): "Nüsse"}
        )
    )
    return question


def test_sensitive_answers_are_in_no_ordinary_list(event: Event, tmp_path: Path) -> None:
    question = _with_sensitive_answer(event)
    user = a_user(event.host, Role.STAFF, sees_sensitive=True)

    taken = taken_by(user, event, tmp_path, columns=("family_name", f"question_{question.id}"))

    assert _body(taken) == [["Žagar"]]


def test_sensitive_answers_are_taken_alone_with_the_names_by_those_with_the_right(
    event: Event, tmp_path: Path
) -> None:
    _with_sensitive_answer(event)
    user = a_user(event.host, Role.STAFF, sees_sensitive=True)

    taken = taken_by(user, event, tmp_path, is_sensitive=True)

    heads, row = _rows(taken)
    assert heads[-1] == "Allergien"
    assert len(heads) == 6
    assert row[-1] == "Nüsse"
    export = db.session.scalars(select(Export)).one()
    assert export.criteria["contents"] == "sensitive"


@pytest.mark.parametrize("key", ["vcf", "door", "sign_in", "protocol"])
def test_sensitive_answers_go_into_tables_only(event: Event, tmp_path: Path, key: str) -> None:
    user = a_user(event.host, Role.STAFF, sees_sensitive=True)

    with pytest.raises(NotInThisFormat):
        taken_by(user, event, tmp_path, is_sensitive=True, format=key)


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
    first = taken_by(staff, event, tmp_path, criteria=Criteria(statuses=(Status.CONFIRMED,)))
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
        criteria=Criteria(statuses=(Status.CONFIRMED,)),
        columns=("family_name",),
        since=first.export_id,
        locale="en",
        now=NOW + timedelta(hours=3),
    )

    rows = _rows(taken, ",")
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

    assert [row[-1] for row in _body(taken)] == ["Slow"]


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


def test_an_export_reads_its_rows_in_the_order_of_the_reader(
    event: Event, staff: User, tmp_path: Path
) -> None:
    for surname in ("Žagar", "Zupan", "Čeh", "Cvetko"):
        a_registration(event, family_name=surname)

    german = taken_by(staff, event, tmp_path, columns=("family_name",))
    slovenian = taken_by(staff, event, tmp_path, columns=("family_name",), locale="sl")

    assert _body(german) == [["Čeh"], ["Cvetko"], ["Žagar"], ["Zupan"]]
    assert _body(slovenian) == [["Cvetko"], ["Čeh"], ["Zupan"], ["Žagar"]]


def test_more_rows_than_one_batch_all_arrive(
    event: Event, staff: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads.sheets.queries, "BATCH", 3)
    for n in range(10):
        a_registration(event, family_name=f"N{n}")

    taken = taken_by(staff, event, tmp_path, columns=("family_name",))

    assert [row[0] for row in _body(taken)] == [f"N{n}" for n in range(10)]


def test_what_a_killed_process_left_behind_is_swept_out(
    event: Event, staff: User, tmp_path: Path
) -> None:
    import os

    left = tmp_path / "tmpold"
    left.mkdir()
    (left / "list").write_text("personal")
    os.utime(left, (0, 0))
    fresh = tmp_path / "tmpnew"
    fresh.mkdir()

    taken_by(staff, event, tmp_path)

    assert list(tmp_path.iterdir()) == [fresh]


def test_saving_under_the_same_name_replaces(app: Flask) -> None:
    user = a_user()

    first = service.save_view(user.id, " Gäste  aus NRW ", Criteria(country="DE"), Order.SURNAME)
    second = service.save_view(user.id, "Gäste aus NRW", Criteria(country="SI"), Order.STATUS)

    assert first.id == second.id
    assert second.criteria == {"country": "SI", "order": "status"}


@pytest.mark.parametrize("delete", [service.delete_view, service.delete_template])
def test_nobody_deletes_what_is_somebody_elses(app: Flask, delete: Any) -> None:
    user, other = a_user(), a_user()
    view = service.save_view(user.id, "A", Criteria(), Order.SURNAME)
    template = service.save_template(user.id, "A", ["family_name"], Order.SURNAME)
    own = view.id if delete is service.delete_view else template.id

    with pytest.raises(Missing):
        delete(other.id, own)
    delete(user.id, own)
    with pytest.raises(Missing):
        delete(user.id, own)


@pytest.mark.parametrize("name", ["", "   "])
def test_what_is_kept_needs_a_name(app: Flask, name: str) -> None:
    with pytest.raises(Refusal):
        service.save_template(a_user().id, name, ["family_name"], Order.SURNAME)


def test_there_is_an_end_to_what_one_person_keeps(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_SAVED", 1)
    user = a_user()
    service.save_template(user.id, "A", ["family_name"], Order.SURNAME)

    with pytest.raises(Refusal):
        service.save_template(user.id, "B", ["family_name"], Order.SURNAME)
