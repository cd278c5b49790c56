"""Retention on both databases: what goes, what stays, when, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from event_mgmt.accounts.models import Role
from event_mgmt.accounts.sessions import viewer_of
from event_mgmt.attendee_lists import statistics
from event_mgmt.attendee_lists.models import Export, SavedView
from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db, transactional
from event_mgmt.dashboard import queries as desk
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.mail import outbox
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.messaging import planner
from event_mgmt.privacy import retention, rules
from event_mgmt.privacy.enums import RetentionKind
from event_mgmt.privacy.models import RetentionRecord, RetentionRound
from event_mgmt.registrations import erasure
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.models import Attendee, Registration, SensitiveAnswers
from tests.builders import a_registration, a_user, an_event
from tests.messaging.builders import a_rule
from tests.privacy import people
from tests.privacy.people import WORDS, Scene
from tests.privacy.traces import tables_in, traces_of
from tests.sql_counter import counted_statements

INSTANT = timedelta(microseconds=1)


@pytest.fixture
def scene(app: Flask, now: datetime) -> Scene:
    """An event with two parties, exports and mails."""
    event = an_event(seats=20, starts_at=now + timedelta(days=10))
    people.questions_for(event)
    staff = a_user(event.host, Role.ADMINISTRATOR)
    hers = people.registered(event, now=now)
    people.mentioned(event, staff, now=now)
    other = a_registration(event, companions=2, country="DE", given_name="Bojan")
    return Scene(event, hers, other, staff)


def due(event: Event, kind: RetentionKind) -> datetime:
    """When data of ``kind`` go at ``event``."""
    rule = rules.Rule(event.ends_at, event.time_zone, event.sensitive_days, event.retention_months)
    return rule.goes_at(kind)


def record(event: Event, kind: RetentionKind) -> RetentionRecord | None:
    return db.session.scalars(
        select(RetentionRecord)
        .where(RetentionRecord.event_id == event.id, RetentionRecord.kind == kind)
        .execution_options(populate_existing=True)
    ).one_or_none()


def saved_views() -> dict[str, dict[str, str]]:
    found = db.session.scalars(select(SavedView).execution_options(populate_existing=True))
    return {view.name: view.criteria for view in found}


def sensitive_left() -> int:
    return len(db.session.scalars(select(SensitiveAnswers.attendee_id)).all())


def test_sensitive_answers_go_at_their_instant_and_nothing_else(scene: Scene) -> None:
    at = due(scene.event, RetentionKind.SENSITIVE)

    retention.erase_due(at - INSTANT)
    assert sensitive_left() == 1

    retention.erase_due(at)
    assert sensitive_left() == 0
    assert traces_of("brez oreščkov") == []
    assert tables_in(traces_of("Žlahtnikova")) >= {"attendees", "messages"}


def test_personal_data_go_at_their_instant(scene: Scene) -> None:
    at = due(scene.event, RetentionKind.PERSONAL)
    others = ("Bojan", "Žagar", "Begleitung", scene.other.email)

    retention.erase_due(at - INSTANT)
    assert tables_in(traces_of(*WORDS)) >= {"attendees", "messages", "registrations"}

    retention.erase_due(at)
    assert traces_of(*WORDS) == []
    assert traces_of(*others) == []


def test_going_twice_changes_nothing_and_counts_once(scene: Scene) -> None:
    at = due(scene.event, RetentionKind.PERSONAL)

    retention.erase_due(at)
    before = record(scene.event, RetentionKind.PERSONAL)
    counts = dict(before.counts)

    assert retention.erase_due(at + timedelta(days=1)) == 0
    assert record(scene.event, RetentionKind.PERSONAL).counts == counts


def test_numbers_are_the_same_before_and_after(scene: Scene) -> None:
    a_registration(scene.event, status=Status.WAITLISTED, country="AT")
    viewer = viewer_of(scene.staff)
    event = scene.event
    seen = [
        lambda: statistics.statistics_of(event, viewer=viewer),
        lambda: statistics.breakdown_of(event, viewer=viewer).countries,
        lambda: statistics.registrations_over_time(event, viewer=viewer),
        lambda: desk.figures_of(event),
        lambda: desk.countries_of(event.id),
        lambda: db.session.scalars(select(SeatPool.taken)).all(),
    ]
    before = [look() for look in seen]
    assert ("DE", 3) in before[1]

    retention.erase_due(due(event, RetentionKind.PERSONAL))
    db.session.expire_all()

    assert [look() for look in seen] == before


def test_without_the_kept_numbers_the_countries_would_be_lost(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above."""
    monkeypatch.setattr(
        "event_mgmt.registrations.anonymous_counts.count_before_erasure", lambda _ids: None
    )

    retention.erase_due(due(scene.event, RetentionKind.PERSONAL))

    assert desk.countries_of(scene.event.id) == []


