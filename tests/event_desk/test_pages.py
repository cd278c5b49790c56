"""The pages of the event desk, as a browser without scripts sees them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from event_mgmt.accounts.models import Role
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.events.models import Event, ProgrammeItem, Question
from event_mgmt.events.words import AttendeeAccess, EventStatus, PartnerStatus
from event_mgmt.mail.models import Message
from tests.builders import a_partner, a_registration, a_user, an_event, an_organisation, saved
from tests.sql_counter import counted_statements
from tests.web.sign_in import csrf_of, forms_of, signed_in, submit as filled_and_sent

FAR = datetime(2090, 5, 10, 16, 0, tzinfo=UTC)  # 18:00 in Berlin; these pages ask the real clock


@pytest.fixture
def house(client):
    """An organiser's organisation, with that organiser signed in."""
    host = an_organisation("Chemie.NRW", country="DE")
    signed_in(client, a_user(host))
    return host


def submit(client, url, *, to=None, **fields):
    """Fill in and send the form of the page at ``url``, by one of its buttons."""
    return filled_and_sent(client, url, to=to or url, **fields)


def filled_in(**given):
    return {
        "kind": "consulate_event",
        "title-de": "Jahresempfang",
        "date": "2090-05-10",
        "start_time": "18:00",
        "end_time": "21:00",
        "city": "Düsseldorf",
        "seats": "40",
        **given,
    }


def events():
    db.session.rollback()
    return db.session.scalars(select(Event).order_by(Event.id)).all()


def test_an_organiser_publishes_an_event_from_one_page(client, house):
    answer = submit(client, "/desk/events/new", action="publish", **filled_in())

    [event] = events()
    assert answer.status_code == 302
    assert event.status is EventStatus.PUBLISHED
    assert event.starts_at == FAR
    assert event.ends_at == FAR + timedelta(hours=3)
    assert event.host_id == house.id
    assert event.time_zone == "Europe/Berlin"


def test_a_draft_leads_to_the_rest_of_its_details(client, house):
    answer = submit(client, "/desk/events/new", action="draft", **filled_in())

    [event] = events()
    assert event.status is EventStatus.DRAFT
    assert answer.location == f"/desk/events/{event.id}/edit"
    assert client.get(answer.location).status_code == 200


def test_a_form_sent_twice_is_one_event(client, house):
    page = client.get("/desk/events/new")
    nonce = next(v for f in forms_of(page) for n, v in f.values if n == "nonce")

    for _ in range(2):
        submit(client, "/desk/events/new", action="publish", **filled_in(nonce=nonce))

    assert len(events()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"date": ""},
        {"end_time": "17:00"},
        {"city": "", "venue_name": ""},
        {"seats": "0"},
        {"online_url": "javascript:alert(1)"},
        {"date": "2001-01-01"},
        {"title-de": ""},
        {"host": "999999"},
        {"kind": "party"},
    ],
)
def test_wrong_input_is_shown_again_with_what_is_wrong(client, house, wrong):
    typed = filled_in(**{"venue_address": "Berger Allee 33", **wrong})

    answer = submit(client, "/desk/events/new", action="publish", **typed)

    assert answer.status_code == 422
    assert "Berger Allee 33" in answer.text
    assert "error-summary" in answer.text
    assert events() == []


def test_a_host_that_is_not_ones_own_cannot_be_chosen(client, house):
    other = an_organisation()

    answer = submit(client, "/desk/events/new", action="draft", **filled_in(host=str(other.id)))

    assert answer.status_code == 422
    assert events() == []


def test_who_may_not_plan_events_finds_no_page_for_it(client):
    signed_in(client, a_user(an_organisation(), role=Role.STAFF))
    assert client.get("/desk/events/new").status_code == 404


def test_a_visitor_is_sent_to_sign_in(client):
    assert client.get("/desk/events").status_code == 302


PAGES = [
    "edit",
    "programme",
    "partners",
    "questions",
    "preview",
    "move",
    "cancel",
    "duplicate",
    "partnership",
]


@pytest.mark.parametrize("page", PAGES)
def test_a_foreign_event_is_as_one_that_does_not_exist(client, house, page):
    foreign = an_event(status=EventStatus.DRAFT)

    answer = client.get(f"/desk/events/{foreign.id}/{page}")
    missing = client.get(f"/desk/events/99999/{page}")

    assert answer.status_code == missing.status_code == 404


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


