"""Registering somebody who has called."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from flask.testing import FlaskClient
from sqlalchemy import select

from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.events.enums import EventStatus, Visibility
from event_mgmt.events.models import Event
from event_mgmt.registrations.enums import Source, Status
from event_mgmt.registrations.models import Registration
from tests.builders import a_partner, a_registration, an_event, an_organisation, saved
from tests.readers import kinds_to
from tests.registration_desk.desk_pages import desk
from tests.web.sign_in import csrf_of, forms_of, submit


class TestRegisteringSomebody:
    caller: ClassVar = {"given_name": "Ana", "family_name": "Kos", "email": "ana@example.org"}

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
        draft = an_event(event.host, status=EventStatus.DRAFT)

        answer = organiser.get(desk(draft, "new"))

        assert answer.status_code == 303
        assert "Only a published event takes" in organiser.get(answer.location).text

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
