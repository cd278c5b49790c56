"""The registration desk in a browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from event_mgmt.accounts.models import Role
from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.events.models import Event, Question
from event_mgmt.events.words import AttendeeAccess, EventStatus, QuestionKind, Visibility
from event_mgmt.mail.models import Message
from event_mgmt.registrations.models import Registration, SensitiveAnswers
from event_mgmt.registrations.words import Source, Status
from tests.builders import a_partner, a_registration, a_user, an_event, an_organisation, saved
from tests.sql_counter import counted_statements
from tests.web.sign_in import csrf_of, forms_of, signed_in, submit

pytestmark = pytest.mark.usefixtures("sqlite_app")


@pytest.fixture
def event(sqlite_app: Flask) -> Event:
    return an_event(starts_at=utc_now() + timedelta(days=30), title=Localized(en="Reception"))


@pytest.fixture
def organiser(client: FlaskClient, event: Event) -> FlaskClient:
    return signed_in(client, a_user(event.host, Role.ORGANISER, locale="en", sees_sensitive=True))


def desk(event: Event, *more: object) -> str:
    return "/".join(["/desk/events", str(event.id), "registrations", *map(str, more)])


def fresh(registration: Registration) -> Registration:
    db.session.expire_all()
    return db.session.get_one(Registration, registration.id)


def kinds_to(registration: Registration) -> list[str]:
    return list(
        db.session.scalars(
            select(Message.kind)
            .where(Message.registration_id == registration.id)
            .order_by(Message.id)
        )
    )


def actions_on(registration: Registration) -> list[str]:
    return list(
        db.session.scalars(
            select(AuditEntry.action)
            .where(AuditEntry.subject_id == registration.id, AuditEntry.subject == "registration")
            .order_by(AuditEntry.id)
        )
    )


class TestTheList:
    def test_it_names_the_parties_with_their_place_in_the_queue(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        a_registration(event, family_name="Novak", function="Direktorica")
        a_registration(event, status=Status.WAITLISTED, family_name="Prva")
        a_registration(event, status=Status.WAITLISTED, family_name="Druga", companions=2)

        page = organiser.get(desk(event)).text

        assert "Novak, Luka" in page
        assert "Direktorica" in page
        assert "with 2 companions" in page
        assert page.index("place 2") < page.index("Prva")

    def test_the_waiting_list_stands_in_its_own_order(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        for name in ("Prva", "Druga", "Tretja"):
            a_registration(event, status=Status.WAITLISTED, family_name=name)

        page = organiser.get(desk(event) + "?status=waitlisted").text

        assert page.index("Prva,") < page.index("Druga,") < page.index("Tretja,")

    def test_a_search_finds_names_without_diacritics_and_addresses(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        a_registration(event, family_name="Žagar", organisation="")
        a_registration(event, family_name="Kos", email="office@kos.example", organisation="")

        assert "Kos," not in organiser.get(desk(event) + "?search=ZAGAR").text
        assert "Žagar," not in organiser.get(desk(event) + "?search=office@kos").text

    def test_tabs_count_every_status_within_the_search(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        a_registration(event, family_name="Kos")
        a_registration(event, family_name="Kos", status=Status.PENDING)
        a_registration(event, family_name="Novak", status=Status.PENDING)

        page = organiser.get(desk(event) + "?search=kos&status=pending").text

        assert 'To be decided<span class="count">1</span>' in page
        assert 'All<span class="count">2</span>' in page

    def test_names_are_text_and_nothing_else(self, organiser: FlaskClient, event: Event) -> None:
        guest = a_registration(event, family_name="<script>alert(1)</script>", function="<b>x")

        for page in (organiser.get(desk(event)), organiser.get(desk(event, guest.id))):
            assert "<script>alert" not in page.text
            assert "&lt;script&gt;alert" in page.text

    def test_a_page_far_beyond_the_last_one_shows_the_last_one(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        a_registration(event, family_name="Novak")

        assert "Novak," in organiser.get(desk(event) + "?page=99").text

    def test_its_statements_do_not_grow_with_the_rows(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        def statements() -> int:
            with counted_statements() as sent:
                assert organiser.get(desk(event)).status_code == 200
            return len(sent)

        a_registration(event, status=Status.WAITLISTED)
        organiser.get(desk(event))
        few = statements()
        for _n in range(8):
            a_registration(event, companions=1, status=Status.WAITLISTED)

        assert statements() == few

    def test_without_anybody_it_says_what_to_do(self, organiser: FlaskClient, event: Event) -> None:
        assert "Nobody has registered yet" in organiser.get(desk(event)).text

    def test_a_search_without_result_offers_the_way_back(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        a_registration(event)

        assert "Nobody fits" in organiser.get(desk(event) + "?search=nobody").text


class TestSight:
    def test_a_co_host_sees_its_own_contingent_and_nobody_else(
        self, client: FlaskClient, event: Event
    ) -> None:
        partner = an_organisation()
        a_partner(event, partner, access=AttendeeAccess.OWN, seats=5)
        general, own = sorted(event.pools, key=lambda pool: pool.organisation_id is not None)
        theirs = a_registration(event, family_name="Novak", pool=general)
        ours = a_registration(event, family_name="Kos", pool=own)
        signed_in(client, a_user(partner, Role.STAFF))

        page = client.get(desk(event)).text

        assert "Kos," in page
        assert "Novak," not in page
        assert client.get(desk(event, ours.id)).status_code == 200
        assert client.get(desk(event, theirs.id)).status_code == 404

    def test_a_co_host_changes_nothing(self, client: FlaskClient, event: Event) -> None:
        partner = an_organisation()
        a_partner(event, partner, access=AttendeeAccess.ALL)
        guest = a_registration(event)
        signed_in(client, a_user(partner, Role.ADMINISTRATOR))

        page = client.get(desk(event, guest.id)).text

        assert "Call off" not in page
        for way in ("edit", "cancel", "address"):
            assert client.get(desk(event, guest.id, way)).status_code == 404

    def test_a_registration_of_another_event_is_missing(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        other = a_registration(an_event(event.host))

        for way in ((), ("edit",), ("cancel",), ("address",)):
            assert organiser.get(desk(event, other.id, *way)).status_code == 404


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


class TestOneParty:
    def test_it_shows_people_history_and_mails(self, organiser: FlaskClient, event: Event) -> None:
        guest = a_registration(event, companions=1, function="Direktor")

        submit(organiser, desk(event, guest.id), to=desk(event, guest.id, "resend"))
        page = organiser.get(desk(event, guest.id)).text

        assert "Direktor" in page
        assert "Companion" in page
        assert "Mail sent again" in page
        assert "Registration confirmed" in page
        assert guest.email in page

    def test_a_mail_that_still_waits_is_not_sent_again(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        guest = a_registration(event)

        for _time in range(2):
            submit(organiser, desk(event, guest.id), to=desk(event, guest.id, "resend"))

        assert kinds_to(guest) == ["registration_confirmed"]
        assert "on its way already" in organiser.get(desk(event, guest.id)).text

    def test_a_note_is_kept_and_shown(self, organiser: FlaskClient, event: Event) -> None:
        guest = a_registration(event)

        submit(organiser, desk(event, guest.id), note="Sits in row 1 <b>")

        assert fresh(guest).staff_note == "Sits in row 1 <b>"
        assert "Sits in row 1 &lt;b&gt;" in organiser.get(desk(event, guest.id)).text
        assert kinds_to(guest) == []

    def test_a_renewed_link_ends_the_old_one(self, organiser: FlaskClient, event: Event) -> None:
        guest = a_registration(event)

        submit(organiser, desk(event, guest.id), to=desk(event, guest.id, "renew-link"))

        assert fresh(guest).link_version == 2
        assert kinds_to(guest) == ["registration_confirmed"]

    def test_a_corrected_address_gets_the_mail_and_a_new_link(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        guest = a_registration(event, address_failed_at=utc_now())

        assert "came back" in organiser.get(desk(event, guest.id)).text
        submit(organiser, desk(event, guest.id, "address"), email="Right@Example.org")

        guest = fresh(guest)
        assert (guest.email, guest.address_failed_at) == ("right@example.org", None)
        assert guest.link_version == 2
        message = db.session.scalars(select(Message)).one()
        assert (message.kind, message.to_address) == ("registration_confirmed", "right@example.org")

    def test_calling_off_frees_the_seats_and_tells_the_reason(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        guest = a_registration(event, companions=1)

        submit(organiser, desk(event, guest.id, "cancel"), reason="By phone")

        assert (fresh(guest).status, fresh(guest).reason) == (Status.CANCELLED, "By phone")
        assert db.session.get_one(Event, event.id).pools[0].taken == 0
        assert kinds_to(guest) == ["registration_cancelled"]


class TestSensitiveAnswers:
    @pytest.fixture
    def guest(self, event: Event) -> Registration:
        question = saved(
            Question(
                event_id=event.id,
                kind=QuestionKind.SHORT_TEXT,
                label=Localized(en="Diet"),
                is_sensitive=True,
                asks_companions=True,
            )
        )
        guest = a_registration(event, companions=1)
        for attendee, answer in zip(guest.attendees, ("gluten", "lactose"), strict=True):
            attendee.sensitive = SensitiveAnswers(answers={str(question.id): answer})
        return saved(guest)

    def test_they_are_shown_on_demand_and_that_is_noted(
        self, organiser: FlaskClient, event: Event, guest: Registration
    ) -> None:
        before = organiser.get(desk(event, guest.id)).text
        after = submit(organiser, desk(event, guest.id), to=desk(event, guest.id, "sensitive"))

        assert "gluten" not in before
        assert "gluten" in after.text
        assert actions_on(guest) == ["registration.sensitive_read"]

    def test_whoever_lacks_the_right_is_not_even_offered_them(
        self, client: FlaskClient, event: Event, guest: Registration
    ) -> None:
        signed_in(client, a_user(event.host, Role.ADMINISTRATOR, locale="en"))
        page = client.get(desk(event, guest.id))

        answer = client.post(desk(event, guest.id, "sensitive"), data={"csrf_token": csrf_of(page)})

        assert "sensitive answers" not in page.text
        assert answer.status_code == 404
        assert actions_on(guest) == []

    def test_a_change_by_others_keeps_them(
        self, organiser: FlaskClient, event: Event, guest: Registration
    ) -> None:
        page = organiser.get(desk(event, guest.id, "edit"))
        submit(organiser, desk(event, guest.id, "edit"), function="Direktorica")

        assert "gluten" not in page.text
        people = fresh(guest).attendees
        assert people[0].function == "Direktorica"
        assert [list(p.sensitive.answers.values()) for p in people] == [["gluten"], ["lactose"]]

    def test_they_can_be_changed_after_being_opened(
        self, organiser: FlaskClient, event: Event, guest: Registration
    ) -> None:
        token = csrf_of(organiser.get(desk(event, guest.id)))
        here = desk(event, guest.id, "edit")
        opened = organiser.post(here, data={"csrf_token": token, "open_sensitive": "1"})
        key = next(iter(guest.attendees[0].sensitive.answers))

        organiser.post(
            here,
            data={
                "csrf_token": token,
                "with_sensitive": "1",
                "given_name": "Luka",
                "family_name": "Novak",
                "email": guest.email,
                f"question-{key}": "none",
            },
        )

        assert "gluten" in opened.text
        assert fresh(guest).attendees[0].sensitive.answers == {key: "none"}


class TestRegisteringSomebody:
    caller = {"given_name": "Ana", "family_name": "Kos", "email": "ana@example.org"}

    def test_a_caller_is_registered_from_name_and_address_alone(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        answer = submit(organiser, desk(event, "new"), **self.caller, language="sl")

        guest = db.session.scalars(select(Registration)).one()
        assert answer.location.endswith(desk(event, guest.id))
        assert (guest.status, guest.source, guest.locale) == (Status.CONFIRMED, Source.DESK, "sl")
        assert guest.consents == {}
        assert kinds_to(guest) == ["registration_confirmed"]

    def test_the_form_sent_twice_is_one_registration(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        page = organiser.get(desk(event, "new"))
        token = csrf_of(page)
        nonce = page.text.split('name="nonce"')[1].split('value="')[1].split('"')[0]
        values = {
            **self.caller,
            "csrf_token": token,
            "nonce": nonce,
            "language": "de",
        }

        for _time in range(2):
            assert organiser.post(desk(event, "new"), data=values).status_code == 303

        assert len(db.session.scalars(select(Registration)).all()) == 1

    def test_somebody_who_is_registered_is_named_at_the_field(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        a_registration(event, given_name="Ana", family_name="Kos", email="ana@example.org")

        answer = submit(organiser, desk(event, "new"), **self.caller)

        assert answer.status_code == 422
        assert "already registered" in answer.text
        assert 'value="Ana"' in answer.text

    def test_after_the_deadline_it_takes_a_tick(self, organiser: FlaskClient, event: Event) -> None:
        event = db.session.merge(event)
        event.registration_closes_at = utc_now() - timedelta(days=1)
        saved(event)

        refused = submit(organiser, desk(event, "new"), **self.caller)
        submit(organiser, desk(event, "new"), **self.caller, even_if_closed=True)

        assert refused.status_code == 422
        assert len(db.session.scalars(select(Registration)).all()) == 1

    def test_an_event_by_invitation_is_open_at_the_desk(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        event = db.session.merge(event)
        event.visibility = Visibility.INVITATION
        saved(event)

        submit(organiser, desk(event, "new"), **self.caller)

        assert db.session.scalars(select(Registration)).one().status is Status.CONFIRMED

    def test_a_draft_takes_nobody(self, organiser: FlaskClient, event: Event) -> None:
        event = db.session.merge(event)
        event.status = EventStatus.DRAFT
        saved(event)

        assert organiser.get(desk(event, "new")).status_code == 303

    def test_a_contingent_of_another_event_is_refused(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        a_partner(event, an_organisation(), seats=3)
        foreign = an_event(event.host).pools[0].id

        answer = submit(organiser, desk(event, "new"), **self.caller, contingent=str(foreign))

        assert answer.status_code == 422
        assert db.session.scalars(select(Registration)).all() == []

    def test_companions_are_added_without_script(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        form = forms_of(organiser.get(desk(event, "new")))[-1]
        values = {**dict(form.values), **self.caller, "add_companion": "1"}

        page = organiser.post(desk(event, "new"), data=values)

        assert page.status_code == 200
        assert 'name="companions-0-given_name"' in page.text
        assert 'value="Ana"' in page.text
