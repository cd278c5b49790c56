"""The attendee list and the export page, in a browser without scripts that reads the markup."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from event_mgmt.accounts.models import Role, User
from event_mgmt.attendee_lists import service
from event_mgmt.attendee_lists.criteria import Criteria, Order
from event_mgmt.attendee_lists.models import Export, ListTemplate, SavedView
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.events.models import Event, Question
from event_mgmt.events.words import AttendeeAccess, QuestionKind
from event_mgmt.registrations.words import Status
from tests.attendee_lists.making import NOW, taken_by
from tests.builders import a_partner, a_registration, a_user, an_event, an_organisation, saved
from tests.web.sign_in import csrf_of, forms_of, signed_in, submit


@pytest.fixture
def event(client: FlaskClient) -> Event:
    return an_event(seats=200)


@pytest.fixture
def user(event: Event, client: FlaskClient) -> User:
    user = a_user(event.host, Role.STAFF)
    signed_in(client, user)
    return user


def _list(event: Event, query: str = "") -> str:
    return f"/desk/events/{event.id}/attendee-list{query}"


def _export(event: Event, query: str = "") -> str:
    return f"/desk/events/{event.id}/attendee-list/export{query}"


def _rows(answer: TestResponse, separator: str = ";") -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    text = answer.data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def _take(client: FlaskClient, event: Event, query: str = "", **fields: Any) -> TestResponse:
    """Send the form with which one puts a list together, and close the file that comes back as a server does."""
    here = _export(event, query)
    answer = submit(client, here, to=_export(event), having="position-email", **fields)
    answer.get_data()
    answer.close()
    return answer


def _exports() -> int:
    return db.session.execute(select(func.count()).select_from(Export)).scalar_one()


def test_the_list_shows_names_functions_companions_and_statuses(
    client: FlaskClient, event: Event, user: User
) -> None:
    a_registration(
        event, given_name="Maja", family_name="Kovač", function="Direktorica", companions=1
    )
    a_registration(event, family_name="Lindner", status=Status.WAITLISTED)

    page = client.get(_list(event, "?lang=en")).text

    assert "Kovač, Maja" in page
    assert "Direktorica · + 1 companion" in page
    assert "Companion of Maja Kovač" in page
    assert "Waiting list" in page
    assert "of 200 seats" in page


def test_an_empty_list_says_what_happens_next(
    client: FlaskClient, event: Event, user: User
) -> None:
    assert "Nobody has registered yet" in client.get(_list(event, "?lang=en")).text
    a_registration(event)
    assert "Nobody fits" in client.get(_list(event, "?search=qqq")).text


def test_the_times_of_registration_are_those_of_the_event(
    client: FlaskClient, event: Event, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        a_registration(event)
        page = client.get(_list(event, "?lang=en")).text
    finally:
        monkeypatch.undo()
        time.tzset()

    assert "12 Jan 2027" in page
    assert "10:00" in page


def test_the_list_has_pages_that_keep_the_filter(
    client: FlaskClient, event: Event, user: User
) -> None:
    for n in range(55):
        a_registration(event, family_name=f"N{n:02}", country="SI")

    page = client.get(_list(event, "?country=SI&page=2")).text

    assert "N54" in page
    assert "N00" not in page
    assert "country=SI&amp;page=1" in page


def test_a_guests_markup_is_text_on_the_list(client: FlaskClient, event: Event, user: User) -> None:
    a_registration(event, family_name="<script>alert(1)</script>", organisation="<b>&amp;")

    page = client.get(_list(event)).text

    assert "<script>alert" not in page
    assert "&lt;b&gt;&amp;amp;" in page


def test_a_strangers_event_answers_exactly_as_a_missing_one(
    client: FlaskClient, event: Event
) -> None:
    signed_in(client, a_user(an_organisation()))
    missing = Event(id=event.id + 1000)

    for make in (_list, _export):
        theirs, none = client.get(make(event)), client.get(make(missing))
        assert theirs.status_code == none.status_code == 404
        assert theirs.text == none.text.replace(str(missing.id), str(event.id))


def test_the_door_sees_the_list_but_no_way_to_export_it(client: FlaskClient, event: Event) -> None:
    signed_in(client, a_user(event.host, Role.DOOR))

    page = client.get(_list(event))

    assert page.status_code == 200
    assert "/attendee-list/export" not in page.text
    assert client.get(_export(event)).status_code == 404


def test_a_co_host_sees_its_own_contingent_on_page_and_in_file(
    client: FlaskClient, event: Event
) -> None:
    partner = an_organisation("Partner")
    a_partner(event, partner, access=AttendeeAccess.OWN, seats=5)
    own = next(pool for pool in event.pools if pool.organisation_id == partner.id)
    a_registration(event, family_name="Fremd")
    a_registration(event, family_name="Eigen", pool=own)
    signed_in(client, a_user(partner, Role.STAFF))

    page = client.get(_list(event)).text
    file = _take(client, event, format="csv", purpose="Einlass", columns=["family_name"])

    assert "Eigen" in page
    assert "Fremd" not in page
    assert [row[0] for row in _rows(file)[1:]] == ["Eigen"]


def test_the_page_as_it_stands_gives_a_workbook_of_those_who_come(
    client: FlaskClient, event: Event, user: User
) -> None:
    a_registration(event, family_name="Kovač")
    a_registration(event, family_name="Weiß", status=Status.CANCELLED)

    answer = _take(client, event, purpose="Einlass")

    assert answer.status_code == 200
    assert "attachment; filename=" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"].endswith(".xlsx")
    assert answer.headers["Cache-Control"] == "private, no-store"
    page = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert page.max_row == 2
    assert "Kovač" in [cell.value for cell in page[2]]
    export = db.session.scalars(select(Export)).one()
    assert (export.user_id, export.row_count, export.purpose) == (user.id, 1, "Einlass")


def test_a_ready_list_is_one_press_and_says_what_for(
    client: FlaskClient, event: Event, user: User
) -> None:
    a_registration(event, family_name="Kos", country="SI")
    a_registration(event, family_name="Weiß", country="DE")
    page = client.get(_export(event, "?country=SI&lang=en"))
    ready = [f for f in forms_of(page) if ("format", "xlsx") in f.values and "do" not in f.names]

    answer = client.post(_export(event), data=MultiDict([*ready[0].values, ("do", "take")]))
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    answer.close()

    names = [row[4].value for row in book.worksheets[0].iter_rows(min_row=2)]
    assert names == ["Kos"]
    assert db.session.scalars(select(Export.purpose)).one() == "Preparation"


def test_a_list_of_nobody_still_has_its_heading(
    client: FlaskClient, event: Event, user: User
) -> None:
    answer = _take(client, event, "?lang=en", purpose="Einlass")
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))

    assert [cell.value for cell in book.worksheets[0][1]][3:5] == ["Given name", "Family name"]


def test_columns_come_in_the_order_of_their_numbers(
    client: FlaskClient, event: Event, user: User
) -> None:
    a_registration(event, given_name="Maja", family_name="Kovač", country="SI")

    answer = _take(
        client,
        event,
        "?lang=en",
        format="csv",
        purpose="Hotel",
        columns=["given_name", "family_name", "country_code"],
        **{"position-country_code": "1", "position-family_name": "2", "position-given_name": "3"},
    )

    assert _rows(answer, ",")[1] == ["SI", "Kovač", "Maja"]


def test_columns_can_be_named_with_commas_as_other_programs_do(
    client: FlaskClient, event: Event, user: User
) -> None:
    a_registration(event, given_name="Maja", family_name="Kovač")
    token = csrf_of(client.get(_export(event)))

    answer = client.post(
        _export(event),
        data={
            "csrf_token": token,
            "format": "csv",
            "purpose": "Hotel",
            "columns": "family_name,given_name",
        },
    )

    assert _rows(answer)[1] == ["Kovač", "Maja"]
    answer.close()


def test_without_a_purpose_nothing_is_given_and_nothing_typed_is_lost(
    client: FlaskClient, event: Event, user: User
) -> None:
    a_registration(event, family_name="Kovač")

    answer = _take(
        client,
        event,
        "?lang=en",
        format="door",
        purpose=" ",
        columns=["email", "phone"],
        statuses=["waitlisted"],
    )

    assert answer.status_code == 422
    assert "Please say what the list is for." in answer.text
    typed = MultiDict(next(f for f in forms_of(answer) if "purpose" in f.names).values)
    assert typed["format"] == "door"
    assert typed.getlist("columns") == ["email", "phone"]
    assert typed.getlist("statuses") == ["waitlisted"]
    assert _exports() == 0


def test_with_every_column_unticked_the_page_asks_for_one(
    client: FlaskClient, event: Event, user: User
) -> None:
    answer = _take(client, event, "?lang=en", purpose="Einlass", columns=None)

    assert answer.status_code == 422
    assert "Please choose at least one column." in answer.text


def test_an_export_needs_the_pages_token(client: FlaskClient, event: Event, user: User) -> None:
    answer = client.post(_export(event), data={"format": "csv", "purpose": "x", "columns": "email"})

    assert answer.status_code == 422
    assert _exports() == 0


def test_nothing_is_taken_by_get(client: FlaskClient, event: Event, user: User) -> None:
    answer = client.get(_export(event, "?format=csv&purpose=x&columns=email"))

    assert answer.mimetype == "text/html"
    assert _exports() == 0


def test_the_filter_of_the_list_goes_with_its_export(
    client: FlaskClient, event: Event, user: User
) -> None:
    a_registration(event, family_name="Kovač", country="SI")
    a_registration(event, family_name="Weiß", country="DE")
    assert f"{_export(event)}?country=SI" in client.get(_list(event, "?country=SI")).text

    answer = _take(
        client,
        event,
        "?country=SI",
        format="csv",
        purpose="x",
        columns=["family_name"],
    )

    assert [row[0] for row in _rows(answer)[1:]] == ["Kovač"]


def test_a_view_is_saved_used_and_deleted(client: FlaskClient, event: Event, user: User) -> None:
    a_registration(event, family_name="Kovač", country="SI")
    a_registration(event, family_name="Weiß", country="DE")

    saved_view = submit(client, _list(event, "?country=SI&order=status"), name="Slowenien")
    page = client.get(saved_view.headers["Location"]).text

    view = db.session.scalars(select(SavedView)).one()
    assert view.criteria == {"country": "SI", "order": "status"}
    assert "Kovač" in page
    assert "Weiß" not in page
    kept = _list(event, f"?view={view.id}")
    deleted = submit(client, kept, to=f"{_list(event)}/views/{view.id}/delete")
    assert deleted.status_code == 302
    assert db.session.scalars(select(SavedView)).all() == []


def test_a_template_is_saved_and_used(client: FlaskClient, event: Event, user: User) -> None:
    answer = _take(
        client,
        event,
        do="save_template",
        template_name="Hotel",
        columns=["phone", "family_name"],
        order="organisation",
        **{"position-phone": "2", "position-family_name": "1"},
    )

    template = db.session.scalars(select(ListTemplate)).one()
    assert template.columns == ["family_name", "phone"]
    page = client.get(answer.headers["Location"]).text
    assert 'id="column-phone" value="phone" checked' in page
    assert 'id="column-email" value="email">' in page
    assert '<option selected value="organisation">' in page


@pytest.mark.parametrize("query", ["?template={t}", "?view={v}"])
def test_what_somebody_else_keeps_answers_as_if_it_were_missing(
    client: FlaskClient, event: Event, user: User, query: str
) -> None:
    other = a_user(event.host)
    view = service.save_view(other.id, "Geheim", Criteria(country="SI"), Order.SURNAME)
    template = service.save_template(other.id, "Geheim", ["email"], Order.SURNAME)

    assert client.get(_export(event, query.format(t=template.id, v=view.id))).status_code == 404
    assert client.get(_list(event, f"?view={view.id}")).status_code == 404
    token = csrf_of(client.get(_list(event)))
    for path in (f"views/{view.id}", f"templates/{template.id}"):
        answer = client.post(f"{_list(event)}/{path}/delete", data={"csrf_token": token})
        assert answer.status_code == 404
    assert db.session.scalars(select(SavedView)).one().name == "Geheim"


def test_changes_since_an_export_of_somebody_elses_are_refused(
    client: FlaskClient, event: Event, user: User, tmp_path: Path
) -> None:
    theirs = taken_by(a_user(event.host), event, tmp_path)

    answer = _take(client, event, purpose="x", format="csv", since=str(theirs.export_id))

    assert answer.status_code in {404, 422}
    assert _exports() == 1


def test_ones_own_earlier_exports_can_be_chosen_for_changes(
    client: FlaskClient, event: Event, user: User
) -> None:
    long_ago = NOW - timedelta(days=3650)
    a_registration(event, created_at=long_ago, changed_at=long_ago)
    _take(client, event, purpose="Erste Liste", format="csv")
    first = db.session.scalars(select(Export)).one()

    page = client.get(_export(event))
    answer = _take(client, event, purpose="Nachtrag", format="csv", since=str(first.id))

    assert "Erste Liste" in page.text
    assert len(_rows(answer)) == 1


def _sensitive_question(event: Event) -> Question:
    label = Localized(de="Allergien")
    return saved(
        Question(event_id=event.id, kind=QuestionKind.SHORT_TEXT, label=label, is_sensitive=True)
    )


def test_sensitive_answers_are_offered_to_those_with_the_right_only(
    client: FlaskClient, event: Event, user: User
) -> None:
    _sensitive_question(event)

    assert "Allergien" not in client.get(_export(event)).text
    signed_in(client, a_user(event.host, Role.STAFF, sees_sensitive=True))
    assert "Allergien" in client.get(_export(event)).text


def test_whoever_asks_for_sensitive_answers_without_the_right_learns_nothing(
    client: FlaskClient, event: Event, user: User
) -> None:
    _sensitive_question(event)

    answer = _take(client, event, purpose="x", format="csv", contents="sensitive")

    assert answer.status_code == 422
    assert "Allergien" not in answer.text
    assert _exports() == 0


def test_decisions_are_offered_while_somebody_waits_for_one(
    client: FlaskClient, event: Event
) -> None:
    signed_in(client, a_user(event.host, Role.ORGANISER))
    a_registration(event)
    before = client.get(_list(event)).text
    a_registration(event, status=Status.PENDING)
    after = client.get(_list(event)).text

    assert "registrations/decide" not in before
    assert "registrations/decide" in after


def _texts_of_record(client: FlaskClient, user: User) -> str:
    signed_in(client, user)
    return client.get("/desk/exports?lang=en").text


def _door(role: Role, **given: Any) -> tuple[FlaskClient, Event]:
    event = an_event(starts_at=utc_now() + timedelta(hours=2), seats=200, **given)
    browser = current_app.test_client()
    return signed_in(browser, a_user(event.host, role, locale="en")), event


@pytest.mark.parametrize("role", [Role.DOOR, Role.STAFF, Role.ORGANISER])
def test_the_door_checks_people_in_and_takes_it_back_without_leaving_the_list(
    sqlite_app: Flask, role: Role
) -> None:
    browser, event = _door(role)
    guest = a_registration(event, family_name="Kos").attendees[0]
    page = browser.get(_list(event, "?search=kos"))
    form = next(f for f in forms_of(page) if {"csrf_token", "page"} <= f.names)

    here = f"/desk/events/{event.id}/attendee-list/{guest.id}/check-in"
    assert here in page.text
    done = browser.post(here, data=dict(form.values))
    after = browser.get(done.location)

    assert done.location == f"{_list(event)}?search=kos#person-{guest.id}"
    assert "Here since" in after.text
    undone = browser.post(f"{here}/undo", data=dict(form.values))
    assert "Here since" not in browser.get(undone.location).text


def test_before_the_day_nobody_is_offered_to_be_checked_in(
    client: FlaskClient, event: Event, user: User
) -> None:
    guest = a_registration(event).attendees[0]
    here = f"/desk/events/{event.id}/attendee-list/{guest.id}/check-in"

    page = client.get(_list(event))
    refused = client.post(here, data={"csrf_token": csrf_of(page)})

    assert "check-in" not in page.text
    assert "vom Vortag an" in client.get(refused.location).text


def test_a_co_host_sees_no_door(sqlite_app: Flask) -> None:
    event = an_event(starts_at=utc_now() + timedelta(hours=2))
    partner = an_organisation()
    a_partner(event, partner, access=AttendeeAccess.ALL)
    guest = a_registration(event).attendees[0]
    browser = signed_in(sqlite_app.test_client(), a_user(partner, Role.DOOR))
    page = browser.get(_list(event))

    answer = browser.post(f"{_list(event)}/{guest.id}/check-in", data={"csrf_token": csrf_of(page)})

    assert page.status_code == 200
    assert "check-in" not in page.text
    assert answer.status_code == 404


def test_people_picked_on_the_list_are_handed_to_the_page_for_writing(
    sqlite_app: Flask,
) -> None:
    event = an_event(seats=50)
    browser = signed_in(sqlite_app.test_client(), a_user(event.host, locale="en"))
    wanted = [a_registration(event, companions=1), a_registration(event)]
    a_registration(event)
    ids = [str(guest.id) for guest in wanted]
    page = browser.get(_list(event))

    write = browser.post(
        f"/desk/events/{event.id}/messages/new",
        data={"csrf_token": csrf_of(page), "step": "pick", "registration_ids": [*ids, ids[0]]},
    )

    assert write.status_code == 200
    assert "2 picked registrations" in write.text
    assert f'value="{",".join(ids)}"' in write.text


def test_all_who_fit_a_filter_are_handed_to_the_page_for_writing(sqlite_app: Flask) -> None:
    event = an_event(seats=50)
    browser = signed_in(sqlite_app.test_client(), a_user(event.host, locale="en"))
    for country in ("SI", "SI", "DE"):
        a_registration(event, country=country)

    page = browser.get(_list(event, "?country=SI"))
    url = f"/desk/events/{event.id}/messages/new?country=SI"

    assert url in page.text
    assert "2 picked registrations" in browser.get(url).text


def test_staff_are_not_offered_to_write(client: FlaskClient, event: Event, user: User) -> None:
    a_registration(event)

    page = client.get(_list(event, "?country=SI"))

    assert "messages/new" not in page.text


def test_the_record_shows_administrators_their_events_and_others_their_own(
    client: FlaskClient, event: Event, user: User, tmp_path: Path
) -> None:
    a_registration(event)
    taken_by(user, event, tmp_path, purpose="Einlass am Tor")
    colleague = a_user(event.host, Role.ORGANISER)
    chief = a_user(event.host, Role.ADMINISTRATOR)
    stranger = a_user(an_organisation(), Role.ADMINISTRATOR)

    assert "Einlass am Tor" in _texts_of_record(client, user)
    assert "Einlass am Tor" in _texts_of_record(client, chief)
    assert "Einlass am Tor" not in _texts_of_record(client, colleague)
    assert "No list has been taken yet" in _texts_of_record(client, stranger)


@pytest.mark.parametrize("url", ["/desk/exports", "/desk/events/1/attendee-list"])
def test_visitors_are_sent_to_sign_in(client: FlaskClient, url: str) -> None:
    answer = client.get(url)

    assert answer.status_code == 302
    assert "/login" in answer.headers["Location"]


@pytest.mark.parametrize("lang", ["de", "sl", "en"])
@pytest.mark.parametrize(
    "query", ["", "?order=organisation&search=a&statuses=confirmed&people=companions"]
)
def test_every_page_is_sound_in_every_language(
    client: FlaskClient, event: Event, user: User, lang: str, query: str, tmp_path: Path
) -> None:
    a_partner(event, an_organisation(), access=AttendeeAccess.ALL, seats=5)
    a_registration(event, companions=1)
    taken_by(user, event, tmp_path)
    client.get(f"/desk/exports?lang={lang}")

    for url in (_list(event, query), _export(event, query), "/desk/exports"):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["?page=-1", "?page=x", "?order=drop", "?statuses=%25", "?contingent=9999999999999999999999",
     "?search=%25", "?view=99999999999999999999999", "?template=abc", "?since=zz", "?format=x"],
)  # fmt: skip
def test_odd_addresses_do_no_harm(
    client: FlaskClient, event: Event, user: User, query: str
) -> None:
    a_registration(event)

    for make in (_list, _export):
        assert client.get(make(event, query)).status_code in {200, 404}


def test_the_application_keeps_files_of_exports_private(
    sqlite_app: Flask, client: FlaskClient, event: Event, user: User
) -> None:
    _take(client, event, purpose="x", format="csv")

    folder: Any = sqlite_app.extensions["settings"].instance / "exports"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert list(folder.iterdir()) == []
