"""The page on which an event is changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import EventStatus
from tests.builders import a_registration, an_event
from tests.event_desk.planning import FAR, events, submit
from tests.web.sign_in import forms_of


def test_an_edit_is_saved_and_shown(client, house):
    event = an_event(house, starts_at=FAR)

    answer = submit(
        client,
        f"/desk/events/{event.id}/edit",
        to=f"/desk/events/{event.id}/edit",
        city="Neuss",
        **{"description-sl": "Dober dan", "registration_closes": "2090-05-09T12:00"},
    )

    assert answer.status_code == 302
    [event] = events()
    assert event.city == "Neuss"
    assert event.description["sl"] == "Dober dan"
    assert event.registration_closes_at == datetime(2090, 5, 9, 10, 0, tzinfo=UTC)
    assert "Neuss" in client.get(f"/desk/events/{event.id}/edit").text


def test_a_deadline_that_nobody_touched_moves_along(client, house):
    closes = FAR - timedelta(days=1)
    event = an_event(house, starts_at=FAR, registration_closes_at=closes)

    submit(client, f"/desk/events/{event.id}/edit", date="2090-05-12")

    assert events()[0].registration_closes_at == closes + timedelta(days=2)


def test_two_editors_notice_each_other_and_lose_nothing(client, house):
    event = an_event(house, starts_at=FAR)
    url = f"/desk/events/{event.id}/edit"

    answer = submit(client, url, version="0", city="Neuss", **{"title-en": "My new title"})

    assert answer.status_code == 422
    assert "My new title" in answer.text
    assert events()[0].city == "Düsseldorf"
    form = next(f for f in forms_of(answer) if f.action == url)
    assert client.post(url, data=dict(form.values)).status_code == 302
    assert events()[0].city == "Neuss"


def test_the_edit_page_says_who_is_told_and_what_is_missing_and_overlaps(client, house):
    event = an_event(house, starts_at=FAR, title=Localized(de="Messe"))
    an_event(house, starts_at=FAR, title=Localized(de="Parallelveranstaltung"))
    a_registration(event)
    client.get("/desk/events?lang=en")

    page = client.get(f"/desk/events/{event.id}/edit").text

    assert "1 registered party gets a mail" in page
    assert "Missing in Slovenian" in page
    assert "Parallelveranstaltung" in page


def test_of_a_postponed_event_no_mail_is_promised_before_it_has_a_new_date(client, house):
    event = an_event(house, starts_at=FAR, status=EventStatus.POSTPONED)
    a_registration(event)
    client.get("/desk/events?lang=en")

    page = client.get(f"/desk/events/{event.id}/edit").text

    assert "If you change what guests were last told" not in page
    assert "As soon as it has a new date, 1 registered party gets a mail" in page


def test_seats_that_are_taken_stay(client, house):
    event = an_event(house, starts_at=FAR, seats=10)
    a_registration(event, companions=3)

    answer = submit(client, f"/desk/events/{event.id}/edit", seats="3", largest_party="2")

    assert answer.status_code == 422
    assert events()[0].pools[0].capacity == 10
