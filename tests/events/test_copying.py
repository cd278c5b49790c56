"""Duplicating events, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from event_mgmt.audit.service import SYSTEM
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Missing
from event_mgmt.events import queries, service
from event_mgmt.events.enums import EventStatus, PartnerStatus, QuestionKind
from event_mgmt.events.inputs import QuestionInput
from event_mgmt.events.models import Event
from event_mgmt.mail.models import Message
from event_mgmt.messaging.models import ReminderRule
from tests.builders import a_partner, a_registration, a_user, an_event, an_organisation
from tests.events.plans import NOW, SOMEBODY, START, basics, item

IN_SUMMER = datetime(2027, 6, 14, 16, 0, tzinfo=UTC)  # 18:00 in Düsseldorf, like START


def copied(event, *, starts_at=IN_SUMMER, with_partners=True, nonce="copy"):
    return service.duplicate(
        event.id,
        starts_at=starts_at,
        with_partners=with_partners,
        nonce=nonce,
        by=SYSTEM,
        now=NOW,
    )


def test_a_copy_keeps_everything_at_its_distance_from_the_start(app):
    closes = START - timedelta(days=3)
    event = an_event(starts_at=START, registration_closes_at=closes, changes_close_at=closes)
    service.set_programme(
        event.id, [item(1, ends_at=START + timedelta(hours=2))], by=SOMEBODY, now=NOW
    )

    copy = copied(event)

    assert copy.status is EventStatus.DRAFT
    assert copy.starts_at == IN_SUMMER
    assert copy.ends_at - copy.starts_at == event.ends_at - event.starts_at
    assert copy.registration_closes_at == IN_SUMMER - timedelta(days=3)
    assert [row.starts_at for row in copy.programme] == [IN_SUMMER + timedelta(hours=1)]
    assert copy.slug != event.slug
    assert copy.title == event.title
    assert (copy.revision, copy.published_at, copy.postponed_from) == (0, None, None)


def test_a_copy_asks_the_same_questions_of_its_own(app):
    event = an_event()
    diet = QuestionInput("d", QuestionKind.YES_NO, Localized(de="Vegan?"))
    egg = QuestionInput("e", QuestionKind.YES_NO, Localized(de="Mit Ei?"), shown_if=("d", "yes"))
    gone = QuestionInput("g", QuestionKind.YES_NO, Localized(de="Parkplatz?"))
    service.set_questions(event.id, [diet, egg, gone], by=SOMEBODY, now=NOW)
    first, second, _ = queries.active_questions(event.id)
    service.set_questions(
        event.id,
        [
            QuestionInput("d", first.kind, first.label, id=first.id),
            QuestionInput("e", second.kind, second.label, id=second.id, shown_if=("d", "yes")),
        ],
        by=SOMEBODY,
        now=NOW,
    )

    copy = copied(event)

    asked = queries.active_questions(copy.id)
    assert [row.label.into("de") for row in asked] == ["Vegan?", "Mit Ei?"]
    assert asked[1].shown_if_question == asked[0].id
    assert asked[0].id != first.id


def test_a_copy_has_empty_seats_and_invites_the_co_hosts_anew(app):
    event, gzs, gone = an_event(seats=10), an_organisation(), an_organisation()
    a_user(gzs, password_hash="x")
    a_partner(event, gzs, seats=5)
    a_partner(event, gone, status=PartnerStatus.DECLINED)
    a_registration(event)

    copy = copied(event)

    assert [(p.organisation_id, p.status) for p in copy.partners] == [
        (gzs.id, PartnerStatus.INVITED)
    ]
    assert [(p.organisation_id, p.capacity, p.taken) for p in copy.pools] == [
        (None, 10, 0),
        (gzs.id, 5, 0),
    ]
    mails = db.session.execute(select(func.count()).select_from(Message)).scalar_one()
    assert mails == 1


def test_without_co_hosts_their_seats_are_for_all(app):
    event, gzs = an_event(seats=10), an_organisation()
    a_partner(event, gzs, seats=5)

    copy = copied(event, with_partners=False)

    assert copy.partners == []
    assert [(p.organisation_id, p.capacity) for p in copy.pools] == [(None, 15)]


def test_a_copy_takes_over_the_relative_reminders(app):
    host = an_organisation()
    event = service.create(basics(), host_id=host.id, nonce="n", by=SYSTEM, now=NOW)

    copy = copied(event)

    rules = db.session.scalars(select(ReminderRule).where(ReminderRule.event_id == copy.id)).all()
    assert sorted((rule.amount, rule.unit.value) for rule in rules) == [(1, "days"), (7, "days")]


def test_the_same_form_makes_one_copy(app):
    event = an_event()
    assert copied(event).id == copied(event).id
    assert db.session.execute(select(func.count()).select_from(Event)).scalar_one() == 2


def test_a_missing_event_cannot_be_copied(app):
    with pytest.raises(Missing):
        service.duplicate(
            4711,
            starts_at=IN_SUMMER,
            with_partners=False,
            nonce="x",
            by=SYSTEM,
            now=NOW,
        )
