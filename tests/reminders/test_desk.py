"""The reminder desk and the messages page, as a browser without scripts sees them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from event_mgmt.accounts.models import Role
from event_mgmt.audit.service import SYSTEM
from event_mgmt.core.clock import at_wall_clock
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.events.models import Event
from event_mgmt.mail import holding
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.registrations.words import Status
from event_mgmt.reminders import planner
from event_mgmt.reminders.models import GroupMessage, ReminderRule
from event_mgmt.reminders.words import Unit
from tests.builders import NOW, a_partner, a_registration, a_user, an_event, an_organisation
from tests.reminders.builders import a_rule, messages
from tests.sql_counter import counted_statements
from tests.web.sign_in import csrf_of, forms_of, signed_in, submit

DAY = timedelta(days=1)
ROW = '<th scope="row">'


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event(sqlite_app: Flask) -> Event:
    return an_event(starts_at=NOW + 10 * DAY)


@pytest.fixture
def desk(client: FlaskClient, event: Event) -> FlaskClient:
    """An organiser of the event's host, reading English."""
    return signed_in(client, a_user(event.host, locale="en"))


def _url(event: Event, rest: str = "reminders") -> str:
    return f"/desk/events/{event.id}/{rest}"


def _rule() -> ReminderRule:
    db.session.expire_all()
    return db.session.scalars(select(ReminderRule)).one()


def _set(message: Message, **values: object) -> None:
    db.session.rollback()
    db.session.connection(execution_options={"writes": True})
    db.session.execute(update(Message).where(Message.id == message.id).values(**values))
    db.session.commit()


def _planned(event: Event, **guest: object) -> Message:
    a_rule(event, 10, Unit.DAYS, armed_at=NOW - DAY)
    a_registration(event, created_at=NOW - DAY, locale="en", **guest)
    assert planner.plan(NOW) == 1
    db.session.rollback()
    return messages()[-1]


def test_the_page_tells_what_goes_out_when_and_to_how_many(desk: FlaskClient, event: Event) -> None:
    a_rule(event, 7, Unit.DAYS)
    a_rule(event, 30, Unit.DAYS)
    for _ in range(2):
        a_registration(event)

    page = desk.get(_url(event)).text

    assert "Reminder, 7 days before" in page
    assert "15 Jan 2027, 10:00 · to 2 people as things stand" in page
    assert "Came too late" in page


def test_an_event_without_rules_says_what_helps(desk: FlaskClient, event: Event) -> None:
    assert "Nobody is reminded yet" in desk.get(_url(event)).text


def test_a_relative_rule_is_added(desk: FlaskClient, event: Event) -> None:
    answer = submit(desk, _url(event, "reminders/new"), amount="3", unit="days", side="before")

    assert answer.status_code == 302
    rule = _rule()
    assert (rule.amount, rule.unit, rule.statuses) == (3, Unit.DAYS, ["confirmed"])


def test_thanks_after_the_start_are_added(desk: FlaskClient, event: Event) -> None:
    submit(desk, _url(event, "reminders/new"), amount="1", unit="days", side="after")

    assert _rule().amount == -1
    assert "1 day after the start" in desk.get(_url(event)).text


def test_a_point_in_time_is_local_time_of_the_event(desk: FlaskClient, event: Event) -> None:
    submit(desk, _url(event, "reminders/new"), when="moment", at="2027-01-20T08:30")

    assert _rule().at == at_wall_clock(datetime(2027, 1, 20, 8, 30), "Europe/Berlin")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"amount": ""}, "Please give a number from 1 to 720."),
        ({"amount": "0"}, "Please give a number from 1 to 720."),
        ({"amount": "400", "unit": "days"}, "Please give a number from 1 to 365."),
        ({"when": "moment", "at": ""}, "Please give the day and the time."),
        ({"when": "moment", "at": "2026-12-24T10:00"}, "This time has already passed."),
        ({"statuses": []}, "Please choose at least one group."),
        ({"subject-de": "Bald ist es so weit"}, "in the same languages"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    desk: FlaskClient, event: Event, fields: dict[str, object], words: str
) -> None:
    typed = {"body-sl": "Vaše besede", "subject-sl": "Zadeva", **fields}

    answer = submit(desk, _url(event, "reminders/new"), **typed)

    assert answer.status_code == 422
    assert words in answer.text
    assert "Vaše besede" in answer.text
    assert db.session.scalars(select(ReminderRule)).all() == []


def test_own_words_are_previewed_with_a_guests_data_but_not_the_guests_link(
    desk: FlaskClient, event: Event
) -> None:
    a_registration(event, given_name="Nuša", family_name="Černe")
    words = {
        "subject-de": "Bald: {event}",
        "body-de": "Hallo {given_name}, {unknown} <b>{link}</b>",
    }

    answer = submit(desk, _url(event, "reminders/new"), **words)
    page = desk.get(answer.location).text

    assert "Hallo Nuša, {unknown} &lt;b&gt;http://localhost/events/" in page
    assert "{unknown} is no placeholder" in page
    assert "no own words in this language" in page
    assert "/registration/" not in page


