"""Importing a list in a browser."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from event_mgmt.accounts.models import Role
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.events.enums import EventStatus, WaitingListMode
from event_mgmt.events.models import Event
from event_mgmt.mail.models import Message
from event_mgmt.registration_desk.imports.check_page import UPLOAD_LIMIT
from event_mgmt.registration_desk.imports.models import ImportList
from event_mgmt.registration_desk.imports.sheets import MOST_BYTES
from event_mgmt.registration_desk.imports.uploads import LASTS
from event_mgmt.registrations.models import Attendee, Registration
from event_mgmt.rooms import jobs_of
from tests.builders import a_partner, a_registration, a_user, an_event, an_organisation, saved
from tests.registration_desk.imports.lists import a_csv, a_workbook
from tests.web.sign_in import csrf_of, signed_in, submit

MAJA = ("Maja", "Kovač", "maja@example.org", "Tehnika d.o.o.")
IVO = ("Ivo", "Kos", "ivo@example.org", "Kos GmbH")


def here(event: Event, *more: str) -> str:
    return "/".join([f"/desk/events/{event.id}/registrations/import", *more])


def upload(
    client: FlaskClient, event: Event, contents: bytes, name: str = "list.csv", **more: str
) -> TestResponse:
    token = csrf_of(client.get(here(event)))
    file = FileStorage(io.BytesIO(contents), name)
    values = {"file": file, "csrf_token": token, "language": "sl", "tells": "y", **more}
    values = {name: value for name, value in values.items() if value}
    boundary, body = encode_multipart(values)
    return client.post(
        here(event), data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )


def run(client: FlaskClient, page: str, **fields: object) -> TestResponse:
    """Fill in the page's own form and send it."""
    return submit(client, page, to=page, **fields)


def count() -> int:
    return db.session.execute(select(func.count()).select_from(Registration)).scalar_one()


def kept() -> int:
    return db.session.execute(select(func.count()).select_from(ImportList)).scalar_one()


def test_a_list_is_tried_out_first_and_entered_only_then(
    organiser: FlaskClient, event: Event
) -> None:
    sent = upload(organiser, event, a_workbook(MAJA, IVO), "list.xlsx")
    check = organiser.get(sent.location)

    assert "2 registrations are confirmed and take 2 seats." in check.text
    assert "2 mails go out." in check.text
    assert count() == 0
    assert kept() == 1

    done = run(organiser, sent.location)

    assert done.location.endswith(f"/desk/events/{event.id}/registrations")
    assert count() == 2
    assert db.session.scalars(select(Registration.locale)).first() == "sl"
    assert kept() == 0
    assert "2 registrations are imported. 2 mails go out." in organiser.get(done.location).text


def test_sent_twice_a_list_is_entered_once(organiser: FlaskClient, event: Event) -> None:
    sent = upload(organiser, event, a_csv(MAJA))
    token = csrf_of(organiser.get(sent.location))

    for _time in range(2):
        answer = organiser.post(sent.location, data={"csrf_token": token})

        assert answer.status_code == 303

    assert count() == 1


def test_problems_are_named_and_their_rows_left_out_only_when_told_so(
    organiser: FlaskClient, event: Event
) -> None:
    sent = upload(organiser, event, a_csv(MAJA, ("", "Kos", "nobody", "X")))
    check = organiser.get(sent.location)
    refused = run(organiser, sent.location)

    assert "“nobody” is no e-mail address." in check.text
    assert (refused.status_code, count()) == (422, 0)
    assert "mend the rows with problems" in refused.text

    run(organiser, sent.location, leave_out=True)

    assert count() == 1


def test_columns_that_are_not_recognised_are_told_by_hand(
    organiser: FlaskClient, event: Event
) -> None:
    contents = a_csv(MAJA, header=("A", "B", "C", ""))

    sent = upload(organiser, event, contents)
    page = organiser.get(sent.location)
    lacking = run(organiser, sent.location, **{"columns-0": "given_name"})
    check = submit(
        organiser,
        sent.location,
        **{"columns-0": "given_name", "columns-1": "family_name", "columns-2": "email"},
    )

    assert sent.location.endswith("/columns")
    assert "Kovač" in page.text
    assert lacking.status_code == 422
    assert "1 registration is confirmed" in organiser.get(check.location).text


