"""Co-hosts and contingents, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from event_mgmt.accounts.models import Role
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing
from event_mgmt.events import refusals, service, signals
from event_mgmt.events.enums import AttendeeAccess, PartnerStatus
from event_mgmt.events.inputs import PartnerTerms
from event_mgmt.events.models import Event, Partner, SeatPool
from event_mgmt.mail.kinds import mail_kinds
from event_mgmt.mail.letters import NotNeeded
from event_mgmt.mail.models import Message
from event_mgmt.registrations.enums import Status
from tests.builders import a_partner, a_registration, a_user, an_event, an_organisation
from tests.events.plans import NOW, SOMEBODY


def agree(event, *terms, general=10):
    return service.set_partners(event.id, terms, general_seats=general, by=SOMEBODY, now=NOW)


def seats(event):
    db.session.rollback()
    rows = db.session.scalars(select(SeatPool).where(SeatPool.event_id == event.id))
    return {row.organisation_id: row.capacity for row in rows}


def answer(event, organisation, *, accept):
    service.answer_partnership(event.id, organisation.id, accept=accept, by=SOMEBODY, now=NOW)


def mails():
    return db.session.scalars(select(Message).order_by(Message.id)).all()


def test_a_co_host_is_invited_with_its_seats_and_its_people_are_told(app):
    event, gzs = an_event(), an_organisation("GZS")
    organiser = a_user(gzs, password_hash="x", locale="sl")
    a_user(gzs, role=Role.STAFF, password_hash="x")
    a_user(gzs, password_hash="x", is_active=False)

    agree(event, PartnerTerms(gzs.id, 5, AttendeeAccess.OWN))

    [partner] = event.partners
    assert (partner.status, partner.attendee_access) == (PartnerStatus.INVITED, AttendeeAccess.OWN)
    assert seats(event) == {None: 10, gzs.id: 5}
    assert [(mail.to_address, mail.locale) for mail in mails()] == [(organiser.email, "sl")]


def test_saving_again_invites_nobody_twice(app):
    event, gzs = an_event(), an_organisation()
    a_user(gzs, password_hash="x")
    terms = PartnerTerms(gzs.id, 5)

    agree(event, terms)
    version = event.version
    agree(event, terms)

    assert len(mails()) == 1
    assert event.version == version


def test_the_invitation_names_host_seats_and_where_to_answer(app):
    event, gzs = an_event(an_organisation("Chemie.NRW")), an_organisation("GZS")
    a_user(gzs, password_hash="x")
    agree(event, PartnerTerms(gzs.id, 5, AttendeeAccess.OWN))

    with app.test_request_context("/?lang=en"):
        letter = mail_kinds().write(mails()[0])

    assert letter.subject.startswith("Chemie.NRW invites you to co-host: ")
    assert ("Seats of your own", "5") in letter.blocks[1].rows
    assert letter.blocks[-1].url == f"http://localhost/desk/events/{event.id}/partnership"
    assert [host.name for host in letter.hosts] == ["Chemie.NRW", "GZS"]


def test_an_invitation_that_was_answered_is_not_sent_any_more(app):
    event, gzs = an_event(), an_organisation()
    a_user(gzs, password_hash="x")
    agree(event, PartnerTerms(gzs.id))
    answer(event, gzs, accept=True)

    with pytest.raises(NotNeeded):
        mail_kinds().write(mails()[0])


def test_a_co_host_accepts_once(app):
    event, gzs = an_event(), an_organisation("GZS")
    agree(event, PartnerTerms(gzs.id, 5))

    answer(event, gzs, accept=True)

    [partner] = event.partners
    assert (partner.status, partner.answered_at) == (PartnerStatus.ACCEPTED, NOW)
    assert "gzs" in event.search_text
    with pytest.raises(refusals.AlreadyAnswered):
        answer(event, gzs, accept=False)


def test_seats_that_a_co_host_declines_go_back_to_all(app):
    event, gzs = an_event(), an_organisation()
    agree(event, PartnerTerms(gzs.id, 5))
    heard = []

    def listen(_sender, pool_id, **_):
        heard.append(pool_id)

    signals.seats_added.connect(listen)
    answer(event, gzs, accept=False)
    signals.seats_added.disconnect(listen)

    assert seats(event) == {None: 15}
    assert len(heard) == 1


def test_who_was_not_invited_does_not_answer(app):
    event = an_event()
    with pytest.raises(Missing):
        answer(event, an_organisation(), accept=True)


def test_a_co_host_whose_seats_are_taken_cannot_be_removed(app):
    event, gzs = an_event(), an_organisation("GZS")
    agree(event, PartnerTerms(gzs.id, 5))
    pool = next(pool for pool in event.pools if pool.organisation_id == gzs.id)
    a_registration(event, pool=pool)

    with pytest.raises(refusals.ContingentInUse):
        agree(event)

    assert seats(event) == {None: 10, gzs.id: 5}


def test_a_contingent_that_somebody_waits_in_stays_without_seats(app):
    event, gzs = an_event(), an_organisation()
    agree(event, PartnerTerms(gzs.id, 5))
    pool = next(pool for pool in event.pools if pool.organisation_id == gzs.id)
    a_registration(event, pool=pool, status=Status.CANCELLED)

    agree(event)

    assert seats(event) == {None: 10, gzs.id: 0}
    assert db.session.scalars(select(Partner)).all() == []


def test_a_contingent_cannot_shrink_below_what_is_taken(app):
    event, gzs = an_event(), an_organisation()
    agree(event, PartnerTerms(gzs.id, 5))
    pool = next(pool for pool in event.pools if pool.organisation_id == gzs.id)
    a_registration(event, pool=pool, companions=2)

    with pytest.raises(refusals.SeatsTaken) as refused:
        agree(event, PartnerTerms(gzs.id, 2))

    assert refused.value.field == f"seats:{gzs.id}"


@pytest.mark.parametrize("times", [1, 2])
def test_nobody_takes_part_twice(app, times):
    event = an_event()
    other = an_organisation()
    doubled = [PartnerTerms(event.host_id)] if times == 1 else [PartnerTerms(other.id)] * 2
    with pytest.raises(refusals.HostAsPartner):
        agree(event, *doubled)


def test_an_event_keeps_at_least_one_seat(app):
    event = an_event()
    with pytest.raises(refusals.SeatsMissing):
        agree(event, general=0)
    assert seats(event) == {None: 10}


def test_all_seats_may_lie_in_contingents(app):
    event, gzs = an_event(), an_organisation()
    agree(event, PartnerTerms(gzs.id, 8), general=0)
    assert seats(event) == {None: 0, gzs.id: 8}


def test_a_declined_co_host_is_invited_anew_after_it_was_removed(app):
    event, gzs = an_event(), an_organisation()
    a_user(gzs, password_hash="x")
    a_partner(event, gzs, status=PartnerStatus.DECLINED)

    agree(event)
    agree(event, PartnerTerms(gzs.id))

    assert db.session.get(Event, event.id).partners[0].status is PartnerStatus.INVITED
    assert len(mails()) == 1