def test_seats_that_are_taken_stay(client, house):
    event = an_event(house, starts_at=FAR, seats=10)
    a_registration(event, companions=3)

    answer = submit(client, f"/desk/events/{event.id}/edit", seats="3", largest_party="2")

    assert answer.status_code == 422
    assert events()[0].pools[0].capacity == 10


def test_a_programme_row_is_added_and_removed_with_all_that_was_typed(client, house):
    event = an_event(house, starts_at=FAR)
    url = f"/desk/events/{event.id}/programme"

    page = submit(
        client, url, do="add:items", **{"items-0-title-de": "Grußwort", "items-0-place": "Saal"}
    )
    values = dict(page_form(page, url).values)
    assert values["items-0-title-de"] == "Grußwort"
    assert values["items-1-day"] == "2090-05-10"
    page = client.post(url, data={**values, "items-1-place": "Foyer", "do": "add:items-1-speakers"})
    values = dict(page_form(page, url).values)
    assert "items-1-speakers-0-name" in values
    page = client.post(url, data={**values, "do": "remove:items:0"})

    values = dict(page_form(page, url).values)
    assert values["items-0-place"] == "Foyer"
    assert "items-1-place" not in values
    assert db.session.scalars(select(ProgrammeItem)).all() == []


def three_days(house):
    """An event of three days, planned on the first and the last."""
    event = an_event(house, starts_at=FAR, ends_at=FAR + timedelta(days=2))
    for day, title in ((0, "Grußwort"), (0, "Rundgang"), (2, "Ausklang")):
        starts_at = FAR + timedelta(days=day)
        ends_at = starts_at + timedelta(minutes=45)
        saved(
            ProgrammeItem(
                event_id=event.id, starts_at=starts_at, ends_at=ends_at, title=Localized(de=title)
            )
        )
    return event, f"/desk/events/{event.id}/programme"


def lines_of(page):
    """The programme's lines as (day, title, whether it is open), and the days without any."""
    found = []
    for day in re.findall(
        r'<section class="card" aria-label="([^"]+)">(.*?)</section>', page, re.DOTALL
    ):
        lines = re.findall(
            r"<details [^>]*?data-line( open)?>.*?data-line-title=[^>]*>([^<]*)<", day[1], re.DOTALL
        )
        found += [(day[0], title, bool(is_open)) for is_open, title in lines] or [day[0]]
    return found


def test_a_programme_is_shown_day_by_day_in_folded_lines(client, house):
    _event, url = three_days(house)

    page = client.get(url).text

    assert lines_of(page) == [
        ("Mittwoch, 10. Mai 2090", "Grußwort", False),
        ("Mittwoch, 10. Mai 2090", "Rundgang", False),
        "Donnerstag, 11. Mai 2090",
        ("Freitag, 12. Mai 2090", "Ausklang", False),
    ]
    assert "18:00–18:45" in page


@pytest.mark.parametrize(
    ("day", "called", "begins"),
    [
        ("2090-05-10", "Mittwoch, 10. Mai 2090", "18:45"),
        ("2090-05-11", "Donnerstag, 11. Mai 2090", "18:00"),
        ("2090-05-12", "Freitag, 12. Mai 2090", "18:45"),
    ],
)
def test_an_item_is_added_at_the_end_of_its_day_and_stands_open(client, house, day, called, begins):
    _event, url = three_days(house)

    page = submit(client, url, do=f"add:items@{day}")

    values = dict(page_form(page, url).values)
    assert (values["items-3-day"], values["items-3-start_time"]) == (day, begins)
    assert [line for line in lines_of(page.text) if line[2] is True] == [
        (called, "Programmpunkt 4", True)
    ]


def test_the_line_that_is_worked_on_and_what_is_wrong_stand_open(client, house):
    _event, url = three_days(house)

    worked_on = submit(client, url, do="add:items-1-speakers")
    wrong = submit(client, url, **{"items-2-end_time": "12:00"})

    assert [line[1] for line in lines_of(worked_on.text) if line[2] is True] == ["Rundgang"]
    assert [line[1] for line in lines_of(wrong.text) if line[2] is True] == ["Ausklang"]
    assert wrong.status_code == 422
    assert wrong.text.count("Bitte prüfen</span>") == 1