def test_many_parties_go_in_batches_with_one_record(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "PARTIES_AT_ONCE", 2)
    for _n in range(4):
        a_registration(scene.event, country="AT")
    at = due(scene.event, RetentionKind.PERSONAL)

    assert retention.erase_due(at, batches=2) == 2, "the sensitive answers first"
    assert record(scene.event, RetentionKind.PERSONAL).completed_at is None

    retention.erase_due(at)
    told = record(scene.event, RetentionKind.PERSONAL)
    assert told.completed_at == at
    assert told.counts["registrations"] == 6
    assert told.counts["people"] == 9
    assert told.counts["organisations"] == 2
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "retention.personal")
    ).all()
    assert [entry.changes for entry in entries] == [told.counts]


def test_the_record_of_an_export_keeps_who_why_and_how_many(scene: Scene) -> None:
    retention.erase_due(due(scene.event, RetentionKind.PERSONAL))

    export = db.session.scalars(select(Export).execution_options(populate_existing=True)).one()
    assert (export.user_id, export.row_count) == (scene.staff.id, 1)
    assert export.purpose == "Tischkarte für dr. […]"
    assert export.criteria == {"order": "surname"}


def test_a_saved_search_stays_while_it_finds_somebody(scene: Scene, now: datetime) -> None:
    later = an_event(starts_at=now + timedelta(days=900))
    a_registration(later, given_name="Ljudmila", family_name="Žlahtnikova")

    retention.erase_due(due(scene.event, RetentionKind.PERSONAL))
    assert saved_views() == {
        "Nina": {"search": "Ljudmila Žlahtnikova", "order": "surname"},
        "Miza […]": {"statuses": "confirmed", "order": "surname"},
    }

    retention.erase_due(due(later, RetentionKind.PERSONAL))
    assert saved_views() == {"Miza […]": {"statuses": "confirmed", "order": "surname"}}


def test_mails_that_were_sent_stay_counted_and_the_others_are_withdrawn(scene: Scene) -> None:
    retention.erase_due(due(scene.event, RetentionKind.PERSONAL))

    states = db.session.scalars(select(Message.state)).all()
    assert set(states) == {MessageState.SENT, MessageState.WITHDRAWN}


@pytest.mark.parametrize("became", ["postponed", "cancelled", "finished", "finished archived"])
def test_whatever_became_of_the_event_its_data_go(scene: Scene, became: str) -> None:
    for status in map(EventStatus, became.split()):
        scene.event.status = status
        db.session.commit()

    retention.erase_due(due(scene.event, RetentionKind.PERSONAL))

    assert traces_of(*WORDS) == []
    live = db.session.scalars(select(Registration.status)).all()
    gone = Status.CANCELLED if status is EventStatus.POSTPONED else Status.CONFIRMED
    assert set(live) == {gone}, "who can never be told of a new date is called off"


