"""The pages of a team."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from event_mgmt.accounts import queries
from event_mgmt.accounts.models import Role, User
from event_mgmt.core.database import db
from event_mgmt.mail.models import Message
from event_mgmt.organisations.models import Organisation
from tests.builders import a_user, an_organisation
from tests.web.sign_in import csrf_of, forms_of, signed_in, submit


@pytest.fixture
def organisation(sqlite_app: Flask) -> Organisation:
    return an_organisation("Kunststoff.NRW")


@pytest.fixture
def administrator(organisation: Organisation) -> User:
    return a_user(organisation, Role.ADMINISTRATOR, password_hash="x")


@pytest.fixture
def browser(client: FlaskClient, administrator: User) -> FlaskClient:
    return signed_in(client, administrator)


def _url(organisation: Organisation, *rest: object) -> str:
    return "/".join(["/desk/organisations", str(organisation.id), "members", *map(str, rest)])


def test_the_team_is_shown_with_roles_and_who_has_not_come_yet(
    browser: FlaskClient, organisation: Organisation
) -> None:
    a_user(organisation, Role.STAFF, email="invited@example.org", family_name="", given_name="")

    page = browser.get(_url(organisation)).get_data(as_text=True)

    assert "Kunststoff.NRW" in page
    assert "invited@example.org" in page


def test_a_colleague_is_invited(browser: FlaskClient, organisation: Organisation) -> None:
    answer = submit(
        browser,
        _url(organisation, "invite"),
        email="ana@example.org",
        role="staff",
        sees_sensitive=True,
        locale="sl",
    )

    assert answer.location == _url(organisation)
    members = queries.members_of(organisation.id, locale="de")
    [new] = [m for m in members if m.user.email == "ana@example.org"]
    assert (new.role, new.sees_sensitive) == (Role.STAFF, True)
    assert db.session.scalars(select(Message.locale)).one() == "sl"


def test_a_refused_invitation_keeps_what_was_typed(
    browser: FlaskClient, organisation: Organisation, administrator: User
) -> None:
    answer = submit(
        browser, _url(organisation, "invite"), email=administrator.email, role="door", locale="en"
    )

    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert administrator.email in page
    assert ("role", "door") in [v for form in forms_of(page) for v in form.values]
    assert db.session.scalars(select(Message)).all() == []


def test_a_role_is_changed_and_only_to_one_there_is(
    browser: FlaskClient, organisation: Organisation
) -> None:
    member = a_user(organisation, Role.STAFF).memberships[0]
    url = _url(organisation, member.id)

    assert submit(browser, url, role="owner").status_code == 422
    assert submit(browser, url, role="organiser").location == _url(organisation)

    stored = queries.membership(organisation.id, member.id)
    db.session.refresh(stored)
    assert stored.role is Role.ORGANISER


def test_ones_own_place_shows_no_form_and_takes_none(
    browser: FlaskClient, organisation: Organisation, administrator: User
) -> None:
    url = _url(organisation, administrator.memberships[0].id)
    page = browser.get(url)
    token = csrf_of(page)

    assert 'name="role"' not in page.get_data(as_text=True)
    data = {"csrf_token": token, "role": "administrator", "sees_sensitive": "y"}
    assert browser.post(url, data=data).status_code == 422
    assert browser.post(f"{url}/remove", data=data).status_code == 422
    stored = queries.membership(organisation.id, administrator.memberships[0].id)
    db.session.refresh(stored)
    assert not stored.sees_sensitive


def test_a_member_is_blocked_let_in_and_removed(
    browser: FlaskClient, organisation: Organisation
) -> None:
    user = a_user(organisation, Role.STAFF, password_hash="x")
    url = _url(organisation, user.memberships[0].id)

    submit(browser, url, to=f"{url}/block")
    assert not db.session.get_one(User, user.id, populate_existing=True).is_active
    submit(browser, url, to=f"{url}/open")
    assert db.session.get_one(User, user.id, populate_existing=True).is_active

    assert submit(browser, f"{url}/remove", to=f"{url}/remove").location == _url(organisation)
    assert browser.get(url).status_code == 404


def test_an_invitation_is_sent_again(browser: FlaskClient, organisation: Organisation) -> None:
    invited = a_user(organisation, Role.STAFF)
    url = _url(organisation, invited.memberships[0].id)

    submit(browser, url, to=f"{url}/invite-again")

    assert db.session.scalars(select(Message.kind)).all() == ["colleague_invitation"]


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.STAFF, Role.DOOR, None])
def test_to_everybody_else_a_team_does_not_exist(
    client: FlaskClient, organisation: Organisation, administrator: User, role: Role | None
) -> None:
    user = a_user(organisation, role) if role else a_user(an_organisation(), Role.ADMINISTRATOR)
    browser = signed_in(client, user)
    place = administrator.memberships[0].id
    token = csrf_of(browser.get("/desk/account"))

    for rest in ([], ["invite"], [place], [place, "remove"]):
        assert browser.get(_url(organisation, *rest)).status_code == 404
    for rest in (["invite"], [place], *([place, verb] for verb in ("remove", "block", "open"))):
        answer = browser.post(_url(organisation, *rest), data={"csrf_token": token})
        assert answer.status_code == 404, rest


def test_a_platform_administrator_looks_after_every_team(
    client: FlaskClient, organisation: Organisation
) -> None:
    platform = signed_in(client, a_user(is_platform_admin=True))

    assert platform.get(_url(organisation)).status_code == 200
    assert platform.get("/desk/organisations/999999/members").status_code == 404
