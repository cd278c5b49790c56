"""What may happen between the page that shows an import and the word that starts it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.events.enums import EventStatus, QuestionKind
from event_mgmt.events.models import Event
from event_mgmt.registrations.models import Attendee, Registration
from tests.builders import a_question, a_registration, a_user, an_event, saved
from tests.registration_desk.imports.lists import HEADER, a_csv
from tests.registration_desk.imports.test_import_views import (
    IVO,
    MAJA,
    count,
    here,
    kept,
    run,
    upload,
)
from tests.web.sign_in import csrf_of, forms_of, signed_in

GONE = "This list is no longer here"


def sent_as_shown(client: FlaskClient, page: str) -> dict[str, str]:
    """What the page's last word would send."""
    form = next(form for form in forms_of(client.get(page)) if "seen" in form.names)
    return dict(form.values)


def test_seats_that_run_out_meanwhile_are_shown_before_anything_is_entered(
    organiser: FlaskClient,
) -> None:
    event = an_event(seats=2, starts_at=utc_now() + timedelta(days=9))
    signed_in(organiser, a_user(event.host, locale="en"))
    page = upload(organiser, event, a_csv(MAJA, IVO)).location
    shown = sent_as_shown(organiser, page)
    a_registration(event, email="else@example.org")

    answer = organiser.post(page, data=shown)

    assert answer.status_code == 422
    assert "Something has changed since this page was shown" in answer.text
    assert count() == 1
    assert run(organiser, page).status_code == 303
    assert sorted(db.session.scalars(select(Registration.status))) == [
        "confirmed",
        "confirmed",
        "waitlisted",
    ]


def test_somebody_who_registers_meanwhile_is_shown_too(
    organiser: FlaskClient, event: Event
) -> None:
    page = upload(organiser, event, a_csv(MAJA, IVO)).location
    shown = sent_as_shown(organiser, page)
    a_registration(event, given_name="Ivo", family_name="Kos", email="ivo@example.org")

    assert organiser.post(page, data=shown).status_code == 422
    assert run(organiser, page).status_code == 303
    assert count() == 2


def test_an_event_that_is_cancelled_meanwhile_takes_no_list(
    organiser: FlaskClient, event: Event
) -> None:
    page = upload(organiser, event, a_csv(MAJA)).location
    changed = db.session.merge(event)
    changed.status = EventStatus.CANCELLED
    saved(changed)

    assert "Only a published event takes registrations." in organiser.get(page).text
    refused = run(organiser, page)

    assert refused.status_code == 422
    assert "Registration for this event is closed." in refused.text
    assert (count(), kept()) == (0, 1)


def test_the_list_of_another_tab_takes_the_place_of_the_first_which_says_so(
    organiser: FlaskClient, event: Event
) -> None:
    first = upload(organiser, event, a_csv(MAJA)).location
    shown = sent_as_shown(organiser, first)
    second = upload(organiser, event, a_csv(IVO)).location

    answer = organiser.post(first, data=shown)
    led_to = organiser.get(answer.location)
    looked = organiser.get(first)

    assert GONE in led_to.text
    assert (looked.status_code, GONE in looked.text) == (404, True)
    assert "Import a list" in looked.text
    assert count() == 0
    run(organiser, second)
    assert count() == 1


@pytest.mark.parametrize("step", ["", "columns", "reading"])
def test_a_list_that_is_gone_is_told_at_every_step(
    organiser: FlaskClient, event: Event, step: str
) -> None:
    token = csrf_of(organiser.get(here(event)))
    there = here(event, "gone", step).rstrip("/")

    answer = organiser.post(there, data={"csrf_token": token})

    assert answer.status_code == 303
    assert GONE in organiser.get(answer.location).text


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"columns-0": "email"},
        {"columns-99": "email"},
        {f"columns-{number}": "email" for number in range(200)},
        {"columns-x": "email"},
    ],
)
def test_columns_chosen_for_another_reading_are_not_mixed_up(
    organiser: FlaskClient, event: Event, fields: dict[str, str]
) -> None:
    strange = a_csv(("Maja", "Kovač", "maja@example.org"), header=("A", "B", "C"))
    page = upload(organiser, event, strange).location
    token = csrf_of(organiser.get(page))

    answer = organiser.post(page, data={"csrf_token": token, **fields})

    assert answer.status_code == 422
    assert "The file is read otherwise by now." in answer.text


