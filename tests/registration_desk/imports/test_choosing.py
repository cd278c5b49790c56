"""How a list is read can be chosen on its page, and what cannot be read is written anew there."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from event_mgmt.accounts.models import Role
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.mail.models import Message
from event_mgmt.registration_desk.imports.models import ImportList
from event_mgmt.registrations.models import Attendee, Registration
from tests.builders import a_user
from tests.registration_desk.imports.lists import a_csv
from tests.registration_desk.imports.reading_files import FILES
from tests.registration_desk.imports.test_import_views import run, upload
from tests.web.sign_in import signed_in, submit


def sent(client: FlaskClient, event: Event, name: str) -> str:
    return upload(client, event, (FILES / name).read_bytes(), name).location


def reading(client: FlaskClient, page: str, **fields: object):
    return submit(client, page, to=f"{page}/reading", **fields)


def everybody() -> list[str]:
    people = db.session.scalars(select(Attendee).order_by(Attendee.id))
    return [f"{person.given_name} {person.family_name}" for person in people]


def test_another_sheet_can_be_chosen(organiser: FlaskClient, event: Event) -> None:
    page = sent(organiser, event, "41c_two_sheets_both_people.xlsx")
    first = organiser.get(page).text

    reading(organiser, page, sheet="1")
    second = organiser.get(page).text

    assert "There are people on another sheet, too: Slowenen." in first
    assert "Weißhaupt" in first
    assert "Žnidaršič" in second
    assert "Weißhaupt" not in second


def test_what_is_hidden_is_told_and_read_once_it_is_wanted(
    organiser: FlaskClient, event: Event
) -> None:
    page = sent(organiser, event, "42_filtered_rows_hidden_cols.xlsx")
    assert "4 rows are hidden in the file" in organiser.get(page).text

    reading(organiser, page, hidden_rows=True, hidden_columns=True)
    run(organiser, page)

    parties = db.session.scalars(select(Registration).order_by(Registration.id)).all()
    assert [party.status for party in parties] == ["confirmed", "cancelled"] * 4
    assert db.session.scalars(select(Attendee.organisation)).all() == ["Werk"] * 8


def test_which_row_holds_the_headings_can_be_chosen(organiser: FlaskClient, event: Event) -> None:
    page = sent(organiser, event, "15b_header_row_14.csv")
    assert '<option selected value="14">' in organiser.get(page).text

    answer = reading(organiser, page, heading="0")
    columns = organiser.get(organiser.get(answer.location).location)

    assert "This list has no headings." in columns.text or "Every list needs" in columns.text
    assert "Column A" in columns.text


def test_a_choice_that_gives_no_list_changes_nothing(organiser: FlaskClient, event: Event) -> None:
    page = sent(organiser, event, "15b_header_row_14.csv")

    answer = reading(organiser, page, heading="15")

    assert "The list cannot be read like this" in organiser.get(answer.location).text
    assert db.session.scalars(select(ImportList)).one().choice is None


def test_a_list_without_headings_is_asked_about_first(organiser: FlaskClient, event: Event) -> None:
    page = sent(organiser, event, "23_no_header.csv")
    assert page.endswith("/columns")
    assert "This list has no headings." in organiser.get(page).text

    check = run(organiser, page).location
    run(organiser, check)

    assert everybody() == ["Jörg Weiß", "Ana Kos", "Eva Klein"]


def test_whoever_declined_is_entered_as_such_and_gets_no_mail(
    organiser: FlaskClient, event: Event
) -> None:
    page = sent(organiser, event, "28_status_column.csv")
    check = organiser.get(page).text

    run(organiser, page)

    assert "2 registrations are entered as called off or not accepted" in check
    assert "1 mail goes out." in check
    assert db.session.scalars(select(Registration.status).order_by(Registration.id)).all() == [
        "confirmed", "cancelled", "cancelled",
    ]  # fmt: skip
    assert db.session.scalars(select(Message.to_address)).all() == ["j@status.example"]


def test_a_yes_asks_for_the_name_which_is_written_on_the_page(
    organiser: FlaskClient, event: Event
) -> None:
    page = sent(organiser, event, "60_gast_ja.csv")
    assert run(organiser, page).status_code == 422

    submit(organiser, page, to=page, **{"cell-2-4": "Ina Weiß", "mend": "1"})
    assert "Weiß" in organiser.get(page).text
    run(organiser, page)

    assert everybody() == ["Jörg Weiß", "Ina Weiß", "Ana Kos", "Luka Kos", "Eva Klein"]


def test_people_come_without_what_cannot_be_read_once_the_organiser_says_so(
    organiser: FlaskClient, event: Event
) -> None:
    page = sent(organiser, event, "60_gast_ja.csv")
    refused = run(organiser, page)

    run(organiser, page, leave_values=True)

    assert "Please mend the values that cannot be read" in refused.text
    assert everybody() == ["Jörg Weiß", "Ana Kos", "Luka Kos", "Eva Klein"]


def test_corrections_are_shown_before_they_are_imported(
    organiser: FlaskClient, event: Event
) -> None:
    rows = [("Ana", "Kos", "ana@example", "X"), ("Ivo", "Kos", "ivo@example.org", "X")]
    page = upload(organiser, event, a_csv(*rows)).location

    answer = run(organiser, page, leave_out=True, **{"cell-2-2": "ana@example.org"})
    again = organiser.get(answer.location)

    assert everybody() == []
    assert "Your corrections are taken over." in again.text
    run(organiser, page)
    assert everybody() == ["Ana Kos", "Ivo Kos"]


def test_only_what_is_asked_for_can_be_written_anew(organiser: FlaskClient, event: Event) -> None:
    rows = [("Ana", "Kos", "ana", "X"), ("Ivo", "Kos", "ivo@example.org", "X")]
    page = upload(organiser, event, a_csv(*rows)).location

    submit(
        organiser,
        page,
        to=page,
        **{"cell-3-2": "other@example.org", "cell-9-99": "x", "mend": "1"},
    )

    assert db.session.scalars(select(ImportList)).one().mends in (None, {})


def test_nobody_else_says_how_a_list_is_read(
    organiser: FlaskClient, client: FlaskClient, event: Event
) -> None:
    page = sent(organiser, event, "42_filtered_rows_hidden_cols.xlsx")
    signed_in(client, a_user(event.host, Role.ADMINISTRATOR))

    assert client.get(f"{page}/reading").status_code == 405
    answer = client.post(f"{page}/reading", data={"hidden_rows": "y"})

    assert answer.status_code in {400, 404}
    assert db.session.scalars(select(ImportList)).one().choice is None


@pytest.mark.parametrize("megabytes", [3, 11])
def test_a_file_that_is_too_large_is_told_at_its_field_and_nothing_typed_is_lost(
    organiser: FlaskClient, event: Event, megabytes: int
) -> None:
    large = b"a;b\r\n" * (megabytes * 1024 * 1024 // 5)

    answer = upload(organiser, event, large, language="sl", tells="")

    assert answer.status_code == 422
    assert "This file is too large: at most 2 MB." in answer.text
    assert 'id="file-error"' in answer.text
    assert '<option selected value="sl">' in answer.text
    assert 'checked id="tells"' not in answer.text


def test_a_body_beyond_all_limits_brings_the_form_back(
    organiser: FlaskClient, event: Event
) -> None:
    answer = upload(organiser, event, b"a" * (13 * 1024 * 1024))

    assert answer.status_code == 413
    assert "at most 12 MB" in answer.text
    assert 'name="file"' in answer.text
