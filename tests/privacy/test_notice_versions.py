"""Every version of the privacy notice stays readable, word for word."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from event_mgmt.core import tokens
from event_mgmt.core.privacy_notice import PRIVACY_VERSION
from event_mgmt.core.refusals import Missing
from event_mgmt.privacy import notice_versions
from event_mgmt.settings import LOCALES
from tests.builders import a_registration, an_event

CONSENTS = {"privacy": {"version": PRIVACY_VERSION, "at": "2027-01-12T09:00:00+00:00"}}


@pytest.mark.parametrize("locale", LOCALES)
def test_the_present_text_is_that_of_the_present_version(sqlite_app: Flask, locale: str) -> None:
    with sqlite_app.test_request_context():
        present = notice_versions.present_text(locale)

    kept = str(notice_versions.text_of(PRIVACY_VERSION, locale)).strip()
    assert present == kept, (
        "the privacy notice reads differently now: raise PRIVACY_VERSION in"
        " core/privacy_notice.py, then run 'flask --app app privacy keep-notice'"
    )


def test_a_version_that_was_shown_is_never_written_over(sqlite_app: Flask) -> None:
    run = sqlite_app.test_cli_runner().invoke(args=["privacy", "keep-notice"])

    assert run.exit_code == 1
    assert "raise PRIVACY_VERSION" in run.output


@pytest.mark.parametrize("version", ["2020-01", "..", "2026-11/../../secret_key", ""])
def test_there_is_no_other_version(sqlite_app: Flask, version: str) -> None:
    with pytest.raises(Missing):
        notice_versions.text_of(version, "de")


def test_a_version_has_a_page_and_an_unknown_one_is_missing(client: FlaskClient) -> None:
    page = client.get(f"/privacy/{PRIVACY_VERSION}")

    assert page.status_code == 200
    assert "Landesbeauftragte" in page.text
    assert client.get("/privacy/1999-01").status_code == 404


def test_a_guest_finds_the_notice_that_was_shown(client: FlaskClient) -> None:
    registration = a_registration(an_event(), consents=CONSENTS)
    token = tokens.sign("registration", registration.id, registration.link_version)

    page = client.get(f"/registration/{token}", follow_redirects=True)

    assert f'href="/privacy/{PRIVACY_VERSION}"' in page.text
