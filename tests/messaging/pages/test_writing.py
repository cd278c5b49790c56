"""Writing to those picked and to groups."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select

from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.messaging.models import GroupMessage
from event_mgmt.registrations.enums import Status
from tests.builders import a_registration
from tests.messaging.builders import messages
from tests.messaging.pages.visits import url_of
from tests.web.sign_in import forms_of, submit


def test_those_picked_get_the_message_and_nobody_else(desk: FlaskClient, event: Event) -> None:
    picked, other = a_registration(event), a_registration(event)
    a_registration(event, status=Status.CANCELLED)
    words = {"subject-en": "Parking", "body-en": "In the yard.", "picked": str(picked.id)}

    look = _compose(desk, event, **words, step="look")
    assert "Picked on the attendee list" in look.text
    assert "To 1 person" in look.text
    form = next(f for f in forms_of(look) if "picked" in f.names)
    desk.post(form.action, data={**dict(form.values), "step": "send"})

    assert [m.registration_id for m in messages(kind="group_message")] == [picked.id]
    assert other.id != picked.id


def test_made_up_picks_are_no_way_to_write_to_everybody(desk: FlaskClient, event: Event) -> None:
    a_registration(event)
    words = {"subject-en": "Parking", "body-en": "In the yard.", "picked": "1,x"}

    assert _compose(desk, event, **words, step="look").status_code == 422


def _compose(desk: FlaskClient, event: Event, **fields: str):
    url = url_of(event, "messages/new")
    return submit(desk, url, to=url, **fields)


def test_a_group_is_written_to_after_a_look(desk: FlaskClient, event: Event) -> None:
    a_registration(event, locale="sl", given_name="Nuša")
    a_registration(event, status=Status.WAITLISTED)
    words = {"subject-de": "Parken", "body-de": "Liebe {given_name},\r\n\r\nbitte im Hof."}
    look = _compose(desk, event, **words, step="look")
    assert "To 1 person" in look.text
    assert "Liebe Nuša," in look.text
    assert messages(kind="group_message") == []

    form = next(form for form in forms_of(look) if ("subject-de", "Parken") in form.values)
    for _ in range(2):
        answer = desk.post(form.action, data={**dict(form.values), "step": "send"})
        assert answer.status_code == 302

    assert len(messages(kind="group_message")) == 1
    group = db.session.scalars(select(GroupMessage)).one()
    assert group.body.into("de").splitlines() == ["Liebe {given_name},", "", "bitte im Hof."]


def test_going_back_from_the_look_keeps_the_words(desk: FlaskClient, event: Event) -> None:
    a_registration(event)
    words = {"subject-en": "Parking", "body-en": "In the yard."}
    look = _compose(desk, event, **words, step="look")
    form = next(form for form in forms_of(look) if ("subject-en", "Parking") in form.values)

    answer = desk.post(form.action, data={**dict(form.values), "step": "edit"})

    assert answer.status_code == 200
    assert "In the yard." in answer.text


def test_a_message_without_words_is_not_looked_at(desk: FlaskClient, event: Event) -> None:
    answer = _compose(desk, event, step="look")

    assert answer.status_code == 422
    assert "Please fill this in in at least one language." in answer.text
