"""Large lists as long tasks; small ones come at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select

from event_mgmt.accounts import queries as accounts
from event_mgmt.accounts.models import Membership, User
from event_mgmt.accounts.sessions import viewer_of
from event_mgmt.attendee_lists import estimate, list_task
from event_mgmt.attendee_lists.criteria import ListCriteria, SortOrder
from event_mgmt.attendee_lists.downloads import ExportedFile
from event_mgmt.attendee_lists.export_plan import Exporter, ExportRequest
from event_mgmt.attendee_lists.list_task import LIST_TASK, ListArguments
from event_mgmt.attendee_lists.models import Export
from event_mgmt.attendee_lists.refusals import TooManyForPaper
from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing
from event_mgmt.events.enums import AttendeeAccess
from event_mgmt.events.models import Event, Partner
from event_mgmt.files.queries import open_chunks
from event_mgmt.tasks import child, queue, service
from event_mgmt.tasks.enums import Reason, TaskState
from event_mgmt.tasks.kinds import known_kinds
from event_mgmt.tasks.models import Task
from tests.builders import NOW, a_partner, a_registration, a_user, an_event, an_organisation
from tests.web.sign_in import signed_in, submit

WISH = ExportRequest(
    "csv",
    "Empfang",
    ("family_name", "email"),
    ListCriteria(search="Žnidar"),
    SortOrder.SURNAME,
)
COLUMNS = {"csv": 20, "xlsx": 20, "json": 20, "vcf": 10, "pdf": 12}


@pytest.fixture
def event(app: Flask) -> Event:
    event = an_event(seats=50)
    for name in ("Žagar", "Žnidar", "Kos"):
        a_registration(event, family_name=name)
    return event


@pytest.fixture
def every_list_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimate, "LONGEST_DIRECT_SECONDS", 0.0)


def _ask(event: Event, user: User, folder: Path, wish: ExportRequest = WISH) -> int:
    taker = Exporter(viewer_of(user), user.display_name, "de")
    asked = list_task.take_or_ask(event, wish, taker=taker, folder=folder, now=NOW)
    assert isinstance(asked, int)
    return asked


def _run(folder: Path) -> Task:
    claim = queue.claim("a", known_kinds(), now=NOW + timedelta(days=1000))
    assert claim is not None
    (folder / "work").mkdir()
    child.run(claim, LIST_TASK, folder / "work")
    db.session.expire_all()
    return db.session.get_one(Task, claim.task_id)


@pytest.mark.parametrize("suffix", COLUMNS)
def test_a_list_of_a_thousand_comes_at_once_but_not_on_paper(
    suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimate, "slowness", lambda: 1.0)

    is_long = estimate.is_long(suffix, people=1000, columns=COLUMNS[suffix])

    assert is_long == (suffix == "pdf")
    assert estimate.is_long(suffix, people=1_000_000, columns=COLUMNS[suffix])


def test_a_slower_machine_makes_tasks_of_shorter_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    long_at = {}
    for slowness in (1.0, 20.0):
        monkeypatch.setattr(estimate, "slowness", lambda so=slowness: so)
        long_at[slowness] = estimate.is_long("xlsx", people=10_000, columns=12)

    assert long_at == {1.0: False, 20.0: True}


def test_a_short_list_is_taken_directly(event: Event, tmp_path: Path) -> None:
    user = a_user(event.host)
    taker = Exporter(viewer_of(user), user.display_name, "de")

    taken = list_task.take_or_ask(event, WISH, taker=taker, folder=tmp_path, now=NOW)

    assert isinstance(taken, ExportedFile)
    taken.file.close()


def test_what_no_format_bears_is_refused_before_anybody_waits(
    event: Event, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every_list_is_long: None
) -> None:
    from event_mgmt.attendee_lists.formats import registry

    monkeypatch.setattr(registry, "MOST_CELLS_ON_PAPER", 3)
    wish = ExportRequest("pdf", "Empfang", ("family_name", "email"))

    with pytest.raises(TooManyForPaper):
        _ask(event, a_user(event.host), tmp_path, wish)


def test_a_wish_survives_in_the_row(event: Event) -> None:
    assert ListArguments.of(event, WISH).wish() == WISH


def test_a_task_writes_what_a_direct_download_would(
    event: Event, tmp_path: Path, every_list_is_long: None
) -> None:
    user = a_user(event.host)
    _ask(event, user, tmp_path)

    task = _run(tmp_path)
    file, name = service.take_result(task.id, viewer=viewer_of(user), now=task.ended_at or NOW)

    text = b"".join(open_chunks(file)).decode("utf-8-sig")
    assert "Žnidar" in text
    assert "Kos" not in text
    assert name.endswith(".csv")


def test_taking_it_is_recorded_as_an_export_each_time(
    event: Event, tmp_path: Path, every_list_is_long: None
) -> None:
    user = a_user(event.host)
    _ask(event, user, tmp_path)
    task = _run(tmp_path)
    assert db.session.scalars(select(Export)).all() == []

    later = (task.ended_at or NOW) + timedelta(hours=2)
    for _ in range(2):
        file, _name = service.take_result(task.id, viewer=viewer_of(user), now=later)

    exports = db.session.scalars(select(Export)).all()
    assert [(e.user_id, e.purpose, e.row_count, e.sha256) for e in exports] == [
        (user.id, "Empfang", 1, file.sha256)
    ] * 2
    assert exports[0].criteria == {"search": "Žnidar", "order": "surname"}
    assert exports[0].at < later - timedelta(hours=1), "changes are told from when it was read"
    entries = select(AuditEntry.at).where(AuditEntry.action == "attendees.exported")
    assert db.session.scalars(entries).all() == [later, later]


def test_whoever_left_the_team_gets_nothing(
    event: Event, tmp_path: Path, every_list_is_long: None
) -> None:
    user = a_user(event.host)
    _ask(event, user, tmp_path)
    task = _run(tmp_path)

    _leave(user.id)

    with pytest.raises(Missing):
        service.take_result(task.id, viewer=_viewer(user.id), now=task.ended_at or NOW)
    assert db.session.scalars(select(Export)).all() == []


def test_whoever_left_before_it_began_has_nothing_written(
    event: Event, tmp_path: Path, every_list_is_long: None
) -> None:
    user = a_user(event.host)
    _ask(event, user, tmp_path)
    _leave(user.id)

    task = _run(tmp_path)

    assert (task.state, task.reason) == (TaskState.FAILED, Reason.NO_RIGHT)


def test_a_partner_who_may_see_fewer_people_meanwhile_gets_nothing(
    event: Event, tmp_path: Path, every_list_is_long: None
) -> None:
    partner = a_partner(event, an_organisation(), access=AttendeeAccess.ALL, seats=5)
    user = a_user(partner.organisation)
    db.session.expire_all()
    _ask(db.session.get_one(Event, event.id), user, tmp_path)
    task = _run(tmp_path)
    ended_at = task.ended_at or NOW
    service.take_result(task.id, viewer=_viewer(user.id), now=ended_at)  # the control

    _narrow(partner.id)

    with pytest.raises(Missing):
        service.take_result(task.id, viewer=_viewer(user.id), now=ended_at)


@transactional
def _leave(user_id: int) -> None:
    db.session.execute(delete(Membership).where(Membership.user_id == user_id))


@transactional
def _narrow(partner_id: int) -> None:
    db.session.get_one(Partner, partner_id).attendee_access = AttendeeAccess.OWN


def _viewer(user_id: int):
    db.session.expire_all()
    return viewer_of(accounts.user(user_id))


def test_the_export_page_leads_to_the_tasks_page(
    event: Event, app: Flask, every_list_is_long: None
) -> None:
    client = signed_in(app.test_client(), a_user(event.host))
    url = f"/desk/events/{event.id}/attendee-list/export"
    fields: Mapping[str, str] = {"purpose": "Empfang", "format": "csv"}

    answer = submit(client, url, to=url, **fields)

    assert answer.status_code == 303
    page = client.get(f"{answer.location}?lang=de")
    assert "Teilnahmeliste" in page.text
    assert "CSV" in page.text
