"""The pages of one's own account."""

from __future__ import annotations

import re

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from event_mgmt.accounts import passwords
from event_mgmt.accounts.models import User
from event_mgmt.core.database import db
from tests.builders import NOW, a_user, an_organisation
from tests.web.sign_in import forms_of, signed_in, submit

PASSWORD = "vier pferde am rhein"
NEW = "drei wege zur drau"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user(sqlite_app: Flask) -> User:
    hashed = passwords.hash_of(PASSWORD)
    return a_user(an_organisation(), email="maja@example.org", password_hash=hashed)


@pytest.fixture
def browser(client: FlaskClient, user: User) -> FlaskClient:
    return signed_in(client, user)


def _stored(user: User) -> User:
    return db.session.get_one(User, user.id, populate_existing=True)


@pytest.mark.parametrize(
    "path", ["", "/password", "/second-factor", "/second-factor/off", "/recovery-codes"]
)
def test_nobody_sees_an_account_without_signing_in(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/desk/account{path}")

    assert answer.status_code == 302
    assert answer.location.startswith("/login?next=")


def test_a_changed_language_holds_from_the_next_page_on(browser: FlaskClient, user: User) -> None:
    answer = submit(browser, "/desk/account", family_name="Novak", locale="sl")

    assert answer.location == "/desk/account"
    assert 'lang="sl"' in browser.get("/desk/account").get_data(as_text=True)
    assert (_stored(user).family_name, _stored(user).locale) == ("Novak", "sl")


def test_a_name_is_needed(browser: FlaskClient, user: User) -> None:
    answer = submit(browser, "/desk/account", given_name="", family_name="Novak")

    assert answer.status_code == 422
    assert 'value="Novak"' in answer.get_data(as_text=True)
    assert _stored(user).given_name == "Maja"


def test_after_changing_the_password_this_browser_goes_on_and_others_do_not(
    browser: FlaskClient, user: User, sqlite_app: Flask
) -> None:
    other = signed_in(sqlite_app.test_client(), user)
    answer = submit(browser, "/desk/account/password", current_password=PASSWORD, password=NEW)

    assert answer.location == "/desk/account"
    assert browser.get("/desk/account").status_code == 200
    assert other.get("/desk/account").status_code == 302


def test_a_wrong_present_password_is_told_at_its_field(browser: FlaskClient, user: User) -> None:
    answer = submit(browser, "/desk/account/password", current_password="x", password=NEW)

    assert answer.status_code == 422
    assert 'id="current_password-error"' in answer.get_data(as_text=True)


def test_the_second_factor_is_turned_on_and_its_codes_are_shown_once(
    browser: FlaskClient, user: User
) -> None:
    page = browser.get("/desk/account/second-factor").get_data(as_text=True)
    key = re.search(r'id="totp-key" type="text" value="([A-Z2-7 ]+)"', page)
    assert key
    assert "<svg" in page
    secret = key.group(1).replace(" ", "")
    wrong = submit(browser, "/desk/account/second-factor", code="000000", current_password=PASSWORD)
    assert wrong.status_code == 422
    assert secret in wrong.get_data(as_text=True).replace(" ", "")

    code = pyotp.TOTP(secret).at(NOW)
    right = submit(browser, "/desk/account/second-factor", code=code, current_password=PASSWORD)

    shown = re.findall(r"<code>([a-z2-9-]{14})</code>", right.get_data(as_text=True))
    assert len(shown) == 10
    assert "no-store" in right.headers["Cache-Control"]
    assert _stored(user).totp_secret == secret
    assert browser.get("/desk/account/second-factor").location == "/desk/account"

    renewed = submit(browser, "/desk/account/recovery-codes", current_password=PASSWORD)
    again = re.findall(r"<code>([a-z2-9-]{14})</code>", renewed.get_data(as_text=True))
    assert len(again) == 10
    assert not set(shown) & set(again)

    off = submit(browser, "/desk/account/second-factor/off", current_password=PASSWORD)
    assert off.location == "/desk/account"
    assert _stored(user).totp_secret is None


@pytest.mark.parametrize("path", ["/second-factor/off", "/recovery-codes"])
def test_without_a_second_factor_there_is_nothing_to_turn_off(
    browser: FlaskClient, path: str
) -> None:
    assert browser.get(f"/desk/account{path}").status_code == 404


def test_guessing_the_password_of_an_open_session_ends_with_429(
    browser: FlaskClient, user: User
) -> None:
    for _ in range(10):
        submit(browser, "/desk/account/password", current_password="guess", password=NEW)

    answer = submit(browser, "/desk/account/password", current_password=PASSWORD, password=NEW)

    assert answer.status_code == 429


def test_signing_out_everywhere_is_one_button(browser: FlaskClient, user: User) -> None:
    assert any(form.action == "/logout" for form in forms_of(browser.get("/desk/account")))

    submit(browser, "/desk/account", to="/logout")

    assert browser.get("/desk/account").status_code == 302
    assert _stored(user).session_version == 2
