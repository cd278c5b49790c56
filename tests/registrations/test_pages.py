"""Registering and looking after it, as a browser without scripts does."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from event_mgmt.core import tokens
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.events.models import Event, Question, SeatPool
from event_mgmt.events.words import EventStatus, QuestionKind, Visibility, WaitingListMode
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.registrations.models import Attendee, Registration, SensitiveAnswers
from event_mgmt.registrations.words import Status
from tests.builders import a_partner, a_registration, an_event, an_organisation, saved
from tests.web.sign_in import csrf_of, submit

pytestmark = pytest.mark.usefixtures("frozen")

GUEST: dict[str, Any] = {
    "given_name": "Ana",
    "family_name": "Novak",
    "email": "ana.novak@example.org",
    "organisation": "Tehnika d.o.o.",
    "country": "SI",
}


def register(client: FlaskClient, event: Event, **fields: Any):
    url = f"/events/{event.slug}/register"
    return submit(client, url, to=url, **{**GUEST, **fields})


def the_registration() -> Registration:
    db.session.rollback()
    return db.session.scalars(select(Registration)).one()


def registrations() -> int:
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(Registration)).scalar_one()


def main_text(html: str) -> str:
    inner = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", inner).split())


def opened(client: FlaskClient, registration: Registration) -> str:
    """The address of the participant's own page, after following the link in the mail."""
    token = tokens.sign("registration", registration.id, registration.link_version)
    response = client.get(f"/registration/{token}")
    assert response.status_code == 303
    return response.location


def a_question(event: Event, kind: QuestionKind, label: str = "Frage", **given: Any) -> Question:
    return saved(
        Question(event_id=event.id, kind=kind, label=Localized(de=label, en=label), **given)
    )


def test_a_guest_registers_and_is_told_that_a_mail_is_on_its_way(client: FlaskClient) -> None:
    event = an_event()

    sent = register(client, event, function="Direktorin", phone="01 589 80 00")
    page = client.get(sent.location)

    assert sent.status_code == 303
    assert "ana.novak@example.org" in main_text(page.text)
    registration = the_registration()
    assert registration.status is Status.CONFIRMED
    assert registration.attendees[0].phone == "+38615898000"
    assert registration.consents["privacy"]["version"]
    assert not registration.shares_name


def test_nothing_typed_is_lost_when_something_is_missing(client: FlaskClient) -> None:
    event = an_event()

    page = register(
        client,
        event,
        family_name="",
        message="Wir kommen etwas später",
        shares_name=True,
        academic_title="Dr.",
    )

    assert page.status_code == 422
    for typed in ("Ana", "ana.novak@example.org", "Tehnika d.o.o.", "etwas später", "Dr."):
        assert typed in page.text
    assert '<option value="SI" selected>' in page.text
    assert re.search(r'<input[^>]*checked[^>]*name="shares_name"', page.text)
    assert 'href="#family_name"' in page.text
    assert registrations() == 0


def test_companions_are_added_without_a_script(client: FlaskClient) -> None:
    event = an_event(largest_party=3)
    url = f"/events/{event.slug}/register"

    one = submit(client, url, to=url, **GUEST, add_companion="1")
    assert one.status_code == 200
    assert "companions-0-given_name" in one.text
    assert "ana.novak@example.org" in one.text
    values = {
        **GUEST,
        "csrf_token": csrf_of(one),
        "nonce": "n" * 20,
        "companions-0-given_name": "Ivo",
        "companions-0-family_name": "Kos",
        "companions-1-given_name": "",
        "companions-1-family_name": "",
    }
    sent = client.post(url, data=values)

    assert sent.status_code == 303
    assert [a.family_name for a in the_registration().attendees] == ["Novak", "Kos"]


