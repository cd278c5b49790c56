"""Bodies that are larger than their page takes bring the page back, with the figure."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from event_mgmt.accounts.models import Role
from event_mgmt.core.clock import utc_now
from event_mgmt.web import uploads
from tests.builders import a_user, an_event, an_organisation
from tests.web.sign_in import csrf_of, signed_in


def with_logo(client: FlaskClient, organisation_id: int, size: int) -> TestResponse:
    page = f"/desk/organisations/{organisation_id}/logo"
    values = {
        "csrf_token": csrf_of(client.get(page)),
        "logo": FileStorage(io.BytesIO(b"\x89PNG" + b"x" * size), "logo.png"),
    }
    boundary, body = encode_multipart(values)
    return client.post(page, data=body, content_type=f"multipart/form-data; boundary={boundary}")


@pytest.mark.parametrize(
    ("megabytes", "status", "words"),
    [(3, 422, "at most 128 kilobytes"), (13, 413, "at most 12 MB")],
)
def test_a_logo_that_is_too_large_is_told_at_its_field(
    client: FlaskClient, sqlite_app: Flask, megabytes: int, status: int, words: str
) -> None:
    host = an_organisation()
    signed_in(client, a_user(host, Role.ADMINISTRATOR, locale="en"))

    answer = with_logo(client, host.id, megabytes * 1024 * 1024)

    assert (answer.status_code, words in answer.text) == (status, True)
    assert 'id="logo-error"' in answer.text
    assert 'data-most-bytes="131072"' in answer.text


def test_a_form_whose_body_is_not_read_comes_back_and_changes_nothing(
    client: FlaskClient, sqlite_app: Flask
) -> None:
    event = an_event(starts_at=utc_now() + timedelta(days=9))

    answer = client.post(
        f"/events/{event.slug}/register?lang=en",
        data={"message": "x" * 300_000, "email": "a@example.org"},
    )

    assert answer.status_code == 413
    assert "at most 256 KB. Nothing was changed." in answer.text
    assert 'name="email"' in answer.text


def test_a_page_without_a_form_says_its_limit_too(client: FlaskClient, sqlite_app: Flask) -> None:
    host = an_organisation()
    signed_in(client, a_user(host, Role.ADMINISTRATOR, locale="en"))

    answer = client.post(f"/desk/organisations/{host.id}/logo/remove", data={"x": "x" * 300_000})

    assert answer.status_code == 413
    assert "at most 256 KB. Please go back" in answer.text


def test_only_parts_may_be_larger(client: FlaskClient, sqlite_app: Flask) -> None:
    host = an_organisation()
    signed_in(client, a_user(host, Role.ADMINISTRATOR, locale="en"))

    answer = client.post(f"/desk/organisations/{host.id}/logo", data={"logo": "x" * 300_000})

    assert answer.status_code == 413
    assert "at most 256 KB" in answer.text


def test_sizes_are_told_as_people_say_them(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context("/?lang=en"):
        assert [uploads.size_text(size) for size in (131_072, 2 * 1024 * 1024)] == [
            "128 KB",
            "2 MB",
        ]
