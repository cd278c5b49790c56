"""Decisions, and the waiting list's turn."""

from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient

from event_mgmt.accounts.models import Role
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.registrations.enums import Status
from tests.builders import a_registration, a_user, an_event, an_organisation
from tests.readers import fresh, kinds_to
from tests.registration_desk.desk_pages import desk
from tests.web.sign_in import csrf_of, signed_in, submit


class TestDecisions:
    def picked(self, client: FlaskClient, event: Event, *ids: int, accept: str = "1", **more: str):
        token = csrf_of(client.get(desk(event) + "/new"))
        values = {"csrf_token": token, "registration_ids": list(ids), "accept": accept, **more}
        return client.post(desk(event, "decide"), data=values)

    def test_it_says_first_what_will_happen_and_how_many_mails_go_out(
        self, organiser: FlaskClient
    ) -> None:
        event = an_event(
            db.session.merge(an_organisation()), seats=3, starts_at=utc_now() + timedelta(days=9)
        )
        signed_in(organiser, a_user(event.host, locale="en"))
        guests = [
            a_registration(event, status=Status.PENDING, companions=companions)
            for companions in (1, 1, 0)
        ]

        page = self.picked(organiser, event, *[guest.id for guest in guests])

        assert "1 registration is confirmed and takes 2 seats." in page.text
        assert "2 registrations go on the waiting list" in page.text
        assert "3 mails go out." in page.text
        assert fresh(guests[0]).status is Status.PENDING

    def test_confirmed_it_does_what_was_foreseen(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        guests = [a_registration(event, status=Status.PENDING) for _n in range(2)]

        self.picked(organiser, event, *[g.id for g in guests], confirmed="1", reason="Welcome")

        assert [fresh(g).status for g in guests] == [Status.CONFIRMED] * 2
        assert kinds_to(guests[0]) == ["registration_confirmed"]
        assert "2 registrations are confirmed." in organiser.get(desk(event)).text

    def test_declining_keeps_the_reason(self, organiser: FlaskClient, event: Event) -> None:
        guest = a_registration(event, status=Status.PENDING)

        self.picked(organiser, event, guest.id, accept="0", confirmed="1", reason="Too many")

        assert (fresh(guest).status, fresh(guest).reason) == (Status.DECLINED, "Too many")

    def test_sent_twice_it_decides_once(self, organiser: FlaskClient, event: Event) -> None:
        guest = a_registration(event, status=Status.PENDING)

        for _time in range(2):
            self.picked(organiser, event, guest.id, confirmed="1")

        assert kinds_to(guest) == ["registration_confirmed"]

    def test_ids_of_another_event_are_passed_over(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        foreign = a_registration(an_event(event.host), status=Status.PENDING)
        own = a_registration(event, status=Status.PENDING)

        self.picked(organiser, event, foreign.id, own.id, confirmed="1")

        assert fresh(foreign).status is Status.PENDING
        assert fresh(own).status is Status.CONFIRMED

    def test_staff_who_may_not_decide_find_no_such_page(
        self, client: FlaskClient, event: Event
    ) -> None:
        guest = a_registration(event, status=Status.PENDING)
        signed_in(client, a_user(event.host, Role.STAFF))

        answer = self.picked(client, event, guest.id, confirmed="1")

        assert answer.status_code == 404
        assert fresh(guest).status is Status.PENDING

    def test_nothing_picked_is_said(self, organiser: FlaskClient, event: Event) -> None:
        a_registration(event)

        self.picked(organiser, event)

        assert "Please pick registrations first." in organiser.get(desk(event)).text


class TestTheWaitingList:
    def test_free_seats_go_to_the_next_in_line(self, organiser: FlaskClient, event: Event) -> None:
        first = a_registration(event, status=Status.WAITLISTED)

        submit(organiser, desk(event) + "?status=waitlisted", to=desk(event, "serve"))

        assert fresh(first).status is Status.OFFERED

    def test_a_party_that_fits_may_be_preferred_to_one_that_does_not(
        self, organiser: FlaskClient
    ) -> None:
        event = an_event(seats=2, starts_at=utc_now() + timedelta(days=9))
        signed_in(organiser, a_user(event.host, locale="en"))
        a_registration(event, status=Status.WAITLISTED, companions=3)
        small = a_registration(event, status=Status.WAITLISTED)

        page = organiser.get(desk(event) + "?status=waitlisted")
        submit(organiser, desk(event, small.id), to=desk(event, small.id, "offer"))

        assert "The first party needs 4 seats" in page.text
        assert fresh(small).status is Status.OFFERED
        assert kinds_to(small) == ["seat_offered"]
