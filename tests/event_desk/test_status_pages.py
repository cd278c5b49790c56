"""Publishing, moving, cancelling, copying and archiving."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.events.enums import EventStatus
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.mails import last_announcements
from event_mgmt.registrations.models import LastAnnouncement
from tests.builders import a_registration, an_event, saved
from tests.event_desk.planning import FAR, events, submit
from tests.registrations.fake_relay import Post
from tests.web.sign_in import csrf_of, forms_of


def test_a_move_says_how_many_are_told_and_moves(client, house):
    event = an_event(house, starts_at=FAR)
    a_registration(event)
    client.get("/desk/events?lang=en")
    url = f"/desk/events/{event.id}/move"
    assert "gets a mail about it: 1 registered party at most" in client.get(url).text

    answer = submit(client, url, what="move", date="2090-06-01")

    assert answer.status_code == 302
    [moved] = events()
    assert moved.starts_at == datetime(2090, 6, 1, 16, 0, tzinfo=UTC)
    assert moved.postponed_from == FAR


def _said(client, answer):
    """What the page that follows a change says of who is told."""
    page = client.get(answer.location).text
    found = re.search(r"(\d+) registered part(?:y is|ies are) being told by mail", page)
    return int(found[1]) if found else 0


def _deliver():
    with time_machine.travel(utc_now() + timedelta(minutes=1)):
        assert Post().deliver(utc_now())


def _queued():
    db.session.rollback()
    waits = select(func.count()).where(
        Message.kind.startswith("event_"), Message.state == MessageState.QUEUED
    )
    return db.session.execute(waits).scalar_one()


@pytest.mark.parametrize("guests", [0, 1, 2])
def test_the_pages_say_as_many_are_told_as_are_sent_a_mail(client, house, guests):
    event = an_event(house, starts_at=FAR)
    for _ in range(guests):
        a_registration(event)
    client.get("/desk/events?lang=en")
    promised = f"{guests} registered part" if guests else ""

    for page, values in (
        ("move", {"what": "postpone"}),
        ("move", {"what": "move", "date": "2090-06-01"}),
        ("edit", {"city": "Neuss"}),
        ("cancel", {}),
    ):
        url = f"/desk/events/{event.id}/{page}"
        shown = client.get(url).text
        assert promised in shown
        assert guests or "registered part" not in shown
        answer = submit(client, url, to=url, **values)

        assert _said(client, answer) == _queued() == guests


def test_the_date_that_guests_know_already_is_no_news_and_none_was_promised(client, house):
    event = an_event(house, starts_at=FAR)
    a_registration(event)
    client.get("/desk/events?lang=en")
    url = f"/desk/events/{event.id}/move"
    submit(client, url, what="move", date="2090-06-01")
    _deliver()

    shown = client.get(url).text
    answer = submit(client, url, what="move", date="2090-06-01")

    assert "at most" in shown
    assert "tell the guests" not in shown
    assert _said(client, answer) == _queued() == 0


def test_whoever_knows_that_an_event_is_off_is_not_promised_to_be_told(client, house):
    event = an_event(house, starts_at=FAR)
    known, _other = a_registration(event), a_registration(event)
    said = last_announcements.announcement_of(event, with_link=True)
    told = {**vars(said), "status": EventStatus.CANCELLED, "told_at": FAR, "is_doubtful": False}
    saved(LastAnnouncement(registration_id=known.id, address=known.email, **told))
    client.get("/desk/events?lang=en")
    url = f"/desk/events/{event.id}/cancel"

    shown = client.get(url).text
    answer = submit(client, url, to=url)

    assert "1 registered party gets a mail" in shown
    assert _said(client, answer) == _queued() == 1


@pytest.mark.parametrize("page", ["move", "cancel"])
def test_where_nobody_is_written_to_the_pages_say_so(client, house, page):
    event = an_event(house, starts_at=FAR)
    a_registration(event, status=Status.UNCONFIRMED)
    client.get("/desk/events?lang=en")

    shown = client.get(f"/desk/events/{event.id}/{page}").text

    assert "Nobody is written to about it" in shown
    assert "registered part" not in shown


def test_a_change_that_nobody_counts_on_promises_and_sends_nothing(client, house):
    event = an_event(house, starts_at=FAR)
    a_registration(event)
    client.get("/desk/events?lang=en")

    url = f"/desk/events/{event.id}/edit"
    answer = submit(client, url, to=url, **{"summary-de": "Andere Worte"})

    assert _said(client, answer) == _queued() == 0


def test_an_event_is_postponed_and_gets_its_date_later(client, house):
    event = an_event(house, starts_at=FAR)
    url = f"/desk/events/{event.id}/move"

    submit(client, url, what="postpone")

    assert events()[0].status is EventStatus.POSTPONED
    assert "postpone" not in {v for f in forms_of(client.get(url)) for n, v in f.values}


def test_a_move_without_a_date_is_shown_again(client, house):
    event = an_event(house, starts_at=FAR)

    answer = submit(client, f"/desk/events/{event.id}/move", what="move", date="")

    assert answer.status_code == 422
    assert 'id="date-error"' in answer.text
    assert events()[0].starts_at == FAR


def test_an_event_is_cancelled_with_its_reason(client, house):
    event = an_event(house, starts_at=FAR)

    answer = submit(client, f"/desk/events/{event.id}/cancel", **{"reason-de": "Krankheit"})

    assert answer.status_code == 302
    [cancelled] = events()
    assert cancelled.status is EventStatus.CANCELLED
    assert cancelled.cancel_reason.into("de") == "Krankheit"
    assert client.get(f"/desk/events/{event.id}/cancel").status_code == 404


def test_a_copy_is_made_once(client, house):
    event = an_event(house, starts_at=FAR)
    url = f"/desk/events/{event.id}/duplicate"
    nonce = next(v for f in forms_of(client.get(url)) for n, v in f.values if n == "nonce")

    answers = [submit(client, url, date="2091-05-10", nonce=nonce) for _ in range(2)]

    assert len({answer.location for answer in answers}) == 1
    assert [row.status for row in events()] == [EventStatus.PUBLISHED, EventStatus.DRAFT]


def test_a_past_event_is_archived(client, house):
    event = an_event(house, status=EventStatus.FINISHED)

    submit(client, f"/desk/events/{event.id}/archive", to=f"/desk/events/{event.id}/archive")

    assert events()[0].status is EventStatus.ARCHIVED
    page = client.get("/desk/events?shelf=archived").text
    assert event.title.into("de") in page


def test_a_draft_is_previewed_and_published_from_there(client, house):
    event = an_event(house, starts_at=FAR, status=EventStatus.DRAFT, published_at=None)
    url = f"/desk/events/{event.id}/preview"
    assert event.title.into("de") in client.get(url).text

    submit(client, url, to=f"/desk/events/{event.id}/publish")

    assert events()[0].status is EventStatus.PUBLISHED


def test_a_draft_without_a_place_leads_back_to_its_page(client, house):
    event = an_event(
        house, starts_at=FAR, status=EventStatus.DRAFT, city="", venue_name="", published_at=None
    )

    answer = submit(
        client, f"/desk/events/{event.id}/preview", to=f"/desk/events/{event.id}/publish"
    )

    assert answer.location == f"/desk/events/{event.id}/edit"
    assert events()[0].status is EventStatus.DRAFT


def test_a_post_without_a_token_changes_nothing(client, house):
    event = an_event(house, starts_at=FAR, status=EventStatus.DRAFT, published_at=None)
    assert client.post(f"/desk/events/{event.id}/publish").status_code == 400
    assert csrf_of(client.get("/desk/events/new"))
    assert events()[0].status is EventStatus.DRAFT