def test_a_rule_is_changed_paused_resumed_and_deleted(desk: FlaskClient, event: Event) -> None:
    rule = a_rule(event)
    url = _url(event, f"reminders/{rule.id}")

    submit(desk, url, amount="2")
    assert _rule().amount == 2
    submit(desk, f"{url}/preview", to=f"{url}/pause")
    assert not _rule().is_active
    assert "Paused" in desk.get(_url(event)).text
    submit(desk, f"{url}/preview", to=f"{url}/resume")
    assert _rule().is_active
    submit(desk, f"{url}/delete", to=f"{url}/delete")
    assert db.session.scalars(select(ReminderRule)).all() == []


def test_two_editors_of_a_rule_notice_each_other(desk: FlaskClient, event: Event) -> None:
    rule = a_rule(event)
    url = _url(event, f"reminders/{rule.id}")
    mine = dict(_form_at(desk.get(url).text, url).values)
    submit(desk, url, amount="2")

    answer = desk.post(url, data={**mine, "amount": "5"})

    assert answer.status_code == 422
    assert "Somebody else has changed this" in answer.text
    again = dict(_form_at(answer.text, url).values)
    assert desk.post(url, data=again).status_code == 302
    assert _rule().amount == 5


def _form_at(page: str, action: str):
    return next(form for form in forms_of(page) if form.action == action)


def test_a_test_goes_to_oneself_in_the_language_asked_for(desk: FlaskClient, event: Event) -> None:
    rule = a_rule(event)
    page = desk.get(_url(event, f"reminders/{rule.id}/preview"))
    form = next(form for form in forms_of(page) if ("language", "sl") in form.values)

    for _ in range(2):
        desk.post(form.action, data=dict(form.values))

    assert [message.locale for message in messages(kind="reminder_test")] == ["sl"]


def test_a_rule_of_another_event_is_not_found(desk: FlaskClient, event: Event) -> None:
    foreign = a_rule(an_event())

    for rest in ("", "/preview", "/delete"):
        assert desk.get(_url(event, f"reminders/{foreign.id}{rest}")).status_code == 404


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
    url = _url(event, "messages/new")
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


def test_failed_messages_say_why_and_can_be_tried_again(desk: FlaskClient, event: Event) -> None:
    message = _planned(event)
    words = "5.2.2 over quota"
    _set(message, state=MessageState.FAILED, attempts=1, last_code=552, last_error=words)
    url = _url(event, f"messages/{message.id}")

    assert "The mailbox is full." in desk.get(_url(event, "messages")).text
    assert words in desk.get(url).text
    assert submit(desk, url, to=f"{url}/retry").status_code == 302

    assert messages()[0].state is MessageState.QUEUED


def test_a_waiting_message_can_be_withdrawn(desk: FlaskClient, event: Event) -> None:
    message = _planned(event)
    url = _url(event, f"messages/{message.id}")

    submit(desk, _url(event, "messages"), to=f"{url}/withdraw")

    assert messages()[0].state is MessageState.WITHDRAWN


def test_a_message_is_shown_without_the_personal_link(desk: FlaskClient, event: Event) -> None:
    a_rule(event, 9, Unit.DAYS, subject=Localized(en="S"), body=Localized(en="See {link} now"))
    guest = a_registration(event, created_at=NOW - DAY, locale="en")
    planner.plan(NOW + DAY)
    db.session.rollback()

    page = desk.get(_url(event, f"messages/{messages()[0].id}")).text

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
    message = _planned(event, family_name="Černe")
    a_registration(event, created_at=NOW - DAY, family_name="Kos")
    planner.plan(NOW)
    _set(message, state=MessageState.SENT, sent_at=NOW)

    page = desk.get(_url(event, "messages") + query).text

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
        _planned(each)
    signed_in(client, a_user(host, Role.STAFF, locale="de"))

    page = client.get("/desk/messages").text

    assert page.count(ROW) == 1
    assert own.title.into("de") in page
    assert foreign.title.into("de") not in page
    assert shared.title.into("de") not in page


def test_whoever_sees_messages_reads_that_all_mail_is_held(
    desk: FlaskClient, event: Event, now: datetime
) -> None:
    pages = ("/desk/messages", _url(event, "messages"))
    assert not [page for page in pages if "All mail is held" in desk.get(page).text]

    holding.hold(reason="restored", by=SYSTEM, now=now)

    assert all("All mail is held" in desk.get(page).text for page in pages)


def test_staff_see_messages_but_send_none(client: FlaskClient, event: Event) -> None:
    message = _planned(event)
    signed_in(client, a_user(event.host, Role.STAFF, locale="en"))
    page = client.get(_url(event, "messages"))

    assert page.status_code == 200
    assert "Withdraw" not in page.text.split("<tbody>")[1]
    assert client.get(_url(event)).status_code == 404
    url = _url(event, f"messages/{message.id}/withdraw")
    assert client.post(url, data={"csrf_token": csrf_of(page)}).status_code == 404
    assert messages()[0].state is MessageState.QUEUED


def test_a_message_of_another_event_is_not_found(desk: FlaskClient, event: Event) -> None:
    message = _planned(an_event(starts_at=NOW + 10 * DAY))

    assert desk.get(_url(event, f"messages/{message.id}")).status_code == 404
    token = csrf_of(desk.get(_url(event, "messages")))
    for verb in ("retry", "withdraw"):
        url = _url(event, f"messages/{message.id}/{verb}")
        assert desk.post(url, data={"csrf_token": token}).status_code == 404


def test_long_lists_take_as_many_statements_as_short_ones(
    desk: FlaskClient, event: Event, sqlite_app: Flask
) -> None:
    _planned(event)
    url = _url(event, "messages")
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
