"""Making, editing and copying events, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Missing, Stale
from event_mgmt.events import refusals, service, signals
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.organisations.models import Sector
from tests.builders import a_registration, a_user, an_event, an_organisation, saved
from tests.events.plans import NOW, SOMEBODY, START, basics, by, details, item

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def told():
    """What the rooms above were told, as (signal name, facts)."""
    heard = []
    listeners = []
    for name in ("created", "duplicated", "published", "changed", "postponed", "cancelled"):

        def listen(_sender, name=name, **facts):
            heard.append((name, facts))

        getattr(signals, name).connect(listen)
        listeners.append(listen)
    yield heard
    for listen in listeners:
        for name in ("created", "duplicated", "published", "changed", "postponed", "cancelled"):
            getattr(signals, name).disconnect(listen)


def made(organiser=None, host=None, *, nonce="n1", publish=False, **given):
    host = host or an_organisation()
    organiser = organiser or a_user(host)
    return service.create(
        basics(**given),
        host_id=host.id,
        nonce=nonce,
        by=by(organiser),
        now=NOW,
        publish=publish,
    )


def count_of(kind):
    return db.session.execute(select(func.count()).select_from(kind)).scalar_one()


def last_entry():
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()


def names(told):
    return [name for name, _ in told]


def test_a_new_event_is_a_draft_with_sensible_defaults(app, told):
    host = an_organisation(email="office@example.org")

    event = made(host=host, seats=3)

    assert event.status is EventStatus.DRAFT
    assert event.slug == "jahresempfang"
    assert [pool.capacity for pool in event.pools] == [3]
    assert event.largest_party == 3
    assert event.changes_close_at == START - timedelta(days=2)
    assert event.reply_to == "office@example.org"
    assert "letni sprejem" in event.search_text
    assert names(told) == ["created"]
    assert last_entry().action == "event_created"
    assert last_entry().changes["city"] == [None, "Düsseldorf"]


def test_a_form_sent_twice_makes_one_event(app, told):
    host = an_organisation()
    user = a_user(host)

    first = made(user, host, publish=True)
    second = made(user, host, publish=True)

    assert first.id == second.id
    assert count_of(Event) == 1
    assert names(told) == ["created", "published"]
    assert count_of(AuditEntry) == 2


def test_going_back_and_sending_other_words_edits_the_same_event(app):
    host = an_organisation()
    user = a_user(host)
    made(user, host)

    again = made(user, host, publish=True, city="Köln")

    assert count_of(Event) == 1
    assert again.city == "Köln"
    assert again.status is EventStatus.PUBLISHED


def test_an_old_form_does_not_undo_what_somebody_did_since(app):
    host = an_organisation()
    user = a_user(host)
    event = made(user, host)
    service.edit_basics(event.id, basics(city="Celje"), by=SOMEBODY, now=LATER)

    with pytest.raises(Stale):
        made(user, host, city="Köln")


def test_two_events_of_one_name_have_two_addresses(app):
    assert made(nonce="a").slug == "jahresempfang"
    assert made(nonce="b").slug == "jahresempfang-2027"


def test_an_event_that_cannot_be_announced_is_not_made_either(app):
    with pytest.raises(refusals.PlaceMissing):
        made(publish=True, city="", venue_name="")

    assert count_of(Event) == 0


def test_an_unknown_host_is_refused(app):
    user = a_user()
    with pytest.raises(Missing):
        service.create(basics(), host_id=4711, nonce="n", by=by(user), now=NOW)


def test_an_edit_of_a_draft_is_no_news_for_guests(app, told):
    event = made()

    service.edit_basics(
        event.id, basics(city="Neuss", title=Localized(de="Empfang")), by=SOMEBODY, now=NOW
    )

    assert event.revision == 0
    assert event.slug == "empfang"
    assert names(told) == ["created"]


def test_a_new_place_of_a_published_event_is_told_with_the_old_one(app, told):
    event = made(publish=True)

    service.edit_basics(event.id, basics(city="Neuss"), by=SOMEBODY, now=LATER)

    assert event.revision == 1
    assert event.status is EventStatus.PUBLISHED
    assert names(told) == ["created", "published", "changed"]
    assert told[-1][1]["old"]["city"] == "Düsseldorf"
    assert last_entry().changes == {"city": ["Düsseldorf", "Neuss"]}


def test_another_title_of_a_published_event_changes_neither_revision_nor_address(app, told):
    event = made(publish=True)

    service.edit_basics(event.id, basics(title=Localized(de="Empfang")), by=SOMEBODY, now=LATER)

    assert (event.revision, event.slug) == (0, "jahresempfang")
    assert "changed" not in names(told)


def test_an_edit_that_changes_nothing_leaves_no_trace(app):
    event = made()
    version, entries = event.version, count_of(AuditEntry)

    service.edit_basics(event.id, basics(), by=SOMEBODY, now=LATER)

    assert event.version == version
    assert count_of(AuditEntry) == entries


def test_deadlines_and_programme_move_along_with_the_start(app):
    event = made()
    service.set_programme(
        event.id, [item(1, ends_at=START + timedelta(hours=2))], by=SOMEBODY, now=NOW
    )

    service.edit_basics(
        event.id, basics(starts_at=START + timedelta(days=7)), by=SOMEBODY, now=LATER
    )

    assert event.changes_close_at == START + timedelta(days=5)
    assert event.programme[0].starts_at == START + timedelta(days=7, hours=1)
    assert event.programme[0].ends_at == START + timedelta(days=7, hours=2)


def test_a_deadline_left_as_it_was_moves_along_and_a_new_one_stays(app):
    event = made()
    opens_at = NOW + timedelta(days=1)

    service.edit(
        event.id,
        basics(starts_at=START + timedelta(days=7)),
        details(changes_close_at=event.changes_close_at, registration_opens_at=opens_at),
        by=SOMEBODY,
        now=LATER,
    )

    assert event.changes_close_at == START + timedelta(days=5)
    assert event.registration_opens_at == opens_at


def test_details_are_kept(app):
    sectors = [saved(Sector(code=code, name=Localized(de=code))) for code in ("plastics", "steel")]
    event = made()

    service.edit_details(
        event.id,
        details(sector_ids=(sectors[1].id,), fee_note=Localized(de="kostenfrei"), offer_hours=12),
        by=SOMEBODY,
        now=LATER,
    )

    assert [sector.code for sector in event.sectors] == ["steel"]
    assert event.fee_note.into("de") == "kostenfrei"
    assert event.offer_hours == 12
    assert last_entry().changes["sectors"] == [[], ["steel"]]


def test_whoever_saves_an_old_state_is_told_and_changes_nothing(app):
    event = made()
    seen = event.version
    service.edit_basics(event.id, basics(city="Celje"), by=SOMEBODY, now=NOW)

    with pytest.raises(Stale):
        service.edit_basics(
            event.id, basics(city="Köln"), by=SOMEBODY, now=LATER, seen_version=seen
        )

    assert db.session.get(Event, event.id).city == "Celje"


def test_an_event_cannot_have_fewer_seats_than_are_taken(app):
    event = an_event(seats=10)
    a_registration(event, companions=3)

    with pytest.raises(refusals.SeatsTaken) as refused:
        service.edit_basics(event.id, basics(seats=3), by=SOMEBODY, now=NOW)

    assert refused.value.field == "seats"
    assert db.session.get(Event, event.id).pools[0].capacity == 10


def test_more_seats_are_told_to_who_waits_for_them(app):
    event = an_event(seats=2, largest_party=1)
    heard = []

    def listen(_sender, **facts):
        heard.append(facts["pool_id"])

    signals.seats_added.connect(listen)
    pool = event.pools[0]
    service.change_capacity(event.id, pool.id, 1, by=SOMEBODY, now=NOW)
    service.change_capacity(event.id, pool.id, 5, by=SOMEBODY, now=NOW)
    signals.seats_added.disconnect(listen)

    assert heard == [pool.id]
    assert pool.capacity == 5


def test_a_contingent_of_another_event_is_missing(app):
    event, other = an_event(), an_event()
    with pytest.raises(Missing):
        service.change_capacity(event.id, other.pools[0].id, 99, by=SOMEBODY, now=NOW)


def test_the_largest_party_must_fit(app):
    event = made(seats=5)
    with pytest.raises(refusals.LargestPartyExceedsSeats):
        service.edit_details(event.id, details(largest_party=6), by=SOMEBODY, now=NOW)


def test_a_cancelled_event_cannot_be_edited(app):
    event = an_event(status=EventStatus.CANCELLED)
    with pytest.raises(refusals.InvalidTransition):
        service.edit_basics(event.id, basics(), by=SOMEBODY, now=NOW)


def test_a_missing_event_is_missing(app):
    with pytest.raises(Missing):
        service.publish(4711, by=SOMEBODY, now=NOW)


@pytest.mark.parametrize(
    ("kept", "field"),
    [({"retention_months": 13}, "retention_months"), ({"sensitive_days": 15}, "sensitive_days")],
)
def test_an_event_that_is_online_keeps_data_no_longer_than_guests_were_told(app, kept, field):
    event = an_event()

    with pytest.raises(refusals.RetentionLengthened) as refused:
        service.edit_details(event.id, details(**kept), by=SOMEBODY, now=NOW)
    assert refused.value.field == field

    shorter = service.edit_details(
        event.id, details(retention_months=3, sensitive_days=1), by=SOMEBODY, now=NOW
    )
    assert (shorter.retention_months, shorter.sensitive_days) == (3, 1)


def test_a_draft_may_keep_data_as_long_as_it_likes(app):
    event = an_event(status=EventStatus.DRAFT, published_at=None)

    edited = service.edit_details(event.id, details(retention_months=24), by=SOMEBODY, now=NOW)

    assert edited.retention_months == 24