def test_two_columns_cannot_be_the_same(organiser: FlaskClient, event: Event) -> None:
    sent = upload(organiser, event, a_csv(MAJA, header=("A", "B", "C", "D")))

    answer = run(organiser, sent.location, **{"columns-0": "email", "columns-1": "email"})

    assert answer.status_code == 422
    assert "Another column is this already." in answer.text


def test_garbled_letters_are_mended_by_choosing_the_characters(
    organiser: FlaskClient, event: Event
) -> None:
    sent = upload(organiser, event, a_csv(("Hélène", "Lefèvre", "h@e.org", "X"), encoding="cp1252"))

    assert "Lefčvre" in organiser.get(sent.location).text
    submit(organiser, sent.location, to=sent.location + "/reading", encoding="cp1252")

    assert "Lefèvre" in organiser.get(sent.location).text


def test_what_cannot_be_read_is_said_at_the_field(organiser: FlaskClient, event: Event) -> None:
    picture = upload(organiser, event, b"\x89PNG\r\n\x1a\n\0\0\0\0")
    large = upload(organiser, event, b"x" * (MOST_BYTES + 1))
    larger = upload(organiser, event, b"x" * UPLOAD_LIMIT)

    assert (picture.status_code, "This is a picture" in picture.text) == (422, True)
    assert (large.status_code, "at most 2 MB" in large.text) == (422, True)
    assert (larger.status_code, "at most 12 MB" in larger.text) == (413, True)
    assert kept() == 0


def test_only_this_page_takes_large_bodies(organiser: FlaskClient, event: Event) -> None:
    token = csrf_of(organiser.get(here(event)))

    answer = organiser.post(
        f"/desk/events/{event.id}/registrations/new",
        data={"csrf_token": token, "message": "x" * 300_000},
    )

    assert answer.status_code == 413


def test_names_and_cells_are_text_and_nothing_else(organiser: FlaskClient, event: Event) -> None:
    evil = "<script>alert(1)</script>"
    contents = a_csv((evil, "Kos", "<b>@e", evil), (evil, "Kos", "e@example.org", evil))

    sent = upload(organiser, event, contents, f"{evil}.csv")

    for page in (organiser.get(sent.location), organiser.get(sent.location + "/columns")):
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert" in page.text


def test_nobody_else_opens_a_list(
    organiser: FlaskClient, client: FlaskClient, event: Event
) -> None:
    other = an_event(event.host)
    sent = upload(organiser, event, a_csv(MAJA))
    token = sent.location.rsplit("/", 1)[1]

    assert organiser.get(here(other, token)).status_code == 404
    signed_in(client, a_user(event.host, Role.ADMINISTRATOR))
    assert client.get(here(event, token)).status_code == 404
    assert client.get(here(event, token, "columns")).status_code == 404


@pytest.mark.parametrize("token", ["x", "..", "a" * 32, "..%2f..%2fsecret-key"])
def test_a_made_up_token_opens_nothing(organiser: FlaskClient, event: Event, token: str) -> None:
    assert organiser.get(here(event, token, "columns")).status_code == 404


def test_another_list_for_the_event_takes_the_place_of_the_first(
    organiser: FlaskClient, event: Event
) -> None:
    first = upload(organiser, event, a_csv(MAJA))
    upload(organiser, event, a_csv(IVO))

    assert kept() == 1
    assert organiser.get(first.location).status_code == 404


def test_a_list_nobody_used_is_forgotten_after_a_day(
    organiser: FlaskClient, event: Event, sqlite_app: Flask
) -> None:
    sent = upload(organiser, event, a_csv(MAJA))
    jobs = jobs_of(sqlite_app)
    (forget,) = [job for job in jobs if job.__name__ == "forget_old_uploads"]

    assert forget(utc_now()) == 0
    assert kept() == 1
    assert forget(utc_now() + LASTS + timedelta(minutes=1)) == 1
    assert kept() == 0
    assert organiser.get(sent.location).status_code == 404


