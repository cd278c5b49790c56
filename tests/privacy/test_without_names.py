"""Pages, lists and files of registrations whose people have gone: they say so, and never break."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from event_mgmt.accounts.models import Role, User
from event_mgmt.attendee_lists.formats import registry
from event_mgmt.audit.service import PARTICIPANT, Actor
from event_mgmt.core import tokens
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.mail import queries as mail_queries
from event_mgmt.privacy import service
from event_mgmt.registration_desk import commands as registration_desk
from event_mgmt.registrations import commands as registrations, offer_commands
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.refusals import NotPossibleNow
from tests.attendee_lists.making import taken_by
from tests.builders import a_registration, a_user, an_event
from tests.privacy import people
from tests.privacy.people import ADDRESS
from tests.web.sign_in import signed_in

REMOVED = {"de": "Name entfernt", "sl": "ime odstranjeno", "en": "name removed"}


@pytest.fixture
def event(sqlite_app: object, now: datetime) -> Event:
    """An event that is over."""
    return an_event(starts_at=now - timedelta(days=2), seats=9)


@pytest.fixture
def gone(event: Event, now: datetime) -> Registration:
    """A party of two at it whose data have gone, mails included."""
    made = a_registration(event, companions=1, email=ADDRESS, family_name="Žlahtnikova")
    people._sent(made.id)
    registration_desk.resend_status_mail(made.id, by=Actor.user(1), now=now)
    service.erase_person(ADDRESS, by=Actor.user(1), now=now)
    return made


@pytest.fixture
def staff(event: Event) -> User:
    """Somebody who may see everything."""
    return a_user(event.host, Role.ADMINISTRATOR, sees_sensitive=True)


@pytest.fixture(params=["de", "sl", "en"])
def language(request: pytest.FixtureRequest, client: FlaskClient) -> str:
    """The reader's language, chosen in the browser."""
    client.get(f"/?lang={request.param}")
    return str(request.param)


def test_desk_pages_say_that_the_name_was_removed(
    client: FlaskClient, event: Event, gone: Registration, staff: User, language: str
) -> None:
    signed_in(client, staff)
    desk = f"/desk/events/{event.id}"

    for page in ("registrations", f"registrations/{gone.id}", "attendee-list"):
        answer = client.get(f"{desk}/{page}")
        assert answer.status_code == 200, page
        assert REMOVED[language] in answer.text, page


def test_the_party_s_page_offers_nothing_that_could_not_be_done(
    client: FlaskClient, event: Event, gone: Registration, staff: User
) -> None:
    page = signed_in(client, staff).get(f"/desk/events/{event.id}/registrations/{gone.id}").text

    for deed in ("resend", "renew-link", "address", "note", "cancel", "edit"):
        assert f"/registrations/{gone.id}/{deed}" not in page


def test_messages_are_listed_without_an_address_and_open_without_a_letter(
    client: FlaskClient, event: Event, gone: Registration, staff: User
) -> None:
    signed_in(client, staff)
    (message, *_) = mail_queries.messages([event.id]).rows

    assert client.get(f"/desk/events/{event.id}/messages").status_code == 200
    page = client.get(f"/desk/events/{event.id}/messages/{message.id}")
    assert page.status_code == 200
    assert "Adresse entfernt" in page.text


@pytest.mark.parametrize("form", [form.key for form in registry.ALL])
def test_every_format_of_the_list_can_still_be_taken(
    event: Event, gone: Registration, staff: User, tmp_path: Path, form: str
) -> None:
    columns = ("family_name", "given_name", "companion_of", "country", "email")
    taken = taken_by(staff, event, tmp_path, format=form, columns=columns)

    with taken.file as file:
        contents = file.read()
    assert taken.row_count == 2
    if form in {"csv", "vcf"}:
        assert "Name entfernt" in contents.decode("utf-8-sig")
    if form == "json":
        assert b"entfernt" not in contents, "machines read an empty name"


def test_the_personal_link_leads_to_a_word_and_nothing_else(
    client: FlaskClient, gone: Registration, language: str
) -> None:
    token = tokens.sign("registration", gone.id, gone.link_version)
    page = client.get(f"/registration/{token}", follow_redirects=True)

    assert page.status_code == 200
    assert "data.json" not in page.text
    for path in ("data.json", "change", "cancel", "event.ics"):
        answer = client.get(f"/my-registration/{gone.id}/{path}")
        assert (answer.status_code, answer.location) == (303, f"/my-registration/{gone.id}")


def test_nothing_can_be_done_with_it_any_more(gone: Registration, now: datetime) -> None:
    staff = Actor.user(1)
    party = people.her_party(an_event())
    deeds = [
        lambda: registrations.change(gone.id, party, by=PARTICIPANT, now=now),
        lambda: registrations.cancel(gone.id, by=staff, now=now),
        lambda: registration_desk.save_note(gone.id, "Name", by=staff, now=now),
        lambda: registration_desk.resend_status_mail(gone.id, by=staff, now=now),
        lambda: registration_desk.correct_address(gone.id, "neu@example.org", by=staff, now=now),
    ]

    for deed in deeds:
        with pytest.raises(NotPossibleNow):
            deed()


def test_an_offer_that_ran_out_is_ended_without_a_mail(event: Event, now: datetime) -> None:
    offered = a_registration(
        event, status=Status.OFFERED, email=ADDRESS, offer_expires_at=now - timedelta(days=3)
    )
    service.erase_person(ADDRESS, by=Actor.user(1), now=now)

    offer_commands.expire_offers(now)

    left = db.session.get_one(Registration, offered.id, populate_existing=True)
    assert left.status is Status.CANCELLED
    assert mail_queries.messages([event.id]).total == 0