def test_an_event_that_was_moved_keeps_its_data_until_its_new_day(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = due(scene.event, RetentionKind.PERSONAL)
    (found, *_) = [d for d in retention.due_at(at) if d.kind is RetentionKind.PERSONAL]

    @transactional
    def move() -> None:
        db.session.execute(update(Event).values(ends_at=Event.ends_at, retention_months=13))

    move()
    monkeypatch.setattr(retention, "due_at", lambda _now: [found])

    assert retention.erase_due(at) == 0
    assert traces_of("Žlahtnikova") != []


def test_a_round_happens_once_a_night(scene: Scene) -> None:
    at = due(scene.event, RetentionKind.PERSONAL)
    night = at.replace(hour=1, minute=0) + timedelta(days=1)

    retention.retain(night)
    assert traces_of("Žlahtnikova") == []
    assert db.session.scalars(select(RetentionRound.night)).all() == [night.date()]

    with counted_statements() as statements:
        retention.retain(night + timedelta(hours=3))
    assert len(statements) == 1


def test_a_long_round_goes_on_with_the_next_call(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "PARTIES_AT_ONCE", 1)
    monkeypatch.setattr(retention, "BATCHES_A_CALL", 2)
    night = due(scene.event, RetentionKind.PERSONAL) + timedelta(days=1)

    calls = 0
    while not db.session.scalars(select(RetentionRound.night)).all():
        retention.retain(night + timedelta(seconds=20 * calls))
        calls += 1
        assert calls < 10

    assert calls > 1
    assert traces_of(*WORDS) == []


def test_mails_of_no_event_go_after_a_year(app: Flask, now: datetime) -> None:
    people.with_account(now=now)
    a_year = rules.ACCOUNT_MAILS_LAST

    retention.retain(now + a_year - INSTANT)
    assert "messages" in tables_in(traces_of(people.ADDRESS))

    retention.retain(now + a_year + timedelta(days=1))
    assert "messages" not in tables_in(traces_of(people.ADDRESS))
    assert sum(db.session.scalars(select(RetentionRound.account_mails))) == 1


def test_the_record_counts_every_mail_of_no_event_however_many(app: Flask, now: datetime) -> None:
    account_mails(5, now=now)
    night = now + rules.ACCOUNT_MAILS_LAST

    retention.retain(night)
    account_mails(2, now=now)
    retention.close_round(night + timedelta(hours=1))  # as an operator does by hand

    assert db.session.scalars(select(RetentionRound.account_mails)).all() == [7]
    assert traces_of("colleague@example.org") == []


@transactional
def account_mails(number: int, *, now: datetime) -> None:
    written = db.session.scalar(select(func.count()).select_from(Message)) or 0
    outbox.enqueue_all(
        (
            outbox.MessageDraft(
                f"k{written + n}", "password_changed", "colleague@example.org", "de"
            )
            for n in range(number)
        ),
        now=now,
    )


def test_an_address_that_came_back_after_an_erasure_goes_and_does_not_keep_the_round_busy(
    app: Flask, now: datetime
) -> None:
    event = an_event(starts_at=now - timedelta(days=400))
    a_registration(event, email="back@example.org", erased_at=now - timedelta(days=300))

    assert retention.erase_due(now, batches=5) == 1
    assert traces_of("back@example.org") == []


def test_an_event_at_which_it_fails_keeps_no_other_from_letting_go(
    app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (an_event(starts_at=now - timedelta(days=days)) for days in (500, 400))
    stuck = a_registration(first, given_name="Prva")
    a_registration(second, given_name="Druga")
    blank = erasure.erase_people

    def fail_at_first(ids: list[int], *, now: datetime) -> dict[str, int]:
        if stuck.id in ids:
            raise ZeroDivisionError
        return blank(ids, now=now)

    monkeypatch.setattr(erasure, "erase_people", fail_at_first)
    with pytest.raises(ZeroDivisionError):
        retention.retain(now)

    assert tables_in(traces_of("Prva")) == {"attendees"}
    assert traces_of("Druga") == []
    assert db.session.scalars(select(RetentionRound)).all() == [], "the round is not over"

    monkeypatch.undo()
    retention.retain(now + timedelta(seconds=20))
    assert traces_of("Prva") == []


def test_an_event_that_got_another_date_after_its_data_had_gone_lets_go_anew(
    app: Flask, now: datetime
) -> None:
    event = an_event(starts_at=now - timedelta(days=500), status=EventStatus.DRAFT)
    retention.erase_due(now)
    assert record(event, RetentionKind.PERSONAL).completed_at == now

    plan_anew(event, now=now)
    retention.erase_due(now + timedelta(days=30))
    assert "messages" in tables_in(traces_of("colleague@example.org"))

    later = now + timedelta(days=500)
    retention.erase_due(later)
    assert traces_of("colleague@example.org") == []
    assert record(event, RetentionKind.PERSONAL).completed_at == later
    assert retention.erase_due(later) == 0


@transactional
def plan_anew(event: Event, *, now: datetime) -> None:
    dates = {"starts_at": now + timedelta(days=7), "ends_at": now + timedelta(days=8)}
    db.session.execute(update(Event).where(Event.id == event.id).values(**dates))
    draft = outbox.MessageDraft(
        "p", "partner_invited", "colleague@example.org", "de", event_id=event.id
    )
    outbox.enqueue(draft, now=now)


def test_nobody_whose_data_have_gone_is_written_to(scene: Scene) -> None:
    at = due(scene.event, RetentionKind.PERSONAL)
    retention.erase_due(at)
    a_rule(scene.event, at=at + timedelta(minutes=1))

    planner.plan(at + timedelta(minutes=2))

    assert db.session.scalars(select(Message).where(Message.kind == "reminder")).all() == []


def test_a_country_of_an_erased_person_is_no_longer_with_the_person(scene: Scene) -> None:
    retention.erase_due(due(scene.event, RetentionKind.PERSONAL))

    assert set(db.session.scalars(select(Attendee.country))) == {""}


def test_the_dry_run_tells_and_touches_nothing(sqlite_app: Flask) -> None:
    event = an_event(starts_at=utc_now() - timedelta(days=400))
    a_registration(event)
    off = an_event(starts_at=utc_now() - timedelta(days=400), status=EventStatus.POSTPONED)
    run: Callable[..., object] = sqlite_app.test_cli_runner().invoke

    account_mails(3, now=utc_now() - timedelta(days=366))

    told = run(args=["privacy", "retain", "--dry-run"])
    assert f"event {event.id}: personal" in told.output
    assert "1 people, 0 mails" in told.output
    assert f"event {off.id}: personal" in told.output
    assert told.output.count("whoever is registered is called off") == 1
    assert "mails that belong to no event: 3" in told.output
    assert traces_of("Luka", "colleague@example.org") != []

    told = run(args=["privacy", "retain"])
    assert "Done; transactions: 3." in told.output
    assert traces_of("Luka", "colleague@example.org") == []
    assert run(args=["privacy", "retain"]).output == "Nothing is due.\n"