def test_a_list_is_not_opened_after_a_day_even_if_it_is_still_there(
    organiser: FlaskClient, event: Event
) -> None:
    sent = upload(organiser, event, a_csv(MAJA))
    upload_ = db.session.scalars(select(ImportList)).one()
    upload_.kept_at = utc_now() - LASTS
    saved(upload_)

    assert organiser.get(sent.location).status_code == 404


def test_another_machine_goes_on_where_the_first_began(
    organiser: FlaskClient, event: Event, tmp_path
) -> None:
    sent = upload(organiser, event, a_csv(MAJA))
    app = organiser.application
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, instance=tmp_path)
    try:
        run(organiser, sent.location)
    finally:
        app.extensions["settings"] = settings

    assert count() == 1
    assert list(tmp_path.iterdir()) == []


def test_whoever_imports_may_keep_the_mails_back(organiser: FlaskClient, event: Event) -> None:
    sent = upload(organiser, event, a_csv(MAJA), tells="")
    assert "No mail goes out." in organiser.get(sent.location).text

    done = run(organiser, sent.location)

    assert count() == 1
    assert db.session.scalars(select(Message)).all() == []
    assert "1 registration is imported. No mail goes out." in organiser.get(done.location).text


def test_rows_without_a_seat_are_left_out_only_when_told_so(organiser: FlaskClient) -> None:
    event = an_event(
        seats=1, waiting_list=WaitingListMode.OFF, starts_at=utc_now() + timedelta(days=9)
    )
    signed_in(organiser, a_user(event.host, locale="en"))

    sent = upload(organiser, event, a_csv(MAJA, IVO))
    run(organiser, sent.location, leave_out=True)

    assert db.session.scalars(select(Attendee.given_name)).all() == ["Maja"]


def test_whoever_is_registered_is_passed_over(organiser: FlaskClient, event: Event) -> None:
    a_registration(event, given_name="Maja", family_name="Kovač", email="maja@example.org")

    sent = upload(organiser, event, a_csv(MAJA))

    assert "There is nobody to import in this list." in organiser.get(sent.location).text


def test_the_contingent_is_chosen_with_the_file(organiser: FlaskClient, event: Event) -> None:
    a_partner(event, an_organisation(), seats=5)
    own = next(pool for pool in event.pools if pool.organisation_id)

    sent = upload(organiser, event, a_csv(MAJA), contingent=str(own.id))
    run(organiser, sent.location)

    assert db.session.scalars(select(Registration.pool_id)).one() == own.id


def test_only_deciders_accept_a_list_at_once(client: FlaskClient, event: Event) -> None:
    event = db.session.merge(event)
    event.approval_needed = True
    saved(event)
    signed_in(client, a_user(event.host, Role.STAFF, locale="en"))

    sent = upload(client, event, a_csv(MAJA), at_once="y")
    run(client, sent.location)

    assert db.session.scalars(select(Registration.status)).one() == "pending"


def test_a_draft_takes_no_list(organiser: FlaskClient, event: Event) -> None:
    draft = an_event(host=event.host, status=EventStatus.DRAFT)

    answer = organiser.get(here(draft))

    assert answer.status_code == 303
    assert "Only a published event takes registrations." in organiser.get(answer.location).text


@pytest.mark.parametrize("language", ["de", "sl", "en"])
def test_the_sample_can_be_imported_as_it_is(
    organiser: FlaskClient, event: Event, language: str
) -> None:
    sample = organiser.get(here(event, "sample.csv") + f"?lang={language}")

    sent = upload(organiser, event, sample.data)
    run(organiser, sent.location)

    people = db.session.scalars(select(Attendee).order_by(Attendee.position)).all()
    assert [p.given_name for p in people] == ["Maja", "Jörg"]
    assert (people[0].phone, people[0].country, people[0].form_of_address) == (
        "+38612345678",
        "SI",
        "ms",
    )