def test_a_companion_may_have_title_function_and_country(client: FlaskClient) -> None:
    event = an_event()
    told = {
        "given_name": "Eva",
        "family_name": "Zupan",
        "form_of_address": "ms",
        "academic_title": "dr.",
        "function": "prokuristka",
        "organisation": "Orodjarna Sora",
        "country": "SI",
    }

    register(client, event, **{f"companions-0-{name}": value for name, value in told.items()})

    companion = the_registration().attendees[1]
    assert {name: getattr(companion, name) for name in told} == told


def test_a_spouse_needs_only_a_name_and_the_rest_stays_folded(client: FlaskClient) -> None:
    event = an_event()
    name = {"companions-0-given_name": "Ivo", "companions-0-family_name": "Novak"}
    register(client, event, **name)

    page = client.get(f"{opened(client, the_registration())}/change").text

    row = page[page.index("data-rows-list") : page.index("<template>")]
    assert 'value="Ivo"' in row
    assert re.search(r"<details[^>]*>", row).group() == '<details class="disclosure">'


def test_a_form_of_address_that_came_with_an_import_stays(client: FlaskClient) -> None:
    registration = a_registration(an_event())
    registration.attendees[0].form_of_address = "Exzellenz"
    url = opened(client, saved(registration))

    sent = submit(client, f"{url}/change", function="Botschafterin")

    assert sent.status_code == 303
    assert the_registration().attendees[0].form_of_address == "Exzellenz"


def test_a_companion_with_half_a_name_is_asked_for_the_rest(client: FlaskClient) -> None:
    event = an_event()

    page = register(client, event, **{"companions-0-given_name": "Ivo"})

    assert page.status_code == 422
    assert 'href="#companions-0-family_name"' in page.text


def test_the_summary_says_which_of_several_like_entries_is_meant(client: FlaskClient) -> None:
    event = an_event()
    for label in ("Kommen Sie mit dem Bus?", "Ihr Thema"):
        a_question(event, QuestionKind.SHORT_TEXT, label, is_required=True)

    page = register(client, event, family_name="", **{"companions-0-given_name": "Ivo"}).text

    begin, end = page.index('<div class="error-summary"'), page.index("<form")
    summary = main_text(f"<main>{page[begin:end]}</main>")
    assert "Nachname: Bitte geben Sie einen Nachnamen ein." in summary
    assert "Begleitperson 1, Nachname: Bitte geben Sie einen Nachnamen ein." in summary
    assert "Kommen Sie mit dem Bus? Bitte beantworten Sie diese Frage." in summary
    assert "Ihr Thema: Bitte beantworten Sie diese Frage." in summary


def test_more_companions_than_allowed_are_refused_and_not_cut_off(client: FlaskClient) -> None:
    event = an_event(largest_party=2)
    too_many = {
        f"companions-{n}-{name}": "Gost" for n in range(3) for name in ("given_name", "family_name")
    }

    page = register(client, event, **too_many)

    assert page.status_code == 422
    assert registrations() == 0


def test_a_form_sent_twice_or_again_after_back_is_one_registration(client: FlaskClient) -> None:
    event = an_event()
    url = f"/events/{event.slug}/register"
    page = client.get(url)
    nonce = re.search(r'name="nonce"[^>]*value="([^"]+)"', page.text).group(1)
    values = {**GUEST, "csrf_token": csrf_of(page), "nonce": nonce}

    first, second = client.post(url, data=values), client.post(url, data=values)

    assert first.location == second.location
    assert registrations() == 1


def test_an_expired_session_shows_the_form_again_with_everything(client: FlaskClient) -> None:
    event = an_event()
    url = f"/events/{event.slug}/register"
    client.get(url)
    client.delete_cookie("session")

    page = client.post(url, data={**GUEST, "csrf_token": "old", "nonce": "n" * 20})

    assert page.status_code == 422
    assert "ana.novak@example.org" in page.text
    assert registrations() == 0


