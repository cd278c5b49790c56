"""Asking for tasks, cancelling them, and taking their results."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from event_mgmt.accounts import queries as accounts
from event_mgmt.accounts.models import Membership
from event_mgmt.accounts.policy import ANONYMOUS, Viewer
from event_mgmt.accounts.sessions import viewer_of
from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing
from event_mgmt.tasks import queries, queue, service
from event_mgmt.tasks.enums import TaskState
from event_mgmt.tasks.kinds import Taking, known_kinds
from event_mgmt.tasks.models import Task
from event_mgmt.tasks.refusals import TooManyOpen
from event_mgmt.tasks.rules import MOST_OPEN
from tests.builders import NOW, a_user, an_organisation
from tests.tasks.kinds_for_tests import Counting, a_kind, a_result, known


def _viewer(user_id: int) -> Viewer:
    db.session.expire_all()
    return viewer_of(accounts.user(user_id))


def _done(claim_of: int, *, now=NOW) -> None:
    claim = queue.claim("a", known_kinds(), now=now)
    assert claim is not None
    assert claim.task_id == claim_of
    queue.finish(claim, a_result(claim, now=now), now=now)


def test_nobody_asks_for_what_they_have_no_right_to(ask: Callable[..., int]) -> None:
    own, foreign = an_organisation(), an_organisation()
    user = a_user(own)

    with pytest.raises(Missing):
        ask(user=user, only_for=foreign.id)
    with pytest.raises(Missing):
        service.ask("count", Counting(), viewer=ANONYMOUS, locale="de", now=NOW)

    assert ask(user=user, only_for=own.id)


def test_a_person_has_so_many_open_at_most(ask: Callable[..., int]) -> None:
    organisation = an_organisation()
    user, colleague = a_user(organisation), a_user(organisation)
    ids = [ask(user=user, organisation=organisation) for _ in range(MOST_OPEN)]

    with pytest.raises(TooManyOpen):
        ask(user=user, organisation=organisation)

    ask(user=colleague, organisation=organisation)
    service.cancel(ids[0], viewer=viewer_of(user), now=NOW)
    ask(user=user, organisation=organisation)


def test_requests_at_the_same_moment_do_not_exceed_it(
    ask: Callable[..., int], tasks_app: Flask
) -> None:
    organisation = an_organisation()
    user = a_user(organisation)
    viewer = viewer_of(user)
    refused: list[TooManyOpen] = []
    ready = threading.Barrier(MOST_OPEN + 3)

    def press() -> None:
        with tasks_app.app_context():
            ready.wait()
            try:
                service.ask("count", Counting(), viewer=viewer, locale="de", now=NOW)
            except TooManyOpen as refusal:
                refused.append(refusal)
            finally:
                db.session.remove()

    presses = [threading.Thread(target=press) for _ in range(MOST_OPEN + 3)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()

    assert len(refused) == 3
    count = select(func.count()).select_from(Task).where(Task.user_id == user.id)
    assert db.session.execute(count).scalar_one() == MOST_OPEN


def test_a_waiting_task_is_cancelled_at_once(ask: Callable[..., int]) -> None:
    organisation = an_organisation()
    user = a_user(organisation)
    task_id = ask(user=user, organisation=organisation)

    service.cancel(task_id, viewer=viewer_of(user), now=NOW)

    assert queries.task_of(task_id, viewer=viewer_of(user)).state is TaskState.CANCELLED
    assert queue.claim("a", known_kinds(), now=NOW) is None


def test_a_task_is_its_askers_alone(ask: Callable[..., int]) -> None:
    organisation = an_organisation()
    task_id = ask(user=a_user(organisation), organisation=organisation)
    _done(task_id)
    colleague = viewer_of(a_user(organisation))

    for verb in (
        lambda: queries.task_of(task_id, viewer=colleague),
        lambda: service.cancel(task_id, viewer=colleague, now=NOW),
        lambda: service.take_result(task_id, viewer=colleague, now=NOW),
    ):
        with pytest.raises(Missing):
            verb()


def test_a_result_is_taken_with_a_record(ask: Callable[..., int], tasks_app: Flask) -> None:
    taken: list[Taking] = []
    organisation = an_organisation()
    user = a_user(organisation)
    with known(tasks_app, a_kind(record=lambda _given, taking: taken.append(taking))):
        task_id = ask(user=user, organisation=organisation)
        _done(task_id)

        file, name = service.take_result(task_id, viewer=viewer_of(user), now=NOW)

    assert (name, file.size) == ("numbers.txt", 6)
    assert taken == [Taking(user.id, viewer_of(user), NOW, file.sha256, {"rows": 3})]
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "task.result_taken")
    ).one()
    assert (entry.user_id, entry.subject_id, entry.changes["sha256"]) == (
        user.id,
        task_id,
        file.sha256,
    )


def test_without_its_record_no_result_leaves_the_house(
    ask: Callable[..., int], tasks_app: Flask
) -> None:
    def broken(_given: Counting, _taking: Taking) -> None:
        raise OSError("no room")

    organisation = an_organisation()
    user = a_user(organisation)
    with known(tasks_app, a_kind(record=broken)):
        task_id = ask(user=user, organisation=organisation)
        _done(task_id)

        with pytest.raises(OSError, match="no room"):
            service.take_result(task_id, viewer=viewer_of(user), now=NOW)

    taken = select(AuditEntry).where(AuditEntry.action == "task.result_taken")
    assert db.session.scalars(taken).all() == []


def test_who_has_lost_the_right_meanwhile_gets_no_result(ask: Callable[..., int]) -> None:
    organisation = an_organisation()
    user = a_user(organisation)
    task_id = ask(user=user, organisation=organisation, only_for=organisation.id)
    _done(task_id)
    service.take_result(task_id, viewer=_viewer(user.id), now=NOW)  # the control

    _leave_team(user.id)

    with pytest.raises(Missing):
        service.take_result(task_id, viewer=_viewer(user.id), now=NOW)


@transactional
def _leave_team(user_id: int) -> None:
    db.session.execute(delete(Membership).where(Membership.user_id == user_id))


def test_a_result_is_gone_after_a_day(ask: Callable[..., int]) -> None:
    organisation = an_organisation()
    user = a_user(organisation)
    task_id = ask(user=user, organisation=organisation)
    _done(task_id)
    day = NOW + timedelta(days=1)

    service.take_result(task_id, viewer=viewer_of(user), now=day - timedelta(seconds=1))
    with pytest.raises(Missing):
        service.take_result(task_id, viewer=viewer_of(user), now=day)