def test_a_line_without_a_day_is_not_lost(client, house):
    _event, url = three_days(house)

    page = submit(client, url, do="add:items@2090-05-10", **{"items-0-day": ""})

    assert lines_of(page.text)[-1] == ("Ohne Tag", "Grußwort", False)
    assert dict(page_form(page, url).values)["items-0-title-de"] == "Grußwort"


@pytest.mark.parametrize("day", ["gestern", "2090-05-99", '"><script>'])
def test_a_made_up_day_adds_a_line_that_has_none(client, house, day):
    _event, url = three_days(house)

    page = submit(client, url, do=f"add:items@{day}")

    assert page.status_code == 200
    assert lines_of(page.text)[-1] == ("Ohne Tag", "Programmpunkt 4", True)
    assert "<script>" not in page.text.split("<main")[1]


def page_form(page, url):
    assert page.status_code == 200
    return next(form for form in forms_of(page) if form.action == url)


def test_a_programme_is_saved_in_order_of_time(client, house):
    event = an_event(house, starts_at=FAR)
    url = f"/desk/events/{event.id}/programme"
    first = {
        "items-0-title-de": "Ausklang",
        "items-0-start_time": "22:00",
        "items-0-end_time": "01:00",
        "items-0-speakers-0-name": "Dr. Maja Kovač",
        "items-0-speakers-0-function": "Direktorin",
    }
    second = {
        "items-1-title-sl": "Pozdrav",
        "items-1-day": "2090-05-10",
        "items-1-start_time": "18:00",
    }
    page = client.get(url)
    values = {**dict(page_form(page, url).values), **first, **second}

    assert client.post(url, data=values).status_code == 302

    [greeting, end] = events()[0].programme
    assert greeting.title.into("sl") == "Pozdrav"
    assert end.ends_at == FAR + timedelta(hours=7)
    assert end.speakers == [
        {"name": "Dr. Maja Kovač", "function": "Direktorin", "organisation": ""}
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"items-0-title-de": "", "items-0-place": "Saal"},
        {"items-0-end_time": "17:00"},
        {"items-0-day": ""},
        {"items-0-speakers-0-function": "Direktorin"},
    ],
)
def test_a_programme_with_a_fault_is_shown_again(client, house, wrong):
    event = an_event(house, starts_at=FAR)
    url = f"/desk/events/{event.id}/programme"
    values = dict(page_form(client.get(url), url).values)

    answer = client.post(url, data={**values, "items-0-title-de": "Rede", **wrong})

    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert events()[0].programme == []


def test_questions_with_options_and_conditions_are_saved(client, house):
    event = an_event(house, starts_at=FAR)
    url = f"/desk/events/{event.id}/questions"
    page = submit(client, url, do="add:questions")
    values = {
        **dict(page_form(page, url).values),
        "questions-0-label-de": "Essen?",
        "questions-0-kind": "choice",
        "questions-0-options-0-label-de": "vegan",
        "questions-0-options-1-label-de": "mit Fleisch",
        "questions-0-is_sensitive": "y",
        "do": "add:questions",
    }
    page = client.post(url, data=values)
    values = dict(page_form(page, url).values)
    vegan = values["questions-0-options-0-key"]
    condition = f"{values['questions-0-ref']}:{vegan}"
    assert condition in page.text

    answer = client.post(
        url,
        data={
            **values,
            "questions-1-kind": "short_text",
            "questions-1-label-de": "Mit Ei?",
            "questions-1-shown_if": condition,
        },
    )

    assert answer.status_code == 302
    diet, egg = db.session.scalars(select(Question).order_by(Question.position)).all()
    assert diet.is_sensitive
    assert [option["label"]["de"] for option in diet.options] == ["vegan", "mit Fleisch"]
    assert (egg.shown_if_question, egg.shown_if_value) == (diet.id, vegan)
    assert "Mit Ei?" in client.get(url).text


def test_a_choice_without_options_is_refused_at_its_question(client, house):
    event = an_event(house, starts_at=FAR)
    url = f"/desk/events/{event.id}/questions"
    page = submit(client, url, do="add:questions")
    values = {
        **dict(page_form(page, url).values),
        "questions-0-label-de": "Essen?",
        "questions-0-kind": "choice",
    }

    answer = client.post(url, data=values)

    assert answer.status_code == 422
    assert 'id="questions-0-kind-error"' in answer.text