def test_known_and_unknown_guests_read_word_for_word_the_same(client: FlaskClient) -> None:
    event = an_event()
    newcomer = register(client, event)
    first = client.get(newcomer.location)

    known = register(client, event)
    second = client.get(known.location)

    assert (known.status_code, known.location) == (newcomer.status_code, newcomer.location)
    assert main_text(first.text) == main_text(second.text)
    assert registrations() == 1


def test_the_page_after_registering_shows_nothing_to_others(client: FlaskClient) -> None:
    event = an_event()
    register(client, event)
    other = client.application.test_client()

    page = other.get(f"/events/{event.slug}/registered")

    assert page.status_code == 303
    assert page.location == f"/events/{event.slug}"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"status": EventStatus.DRAFT}, 404),
        ({"visibility": Visibility.INVITATION}, 404),
        ({"status": EventStatus.CANCELLED}, 200),
        ({"registration_closes_at": timedelta(0)}, 200),
        ({"registration_opens_at": timedelta(days=1)}, 200),
    ],
)
def test_where_nobody_can_register_there_is_no_form(
    client: FlaskClient, now: datetime, given: dict, status: int
) -> None:
    values = {k: now + v if isinstance(v, timedelta) else v for k, v in given.items()}
    event = an_event(**values)

    page = client.get(f"/events/{event.slug}/register")

    assert page.status_code == status
    assert 'name="email"' not in page.text


def test_a_full_event_without_a_waiting_list_says_so_and_keeps_the_input(
    client: FlaskClient,
) -> None:
    event = an_event(seats=1, waiting_list=WaitingListMode.OFF)
    a_registration(event)

    page = register(client, event)

    assert page.status_code == 422
    assert "ana.novak@example.org" in page.text


def test_a_link_with_a_contingent_registers_for_its_seats(client: FlaskClient) -> None:
    event = an_event()
    chamber = an_organisation("Kammer")
    a_partner(event, chamber, seats=5)

    submit(client, f"/events/{event.slug}/register?pool={chamber.slug}", **GUEST)

    pool = db.session.get(SeatPool, the_registration().pool_id)
    assert pool.organisation_id == chamber.id


def test_the_privacy_notice_names_every_controller(client: FlaskClient) -> None:
    event = an_event(an_organisation("Cluster Eins"))
    a_partner(event, an_organisation("Kammer Zwei"))

    text = main_text(client.get(f"/events/{event.slug}/register").text)

    assert "Cluster Eins" in text
    assert "Kammer Zwei" in text


def test_an_answer_counts_only_if_its_question_was_asked(client: FlaskClient) -> None:
    event = an_event()
    dinner = a_question(event, QuestionKind.YES_NO, "Abendessen?", is_required=True, position=1)
    diet = a_question(
        event,
        QuestionKind.SHORT_TEXT,
        "Unverträglichkeiten?",
        is_required=True,
        is_sensitive=True,
        position=2,
        shown_if_question=dinner.id,
        shown_if_value="yes",
    )

    unanswered = register(client, event)
    no_dinner = register(
        client, event, **{f"question-{dinner.id}": "no", f"question-{diet.id}": "Nüsse"}
    )
    half = register(client, event, email="b@example.org", **{f"question-{dinner.id}": "yes"})

    assert unanswered.status_code == 422
    assert no_dinner.status_code == 303
    assert half.status_code == 422
    assert f'href="#question-{diet.id}"' in half.text
    assert the_registration().attendees[0].answers == {str(dinner.id): False}
    assert db.session.scalars(select(SensitiveAnswers)).all() == []


