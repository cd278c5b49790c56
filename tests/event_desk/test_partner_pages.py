"""Inviting co-hosts, and their answers."""

from __future__ import annotations

from sqlalchemy import func, select

from event_mgmt.accounts.models import Role
from event_mgmt.core.database import db
from event_mgmt.events.enums import AttendeeAccess, PartnerStatus
from event_mgmt.mail.models import Message
from tests.builders import a_partner, a_user, an_event, an_organisation
from tests.event_desk.planning import FAR, events, page_form, submit
from tests.web.sign_in import signed_in


def test_a_co_host_is_invited_and_answers_on_its_own_desk(client, house):
    event = an_event(house, starts_at=FAR, seats=30)
    partner = an_organisation("GZS")
    colleague = a_user(partner, password_hash="x")
    url = f"/desk/events/{event.id}/partners"
    page = submit(client, url, do="add:partners")
    values = {
        **dict(page_form(page, url).values),
        "partners-0-organisation": str(partner.id),
        "partners-0-seats": "12",
        "partners-0-attendee_access": "own",
    }
    assert client.post(url, data=values).status_code == 302
    mails = db.session.execute(
        select(func.count()).select_from(Message).where(Message.kind == "partner_invited")
    ).scalar_one()
    assert mails == 1

    signed_in(client, colleague)
    answer = submit(client, f"/desk/events/{event.id}/partnership", answer="accept")

    assert answer.status_code == 302
    [answered] = events()[0].partners
    assert answered.status is PartnerStatus.ACCEPTED
    assert answered.attendee_access is AttendeeAccess.OWN
    again = client.get(f"/desk/events/{event.id}/partnership")
    assert 'value="accept"' not in again.text


def test_a_co_host_that_declines_loses_sight_of_the_event(client):
    event, partner = an_event(starts_at=FAR), an_organisation()
    a_partner(event, partner, status=PartnerStatus.INVITED)
    signed_in(client, a_user(partner))

    answer = submit(client, f"/desk/events/{event.id}/partnership", answer="decline")

    assert answer.location == "/desk/events"
    assert client.get(f"/desk/events/{event.id}/preview").status_code == 404


def test_nobody_answers_for_another_co_host(client):
    event, mine, other = an_event(starts_at=FAR), an_organisation(), an_organisation()
    a_partner(event, mine, status=PartnerStatus.INVITED)
    a_partner(event, other, status=PartnerStatus.INVITED)
    signed_in(client, a_user(mine))

    answer = submit(
        client,
        f"/desk/events/{event.id}/partnership",
        organisation=str(other.id),
        answer="accept",
    )

    assert answer.status_code == 404
    assert {partner.status for partner in events()[0].partners} == {PartnerStatus.INVITED}


def test_staff_of_a_co_host_do_not_answer(client):
    event, mine = an_event(starts_at=FAR), an_organisation()
    a_partner(event, mine, status=PartnerStatus.INVITED)
    signed_in(client, a_user(mine, role=Role.STAFF))
    assert client.get(f"/desk/events/{event.id}/partnership").status_code == 404