@pytest.mark.parametrize(
    "fields",
    [
        {"heading": "abc"},
        {"heading": "9" * 30},
        {"sheet": "9" * 30, "heading": "1"},
        {"encoding": "rot13", "heading": "1"},
        {"encoding": "utf-16", "heading": "1"},
        {},
    ],
)
def test_a_strange_choice_of_how_to_read_breaks_nothing(
    organiser: FlaskClient, event: Event, fields: dict[str, str]
) -> None:
    page = upload(organiser, event, a_csv(MAJA)).location
    token = csrf_of(organiser.get(page))

    answer = organiser.post(f"{page}/reading", data={"csrf_token": token, **fields})

    assert answer.status_code == 303
    assert organiser.get(page).status_code == 200
    assert run(organiser, page).status_code == 303
    assert count() == 1


def test_where_the_organiser_decides_and_asks_questions_the_list_waits_with_its_answers(
    organiser: FlaskClient, event: Event
) -> None:
    changed = db.session.merge(event)
    changed.approval_needed = changed.address_check = True
    saved(changed)
    a_question(event, QuestionKind.SHORT_TEXT, "Diät", is_required=True)
    rows = [(*MAJA, "vegan"), (*IVO, "")]

    page = upload(organiser, event, a_csv(*rows, header=(*HEADER, "Diät"))).location
    shown = organiser.get(page).text
    run(organiser, page)

    assert "2 registrations" in shown
    assert db.session.scalars(select(Registration.status)).all() == ["pending", "pending"]


def test_a_name_of_a_file_is_shown_without_folders_and_turned_text(
    organiser: FlaskClient, event: Event
) -> None:
    for name in ("C:\\Users\\ana\\gäste.csv", "/home/ana/gäste.csv", "\u202egäste.csv"):
        page = upload(organiser, event, a_csv(MAJA), name).location

        text = organiser.get(page).text
        assert "gäste.csv" in text
        assert "ana\\" not in text
        assert "/home" not in text
        assert "\u202e" not in text


def test_the_page_shows_what_was_written_and_how_many_rows_stay_out(
    organiser: FlaskClient, event: Event
) -> None:
    rows = [("Familie Schmidt", "a@example.org"), ("Ana Kos", "b@example.org"), ("N.N.", "c@e.org")]
    page = upload(organiser, event, a_csv(*rows, header=("Name", "E-Mail"))).location

    text = organiser.get(page).text

    assert text.count("Familie Schmidt") >= 3  # in the row, in what is wrong, and to write anew
    assert "N.N." in text
    assert "Leave out 2 rows and import the others" in text


def test_a_name_that_may_be_turned_can_be_written_anew_and_keeps_nobody_out(
    organiser: FlaskClient, event: Event
) -> None:
    rows = [("Kovač Maja, Dr.", "a@example.org"), ("Kos Ana, Dr.", "b@example.org")]
    page = upload(organiser, event, a_csv(*rows, header=("Name", "E-Mail"))).location

    assert "Names that may be meant otherwise" in organiser.get(page).text
    run(organiser, page, **{"cell-2-0": "Kovač, Maja, Dr."})
    assert run(organiser, page).status_code == 303

    people = db.session.scalars(select(Attendee).order_by(Attendee.id)).all()
    assert [(p.given_name, p.family_name) for p in people] == [("Maja", "Kovač"), ("Kos", "Ana")]