def test_all_kinds_of_questions_are_answered_and_shown_again(client: FlaskClient) -> None:
    event = an_event()
    options = [
        {"key": "a", "label": {"de": "Bus", "en": "Bus"}},
        {"key": "b", "label": {"de": "Bahn"}},
    ]
    asked = {
        kind: a_question(event, kind, f"Frage {kind}", options=options, asks_companions=True)
        for kind in QuestionKind
    }
    given: dict[str, Any] = {
        QuestionKind.SHORT_TEXT: "kurz",
        QuestionKind.LONG_TEXT: "Zeile 1\nZeile 2",
        QuestionKind.CHOICE: "b",
        QuestionKind.CHOICES: ["a", "b"],
        QuestionKind.YES_NO: "yes",
        QuestionKind.NUMBER: "2,5",
        QuestionKind.DATE: "2027-02-03",
    }
    fields = {f"question-{asked[kind].id}": value for kind, value in given.items()}
    companion = {"companions-0-given_name": "Ivo", "companions-0-family_name": "Kos"}
    of_companion = {f"companions-0-question-{asked[QuestionKind.CHOICE].id}": "a"}

    sent = register(client, event, **fields, **companion, **of_companion)

    assert sent.status_code == 303
    stored = {kind: the_registration().attendees[0].answers[str(q.id)] for kind, q in asked.items()}
    assert stored == {
        **given,
        QuestionKind.YES_NO: True,
        QuestionKind.NUMBER: 2.5,
    }
    registration = the_registration()
    assert registration.attendees[1].answers == {str(asked[QuestionKind.CHOICE].id): "a"}
    page = client.get(f"{opened(client, registration)}/change")
    assert "Zeile 2" in page.text
    assert 'value="2027-02-03"' in page.text


def test_what_guests_write_is_shown_as_text(client: FlaskClient) -> None:
    event = an_event()
    nasty = '"><script>alert(1)</script>'

    failed = register(client, event, given_name=nasty, email="no address", message=nasty)
    register(client, event, given_name=nasty, message="</textarea>" + nasty)
    page = client.get(opened(client, the_registration()))

    for response in (failed, page):
        assert "<script>alert" not in response.text
        assert "&lt;script&gt;alert(1)" in response.text


def test_a_line_break_in_a_name_becomes_no_header(client: FlaskClient) -> None:
    event = an_event()

    register(client, event, given_name="Ana\r\nBcc: all@example.org")

    assert "\n" not in db.session.scalars(select(Message.to_name)).one()


@pytest.mark.parametrize("address", ["ana", "ana@", "ana@example", "a b@example.org", "ä@x.de"])
def test_an_address_that_mail_cannot_reach_is_refused(client: FlaskClient, address: str) -> None:
    event = an_event()

    page = register(client, event, email=address)

    assert page.status_code == 422
    assert 'href="#email"' in page.text


def test_the_personal_link_becomes_a_clean_address_that_no_cache_keeps(
    client: FlaskClient,
) -> None:
    registration = a_registration(an_event())
    token = tokens.sign("registration", registration.id, registration.link_version)

    entered = client.get(f"/registration/{token}")
    page = client.get(entered.location)

    assert token not in entered.location
    assert entered.headers["Cache-Control"] == "no-store"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.status_code == 200


def test_links_that_are_revoked_forged_or_of_another_purpose_lead_nowhere(
    client: FlaskClient,
) -> None:
    registration = a_registration(an_event())
    good = tokens.sign("registration", registration.id, registration.link_version)
    wrong = [
        tokens.sign("registration", registration.id, registration.link_version + 1),
        tokens.sign("registration", registration.id + 1, 1),
        tokens.sign("password_reset", registration.id, registration.link_version),
        good[:-1],
        "nonsense",
    ]

    answers = {client.get(f"/registration/{token}").status_code for token in wrong}

    assert answers == {404}
    assert client.get(f"/my-registration/{registration.id}").status_code == 404


def test_a_link_that_is_revoked_also_closes_the_pages_it_opened(client: FlaskClient) -> None:
    registration = a_registration(an_event())
    url = opened(client, registration)

    registration.link_version += 1
    saved(registration)

    assert client.get(url).status_code == 404


