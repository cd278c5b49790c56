"""The page of one party, and its sensitive answers."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from event_mgmt.accounts.models import Role
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.events.enums import EventStatus, QuestionKind
from event_mgmt.events.models import Event
from event_mgmt.mail.models import Message
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.models import Registration, SensitiveAnswers
from tests.builders import a_question, a_registration, a_user, saved
from tests.readers import fresh, kinds_to
from tests.registration_desk.desk_pages import actions_on, desk
from tests.web.sign_in import csrf_of, signed_in, submit


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

    @pytest.mark.parametrize("status", [EventStatus.FINISHED, EventStatus.CANCELLED])
    def test_where_no_mail_would_say_anything_none_is_promised(
        self, organiser: FlaskClient, event: Event, status: EventStatus
    ) -> None:
        guest = a_registration(event)
        event.status = status
        saved(event)

        pages = [
            organiser.get(desk(event, guest.id, *more)).text
            for more in ((), ("edit",), ("address",))
        ]
        csrf = csrf_of(organiser.get(desk(event, guest.id)))
        resent = organiser.post(desk(event, guest.id, "resend"), data={"csrf_token": csrf})
        organiser.post(desk(event, guest.id, "renew-link"), data={"csrf_token": csrf})

        for promise in (
            "Send the confirmation again",
            "a mail brings the new one",
            "is told by mail",
            "The mail about the status goes there",
            "Save and send",
        ):
            assert not any(promise in page for page in pages)
        assert resent.status_code == 303
        shown = organiser.get(desk(event, guest.id)).text
        assert "no longer possible" in shown
        assert "a mail with a new one goes out" not in shown

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
        question = a_question(event, label="Diet", is_sensitive=True, asks_companions=True)
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


class TestRetired:
    def test_answers_to_retired_questions_and_options_are_shown_and_survive_a_change(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        fish, meat = ({"key": key, "label": {"en": key}} for key in ("fish", "meat"))
        meal = a_question(
            event,
            QuestionKind.CHOICE,
            "Meal",
            options=[meat],
            retired_options=[fish],
            is_required=True,
        )
        route = a_question(event, label="Route", retired_at=utc_now())
        given = {str(meal.id): "fish", str(route.id): "by train"}
        guest = a_registration(event, companions=1)
        for attendee in guest.attendees:
            attendee.answers = given
        saved(guest)
        here = desk(event, guest.id, "edit")

        page = organiser.get(desk(event, guest.id)).text
        form = organiser.get(here).text
        sent = submit(organiser, here, **{"function": "CEO", f"question-{meal.id}": "fish"})

        assert page.count("by train") == 2
        assert "fish" in page
        assert "fish (no longer offered)" in form
        assert sent.status_code == 303
        assert fresh(guest).attendees[0].answers == given
        assert fresh(guest).attendees[0].function == "CEO"