def test_a_co_host_is_invited_and_answers_on_its_own_desk(client, house):
    event = an_event(house, starts_at=FAR, seats=30)
    partner = an_organisation("GZS")
    colleague = a_user(partner, password_hash="x")
    url = f"/desk/events/{event.id}/partners"
    page = submit(client, url, do="add:partners")
    values = {
        **dict(page_form(page, url).values),
        "partners-0-organisation": str(partner.id),
        "partners-0-seats": "12",
        "partners-0-attendee_access": "own",
    }
    assert client.post(url, data=values).status_code == 302
    mails = db.session.execute(
        select(func.count()).select_from(Message).where(Message.kind == "partner_invited")
    ).scalar_one()
    assert mails == 1

    signed_in(client, colleague)
    answer = submit(client, f"/desk/events/{event.id}/partnership", answer="accept")

    assert answer.status_code == 302
    [answered] = events()[0].partners
    assert answered.status is PartnerStatus.ACCEPTED
    assert answered.attendee_access is AttendeeAccess.OWN
    again = client.get(f"/desk/events/{event.id}/partnership")
    assert 'value="accept"' not in again.text


def test_a_co_host_that_declines_loses_sight_of_the_event(client):
    event, partner = an_event(starts_at=FAR), an_organisation()
    a_partner(event, partner, status=PartnerStatus.INVITED)
    signed_in(client, a_user(partner))

    answer = submit(client, f"/desk/events/{event.id}/partnership", answer="decline")

    assert answer.location == "/desk/events"
    assert client.get(f"/desk/events/{event.id}/preview").status_code == 404


def test_nobody_answers_for_another_co_host(client):
    event, mine, other = an_event(starts_at=FAR), an_organisation(), an_organisation()
    a_partner(event, mine, status=PartnerStatus.INVITED)
    a_partner(event, other, status=PartnerStatus.INVITED)
    signed_in(client, a_user(mine))

    answer = submit(
        client,
        f"/desk/events/{event.id}/partnership",
        organisation=str(other.id),
        answer="accept",
    )

    assert answer.status_code == 404


def test_staff_of_a_co_host_do_not_answer(client):
    event, mine = an_event(starts_at=FAR), an_organisation()
    a_partner(event, mine, status=PartnerStatus.INVITED)
    signed_in(client, a_user(mine, role=Role.STAFF))
    assert client.get(f"/desk/events/{event.id}/partnership").status_code == 404


def test_a_move_says_how_many_are_told_and_moves(client, house):
    event = an_event(house, starts_at=FAR)
    a_registration(event)
    client.get("/desk/events?lang=en")
    url = f"/desk/events/{event.id}/move"
    assert "1 registered party gets a mail" in client.get(url).text

    answer = submit(client, url, what="move", date="2090-06-01")

    assert answer.status_code == 302
    [moved] = events()
    assert moved.starts_at == datetime(2090, 6, 1, 16, 0, tzinfo=UTC)
    assert moved.postponed_from == FAR


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


def test_the_list_shows_ones_own_events_only_and_finds_them(client, house):
    an_event(house, starts_at=FAR, title=Localized(sl="Žalec"), search_text="zalec")
    an_event(starts_at=FAR, title=Localized(de="Fremd"), search_text="fremd")

    page = client.get("/desk/events?q=žAlec").text

    assert "Žalec" in page
    assert "Fremd" not in client.get("/desk/events").text
    assert "Žalec" not in client.get("/desk/events?q=anderswo").text


def test_the_list_costs_as_many_statements_for_twenty_events_as_for_two(client, house):
    for _ in range(2):
        a_partner(an_event(house, starts_at=FAR), an_organisation())
    client.get("/desk/events")
    with counted_statements() as few:
        client.get("/desk/events")
    for _ in range(18):
        a_partner(an_event(house, starts_at=FAR), an_organisation())

    with counted_statements() as many:
        client.get("/desk/events")

    assert len(many) == len(few)


def test_a_post_without_a_token_changes_nothing(client, house):
    event = an_event(house, starts_at=FAR, status=EventStatus.DRAFT, published_at=None)
    assert client.post(f"/desk/events/{event.id}/publish").status_code == 400
    assert csrf_of(client.get("/desk/events/new"))
    assert events()[0].status is EventStatus.DRAFT