def test_guessing_links_is_slowed_down(client: FlaskClient) -> None:
    far = {"REMOTE_ADDR": "203.0.113.7"}

    answers = [
        client.get(f"/registration/guess-{n}", environ_base=far).status_code for n in range(40)
    ]

    assert answers[0] == 404
    assert answers[-1] == 429


def test_following_links_changes_nothing(client: FlaskClient) -> None:
    event = an_event(seats=1, address_check=True)
    register(client, event)
    registration = the_registration()
    before = registration.changed_at

    url = opened(client, registration)
    pages = [
        client.get(url + end).status_code
        for end in ("", "/change", "/cancel", "/event.ics", "/data.json")
    ]
    refused = [client.get(url + end).status_code for end in ("/confirm-address", "/accept")]

    assert pages == [200] * 5
    assert refused == [405, 405]
    assert the_registration().status is Status.UNCONFIRMED
    assert the_registration().changed_at == before


def test_the_address_is_confirmed_by_a_button(client: FlaskClient) -> None:
    event = an_event(address_check=True)
    register(client, event)
    url = opened(client, the_registration())

    submit(client, url, to=f"{url}/confirm-address")

    assert the_registration().status is Status.CONFIRMED


def test_a_guest_calls_off_after_being_asked_once_more(client: FlaskClient) -> None:
    event = an_event()
    register(client, event)
    url = opened(client, the_registration())

    sent = submit(client, f"{url}/cancel")

    assert sent.status_code == 303
    assert the_registration().status is Status.CANCELLED
    assert client.get(f"{url}/cancel").status_code == 303


@pytest.mark.parametrize(
    ("closes", "reason", "offered"),
    [(None, "", True), (timedelta(hours=-1), "", False), (None, "Doppelt eingetragen", False)],
)
def test_who_called_off_may_come_back_while_registration_is_open(
    client: FlaskClient, now: datetime, closes: timedelta | None, reason: str, offered: bool
) -> None:
    event = an_event(registration_closes_at=now + closes if closes else None)
    gone = a_registration(event, status=Status.CANCELLED, reason=reason)

    page = main_text(client.get(f"{opened(client, gone)}?lang=en").text)

    assert ("Register again" in page) is offered


def test_an_offer_is_accepted_by_a_button(client: FlaskClient, now: datetime) -> None:
    registration = a_registration(
        an_event(), status=Status.OFFERED, offer_expires_at=now + timedelta(hours=1)
    )
    url = opened(client, registration)

    submit(client, url, to=f"{url}/accept")

    assert the_registration().status is Status.CONFIRMED


def test_an_offer_that_ran_out_has_no_button_and_says_why(
    client: FlaskClient, now: datetime
) -> None:
    registration = a_registration(an_event(), status=Status.OFFERED, offer_expires_at=now)
    url = opened(client, registration)
    page = client.get(url)

    sent = client.post(f"{url}/accept", data={"csrf_token": csrf_of(client.get(f"{url}/cancel"))})
    after = client.get(sent.location)

    assert f"{url}/accept" not in page.text
    assert "is-warn" in after.text
    assert the_registration().status is Status.OFFERED


def test_a_guest_changes_companions_and_details(client: FlaskClient) -> None:
    event = an_event()
    register(client, event, **{"companions-0-given_name": "Ivo", "companions-0-family_name": "Kos"})
    url = opened(client, the_registration())

    sent = submit(
        client,
        f"{url}/change",
        function="Ministrica",
        **{"companions-0-given_name": "Eva", "companions-0-family_name": "Zupan"},
    )

    assert sent.status_code == 303
    people = the_registration().attendees
    assert people[0].function == "Ministrica"
    assert [a.family_name for a in people] == ["Novak", "Zupan"]


