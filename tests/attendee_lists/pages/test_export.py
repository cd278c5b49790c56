"""The page on which a list is put together and taken."""

from __future__ import annotations

import io
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from event_mgmt.accounts.models import Role, User
from event_mgmt.attendee_lists.models import Export
from event_mgmt.core.database import db
from event_mgmt.documents import engine
from event_mgmt.events.models import Event
from event_mgmt.registrations.enums import Status
from tests.attendee_lists.making import NOW, taken_by
from tests.attendee_lists.pages.visits import export_of, list_of, rows_of, take
from tests.attendee_lists.reading import exports
from tests.builders import a_question, a_registration, a_user
from tests.web.sign_in import csrf_of, forms_of, signed_in


def test_the_page_as_it_stands_gives_a_workbook_of_those_who_come(
    client: FlaskClient, event: Event, user: User
) -> None:
    a_registration(event, family_name="Kovač")
    a_registration(event, family_name="Weiß", status=Status.CANCELLED)

    answer = take(client, event, purpose="Einlass")

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
    page = client.get(export_of(event, "?country=SI&lang=en"))
    ready = [f for f in forms_of(page) if ("format", "xlsx") in f.values and "do" not in f.names]

    answer = client.post(export_of(event), data=MultiDict([*ready[0].values, ("do", "take")]))
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    answer.close()

    names = [row[4].value for row in book.worksheets[0].iter_rows(min_row=2)]
    assert names == ["Kos"]
    assert db.session.scalars(select(Export.purpose)).one() == "Preparation"


def test_a_list_of_nobody_still_has_its_heading(
    client: FlaskClient, event: Event, user: User
) -> None:
    answer = take(client, event, "?lang=en", purpose="Einlass")
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))

    assert [cell.value for cell in book.worksheets[0][1]][3:5] == ["Given name", "Family name"]


def test_columns_come_in_the_order_of_their_numbers(
    client: FlaskClient, event: Event, user: User
) -> None:
    a_registration(event, given_name="Maja", family_name="Kovač", country="SI")

    answer = take(
        client,
        event,
        "?lang=en",
        format="csv",
        purpose="Hotel",
        columns=["given_name", "family_name", "country_code"],
        **{"position-country_code": "1", "position-family_name": "2", "position-given_name": "3"},
    )

    assert rows_of(answer, ",")[1] == ["SI", "Kovač", "Maja"]


def test_columns_can_be_named_with_commas_as_other_programs_do(
    client: FlaskClient, event: Event, user: User
) -> None:
    a_registration(event, given_name="Maja", family_name="Kovač")
    token = csrf_of(client.get(export_of(event)))

    answer = client.post(
        export_of(event),
        data={
            "csrf_token": token,
            "format": "csv",
            "purpose": "Hotel",
            "columns": "family_name,given_name",
        },
    )

    assert rows_of(answer)[1] == ["Kovač", "Maja"]
    answer.close()


def test_without_a_purpose_nothing_is_given_and_nothing_typed_is_lost(
    client: FlaskClient, event: Event, user: User
) -> None:
    a_registration(event, family_name="Kovač")

    answer = take(
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
    assert exports() == 0


def test_with_every_column_unticked_the_page_asks_for_one(
    client: FlaskClient, event: Event, user: User
) -> None:
    answer = take(client, event, "?lang=en", purpose="Einlass", columns=None)

    assert answer.status_code == 422
    assert "Please choose at least one column." in answer.text


def test_an_export_needs_the_pages_token(client: FlaskClient, event: Event, user: User) -> None:
    answer = client.post(
        export_of(event), data={"format": "csv", "purpose": "x", "columns": "email"}
    )

    assert answer.status_code == 422
    assert exports() == 0


def test_nothing_is_taken_by_get(client: FlaskClient, event: Event, user: User) -> None:
    answer = client.get(export_of(event, "?format=csv&purpose=x&columns=email"))

    assert answer.mimetype == "text/html"
    assert exports() == 0


def test_the_filter_of_the_list_goes_with_its_export(
    client: FlaskClient, event: Event, user: User
) -> None:
    a_registration(event, family_name="Kovač", country="SI")
    a_registration(event, family_name="Weiß", country="DE")
    assert f"{export_of(event)}?country=SI" in client.get(list_of(event, "?country=SI")).text

    answer = take(
        client,
        event,
        "?country=SI",
        format="csv",
        purpose="x",
        columns=["family_name"],
    )

    assert [row[0] for row in rows_of(answer)[1:]] == ["Kovač"]


def test_changes_since_an_export_of_somebody_elses_are_refused(
    client: FlaskClient, event: Event, user: User, tmp_path: Path
) -> None:
    theirs = taken_by(a_user(event.host), event, tmp_path)

    answer = take(client, event, purpose="x", format="csv", since=str(theirs.export_id))

    assert answer.status_code == 422
    assert exports() == 1


def test_ones_own_earlier_exports_can_be_chosen_for_changes(
    client: FlaskClient, event: Event, user: User
) -> None:
    long_ago = NOW - timedelta(days=3650)
    a_registration(event, created_at=long_ago, changed_at=long_ago)
    take(client, event, purpose="Erste Liste", format="csv")
    first = db.session.scalars(select(Export)).one()

    page = client.get(export_of(event))
    answer = take(client, event, purpose="Nachtrag", format="csv", since=str(first.id))

    assert "Erste Liste" in page.text
    assert len(rows_of(answer)) == 1


def test_sensitive_answers_are_offered_to_those_with_the_right_only(
    client: FlaskClient, event: Event, user: User
) -> None:
    a_question(event, label="Allergien", is_sensitive=True)

    assert "Allergien" not in client.get(export_of(event)).text
    signed_in(client, a_user(event.host, Role.STAFF, sees_sensitive=True))
    assert "Allergien" in client.get(export_of(event)).text


def test_whoever_asks_for_sensitive_answers_without_the_right_learns_nothing(
    client: FlaskClient, event: Event, user: User
) -> None:
    a_question(event, label="Allergien", is_sensitive=True)

    answer = take(client, event, purpose="x", format="csv", contents="sensitive")

    assert answer.status_code == 422
    assert "Allergien" not in answer.text
    assert exports() == 0


def test_the_application_keeps_files_of_exports_private(
    sqlite_app: Flask, client: FlaskClient, event: Event, user: User
) -> None:
    take(client, event, purpose="x", format="csv")

    folder: Any = sqlite_app.extensions["settings"].instance / "exports"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert list(folder.iterdir()) == []


def test_letters_that_would_be_printed_as_marks_are_named_beforehand(
    client: FlaskClient, event: Event, user: User
) -> None:
    a_registration(event, family_name="Παπαδόπουλος", organisation="محمد")
    assert "keine Schrift" not in client.get(export_of(event)).text

    a_registration(event, family_name="𓀀𓁐")
    page = client.get(export_of(event)).text

    assert "keine Schrift: 𓀀 𓁐." in page
    assert page.index("keine Schrift") < page.index('name="format"')


def test_a_page_without_the_typesetter_still_comes(
    client: FlaskClient, event: Event, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_text: str) -> str:
        raise subprocess.TimeoutExpired("typeset", 60)

    monkeypatch.setattr(engine, "without_font", fails)
    a_registration(event, family_name="ꜳ𓂀")

    assert client.get(export_of(event)).status_code == 200
