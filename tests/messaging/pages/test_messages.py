"""The messages of one event and of all, and what can be done with one."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from event_mgmt.accounts.models import Role
from event_mgmt.audit.service import SYSTEM
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.events.models import Event
from event_mgmt.mail import outbox_hold
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.messaging import planner
from event_mgmt.messaging.enums import Unit
from tests.builders import NOW, a_partner, a_registration, a_user, an_event, an_organisation
from tests.messaging.builders import a_rule, messages
from tests.messaging.pages.visits import DAY, a_planned_reminder, url_of
from tests.sql_counter import counted_statements
from tests.web.sign_in import csrf_of, signed_in, submit

ROW = '<th scope="row">'


def _set(message: Message, **values: object) -> None:
    db.session.rollback()
    db.session.connection(execution_options={"writes": True})
    db.session.execute(update(Message).where(Message.id == message.id).values(**values))
    db.session.commit()


def test_failed_messages_say_why_and_can_be_tried_again(desk: FlaskClient, event: Event) -> None:
    message = a_planned_reminder(event)
    words = "5.2.2 over quota"
    _set(message, state=MessageState.FAILED, attempts=1, last_code=552, last_error=words)
    url = url_of(event, f"messages/{message.id}")

    assert "The mailbox is full." in desk.get(url_of(event, "messages")).text
    assert words in desk.get(url).text
    assert submit(desk, url, to=f"{url}/retry").status_code == 302

    assert messages()[0].state is MessageState.QUEUED


def test_a_waiting_message_can_be_withdrawn(desk: FlaskClient, event: Event) -> None:
    message = a_planned_reminder(event)
    url = url_of(event, f"messages/{message.id}")

    submit(desk, url_of(event, "messages"), to=f"{url}/withdraw")

    assert messages()[0].state is MessageState.WITHDRAWN


def test_a_message_is_shown_without_the_personal_link(desk: FlaskClient, event: Event) -> None:
    a_rule(event, 9, Unit.DAYS, subject=Localized(en="S"), body=Localized(en="See {link} now"))
    guest = a_registration(event, created_at=NOW - DAY, locale="en")
    planner.plan(NOW + DAY)
    db.session.rollback()

    page = desk.get(url_of(event, f"messages/{messages()[0].id}")).text

    assert guest.email in page
    assert "See http://localhost/registration/… now" in page


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("", 2),
        ("?q=Brezovar", 0),
        ("?q=Černe", 1),
        ("?state=sent", 1),
        ("?state=nonsense", 2),
        ("?kind=reminder", 2),
        ("?kind=group_message", 0),
        ("?page=7", 0),
    ],
)
def test_messages_are_found_by_state_kind_and_name(
    desk: FlaskClient, event: Event, query: str, hits: int
) -> None:
    message = a_planned_reminder(event, family_name="Černe")
    a_registration(event, created_at=NOW - DAY, family_name="Kos")
    planner.plan(NOW)
    _set(message, state=MessageState.SENT, sent_at=NOW)

    page = desk.get(url_of(event, "messages") + query).text

    assert page.count(ROW) == hits


def test_the_page_of_all_events_shows_only_those_in_sight(
    client: FlaskClient, sqlite_app: Flask
) -> None:
    host, stranger = an_organisation(), an_organisation()
    own, foreign, shared = (
        an_event(o, starts_at=NOW + 10 * DAY) for o in (host, stranger, stranger)
    )
    a_partner(shared, host)
    for each in (own, foreign, shared):
        a_planned_reminder(each)
    signed_in(client, a_user(host, Role.STAFF, locale="de"))

    page = client.get("/desk/messages").text

    assert page.count(ROW) == 1
    assert own.title.into("de") in page
    assert foreign.title.into("de") not in page
    assert shared.title.into("de") not in page


def test_whoever_sees_messages_reads_that_all_mail_is_held(
    desk: FlaskClient, event: Event, now: datetime
) -> None:
    pages = ("/desk/messages", url_of(event, "messages"))
    assert not [page for page in pages if "All mail is held" in desk.get(page).text]

    outbox_hold.hold(reason="restored", by=SYSTEM, now=now)

    assert all("All mail is held" in desk.get(page).text for page in pages)


def test_staff_see_messages_but_send_none(client: FlaskClient, event: Event) -> None:
    message = a_planned_reminder(event)
    signed_in(client, a_user(event.host, Role.STAFF, locale="en"))
    page = client.get(url_of(event, "messages"))

    assert page.status_code == 200
    assert "Withdraw" not in page.text.split("<tbody>")[1]
    assert client.get(url_of(event)).status_code == 404
    url = url_of(event, f"messages/{message.id}/withdraw")
    assert client.post(url, data={"csrf_token": csrf_of(page)}).status_code == 404
    assert messages()[0].state is MessageState.QUEUED


def test_a_message_of_another_event_is_not_found(desk: FlaskClient, event: Event) -> None:
    message = a_planned_reminder(an_event(starts_at=NOW + 10 * DAY))

    assert desk.get(url_of(event, f"messages/{message.id}")).status_code == 404
    token = csrf_of(desk.get(url_of(event, "messages")))
    for verb in ("retry", "withdraw"):
        url = url_of(event, f"messages/{message.id}/{verb}")
        assert desk.post(url, data={"csrf_token": token}).status_code == 404


def test_long_lists_take_as_many_statements_as_short_ones(
    desk: FlaskClient, event: Event, sqlite_app: Flask
) -> None:
    a_planned_reminder(event)
    url = url_of(event, "messages")
    desk.get(url)
    with counted_statements() as few:
        desk.get(url)
    for _ in range(8):
        a_registration(event, created_at=NOW - DAY)
    planner.plan(NOW)
    db.session.rollback()

    with counted_statements() as many:
        desk.get(url)

    assert len(many) == len(few)