def test_after_the_deadline_there_is_nothing_to_press(client: FlaskClient, now: datetime) -> None:
    registration = a_registration(an_event(changes_close_at=now))
    url = opened(client, registration)

    page = client.get(url)
    sent = submit(client, f"{url}/cancel")

    assert f"{url}/change" not in page.text
    assert f"{url}/cancel" not in page.text
    assert sent.status_code == 303
    assert the_registration().status is Status.CONFIRMED


def test_one_guest_does_not_reach_anothers_registration(client: FlaskClient) -> None:
    event = an_event()
    mine, other = a_registration(event), a_registration(event)
    opened(client, mine)
    csrf = csrf_of(client.get(f"/my-registration/{mine.id}/cancel"))

    for end in ("", "/change", "/cancel", "/event.ics", "/data.json"):
        assert client.get(f"/my-registration/{other.id}{end}").status_code == 404
    for end in ("/cancel", "/confirm-address", "/accept", "/decline"):
        response = client.post(f"/my-registration/{other.id}{end}", data={"csrf_token": csrf})
        assert response.status_code == 404


def test_a_secretariat_keeps_several_pages_open(client: FlaskClient) -> None:
    event = an_event()
    urls = [opened(client, a_registration(event)) for _ in range(3)]

    assert [client.get(url).status_code for url in urls] == [200, 200, 200]


def test_guests_take_their_data_along(client: FlaskClient) -> None:
    event = an_event()
    register(client, event, message="Bitte einen Parkplatz")
    url = opened(client, the_registration())

    data = json.loads(client.get(f"{url}/data.json").text)

    assert data["people"][0]["family_name"] == "Novak"
    assert data["message"] == "Bitte einen Parkplatz"
    assert data["consents"]["privacy"]["version"]


def test_guests_read_which_mails_they_were_written_and_what_became_of_them(
    client: FlaskClient, now: datetime
) -> None:
    event = an_event()
    register(client, event, email="ana@example.org")
    url = opened(client, the_registration())
    mail = db.session.scalars(select(Message)).one()
    mail.state, mail.sent_at, mail.facts = MessageState.SENT, now, {"secret": "kept for the notice"}
    saved(mail)
    other = a_registration(event)
    saved(
        Message(
            key="other",
            kind="seat_offered",
            locale="de",
            to_address="bo@example.org",
            registration_id=other.id,
            created_at=now,
            due_at=now,
        )
    )

    page = client.get(url, query_string={"lang": "en"}).text
    data = json.loads(client.get(f"{url}/data.json").text)

    assert data["mails"] == [
        {"kind": "registration_confirmed", "at": now.isoformat(), "state": "sent"}
    ]
    assert "Registration confirmed</span>" in page
    assert "A seat is offered" not in page


def test_only_those_who_come_learn_the_way_into_an_online_event(client: FlaskClient) -> None:
    event = an_event(venue_name="", city="", online_url="https://meet.example.org/secret")
    waiting = a_registration(event, status=Status.WAITLISTED)
    sure = a_registration(event)

    for_waiting, for_sure = opened(client, waiting), opened(client, sure)

    assert "meet.example.org" not in client.get(for_waiting).text
    assert "meet.example.org" not in client.get(f"{for_waiting}/event.ics").text
    assert "meet.example.org" in client.get(for_sure).text


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("language", ["de", "sl", "en"])
def test_every_status_has_a_page_in_every_language(
    client: FlaskClient, now: datetime, status: Status, language: str
) -> None:
    registration = a_registration(
        an_event(seats=20),
        status=status,
        companions=2,
        offer_expires_at=now + timedelta(hours=5) if status is Status.OFFERED else None,
    )

    page = client.get(f"{opened(client, registration)}?lang={language}")

    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text


def test_people_are_written_with_their_own_names(client: FlaskClient) -> None:
    event = an_event()

    register(client, event, given_name="Živa", family_name="Šuštaršič Đurić")

    stored = db.session.scalars(select(Attendee)).one()
    assert stored.family_name == "Šuštaršič Đurić"
    assert "sustarsic" in stored.search_text
