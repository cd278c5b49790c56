"""What organisers see of changes that guests propose, and how they decide."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from event_mgmt.accounts.models import Role
from event_mgmt.audit.service import PARTICIPANT, Actor
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.registration_desk.forms import REASON_MAX
from event_mgmt.registrations import commands
from event_mgmt.registrations.changes import proposal_commands
from event_mgmt.registrations.lifecycle import persistence, proposal_persistence
from tests.builders import NOW, a_proposal, a_registration, a_user, saved
from tests.readers import fresh, kinds_to
from tests.registration_desk.desk_pages import actions_on, desk
from tests.registrations.guest_pages import main_text
from tests.web.sign_in import csrf_of, signed_in, submit


@pytest.fixture(autouse=True)
def _decides(event: Event) -> None:
    event.approval_needed = True
    saved(event)


def test_the_party_page_the_list_and_the_desk_say_that_one_waits(
    organiser: FlaskClient, event: Event
) -> None:
    guest = a_registration(event, companions=1)
    other = a_registration(event)
    a_proposal(guest)

    page = main_text(organiser.get(desk(event, guest.id)).text)
    assert "The guest asks for a change" in page
    assert "Maja Kos new" in page
    assert "Change to decide" in organiser.get(desk(event)).text
    narrowed = organiser.get(f"{desk(event)}?changes=1").text
    assert desk(event, guest.id) in narrowed
    assert desk(event, other.id) not in narrowed
    assert "Decide 1 change by a guest" in organiser.get("/desk/").text


def test_accepting_and_declining_by_button(organiser: FlaskClient, event: Event) -> None:
    accepted, declined = a_registration(event), a_registration(event)
    for guest in (accepted, declined):
        a_proposal(guest)
    how = {"to": desk(event, accepted.id, "change-decision"), "accept": "1"}
    submit(organiser, desk(event, accepted.id), **how)
    how = {"to": desk(event, declined.id, "change-decision"), "accept": "0"}
    submit(organiser, desk(event, declined.id), **how, **{"change-reason": "Zu klein"})

    assert fresh(accepted).seats == 2
    assert kinds_to(accepted) == ["registration_changed"]
    assert fresh(declined).seats == 1
    assert kinds_to(declined) == ["change_declined"]
    assert "registration.change_declined" in actions_on(declined)


def test_a_page_that_is_out_of_date_decides_nothing(organiser: FlaskClient, event: Event) -> None:
    guest = a_registration(event)
    a_proposal(guest)
    token = csrf_of(organiser.get(desk(event, guest.id)))

    data = {"csrf_token": token, "accept": "1", "seen": "1-2", "change-reason": "Gern, alle drei"}
    answer = organiser.post(desk(event, guest.id, "change-decision"), data=data)

    assert answer.status_code == 422
    assert "Somebody else has changed this" in answer.text
    assert "Gern, alle drei" in answer.text
    assert fresh(guest).seats == 1
    assert proposal_persistence.find_proposal(guest.id) is not None


def test_a_reason_that_is_too_long_is_told_at_the_field_and_stays_there(
    organiser: FlaskClient, event: Event
) -> None:
    guest = a_registration(event)
    a_proposal(guest)
    words = "x" * (REASON_MAX + 1)

    to = desk(event, guest.id, "change-decision")
    answer = submit(organiser, desk(event, guest.id), to=to, accept="0", **{"change-reason": words})

    assert answer.status_code == 422
    assert words in answer.text
    assert proposal_persistence.find_proposal(guest.id) is not None


def test_a_decision_about_what_the_guest_has_withdrawn_says_so(
    organiser: FlaskClient, event: Event
) -> None:
    guest = a_registration(event)
    a_proposal(guest)
    token = csrf_of(organiser.get(desk(event, guest.id)))
    proposal_commands.withdraw_proposal(guest.id, now=NOW)

    data = {"csrf_token": token, "accept": "1", "seen": "1-2"}
    answer = organiser.post(
        desk(event, guest.id, "change-decision"), data=data, follow_redirects=True
    )

    assert "Somebody else has changed this" in answer.text


def test_who_may_not_decide_sees_it_without_buttons(client: FlaskClient, event: Event) -> None:
    staff = signed_in(client, a_user(event.host, Role.STAFF, locale="en"))
    guest = a_registration(event)
    a_proposal(guest)

    page = staff.get(desk(event, guest.id))

    assert "The guest asks for a change" in page.text
    assert "change-decision" not in page.text
    data = {"csrf_token": csrf_of(page), "accept": "1", "seen": ""}
    assert staff.post(desk(event, guest.id, "change-decision"), data=data).status_code in {403, 404}


def test_what_the_guest_changed_since_the_decision_stands_on_the_page(
    organiser: FlaskClient, event: Event
) -> None:
    guest = a_registration(event, status="pending")
    commands.decide(
        [guest.id], accept=True, reason="", by=Actor.user(a_user(event.host).id), now=utc_now()
    )
    before = main_text(organiser.get(desk(event, guest.id)).text)
    party = persistence.party_of(fresh(guest))
    changed = type(party)(**{**vars(party), "message": "Mit dem Zug"})
    commands.change(guest.id, changed, by=PARTICIPANT, now=utc_now())
    db.session.expire_all()

    page = main_text(organiser.get(desk(event, guest.id)).text)

    assert "Since the last decision" not in before
    assert "the guest has changed: Message to the organiser" in page
    assert "by the guest: Message to the organiser" in page
