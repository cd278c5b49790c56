"""Routes with arguments of a room's own, and programs with scopes, tried with a room of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from event_mgmt.accounts import access, resolvers
from event_mgmt.accounts.models import Role, User
from event_mgmt.accounts.policy import OrganisationRight, Right, Scope, Viewer
from event_mgmt.accounts.sessions import viewer_of
from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import ActorKind
from event_mgmt.core.database import db
from event_mgmt.core.ids import TokenId
from event_mgmt.registrations.models import Registration
from event_mgmt.wiring import ROOMS, create_app
from tests.accounts import visits
from tests.builders import a_registration, a_user, an_event, an_organisation

MISSING_ID = 999_999
TOKEN = TokenId(7)
EVERYTHING = frozenset(right.scope for right in (*Right, *OrganisationRight))


@dataclass(frozen=True)
class House:
    """Who works for an organisation, and what it has."""

    user: User
    visit: Registration
    foreign: Registration


@pytest.fixture
def app(any_app: Flask) -> Iterator[Flask]:
    """An application with that room, on either database."""
    made = create_app(any_app.extensions["settings"], rooms=(*ROOMS, visits.ROOM))
    with any_app.app_context():
        yield made
    with made.app_context():
        db.engine.dispose()
    visits.PROGRAMS.clear()
    visits.asked_for.clear()


@pytest.fixture
def house(app: Flask) -> House:
    host = an_organisation()
    return House(
        a_user(host, Role.ORGANISER), a_registration(an_event(host)), a_registration(an_event())
    )


def a_browser(app: Flask, user: User | None) -> FlaskClient:
    client = app.test_client()
    if user is not None:
        with client.session_transaction() as session:
            session["_user_id"] = f"{user.id}:{user.session_version}"
    return client


def a_program(app: Flask, user: User, scopes: frozenset[Scope]) -> FlaskClient:
    person = viewer_of(user)
    visits.PROGRAMS["it"] = Viewer(
        user_id=person.user_id,
        is_platform_admin=person.is_platform_admin,
        grants=person.grants,
        scopes=scopes,
        token_id=TOKEN,
    )
    client = app.test_client()
    client.environ_base["HTTP_X_PROGRAM"] = "it"
    return client


def answered(client: FlaskClient, path: str) -> tuple[int, str]:
    answer = client.get(path)
    return answer.status_code, answer.text


def test_a_view_is_given_the_thing_of_its_rooms_own_argument(app: Flask, house: House) -> None:
    client = a_browser(app, house.user)

    assert answered(client, f"/visits/{house.visit.id}") == (200, f"{house.visit.id} edit")


def test_a_thing_out_of_sight_answers_exactly_as_a_missing_one(app: Flask, house: House) -> None:
    client = a_browser(app, house.user)

    foreign = answered(client, f"/visits/{house.foreign.id}")

    assert foreign[0] == 404
    assert foreign == answered(client, f"/visits/{MISSING_ID}")


def test_a_part_is_found_in_its_whole_alone(app: Flask, house: House) -> None:
    client = a_browser(app, house.user)
    own, other = house.visit.attendees[0].id, house.foreign.attendees[0].id
    path = f"/visits/{house.visit.id}/guests"

    assert answered(client, f"{path}/{own}") == (200, f"{house.visit.id} {own}")
    assert answered(client, f"{path}/{other}") == answered(client, f"{path}/{MISSING_ID}")
    assert answered(client, f"{path}/{other}")[0] == 404


def test_nothing_is_looked_for_in_a_whole_that_is_out_of_sight(app: Flask, house: House) -> None:
    foreign = house.foreign
    client = a_browser(app, house.user)

    status, _text = answered(client, f"/visits/{foreign.id}/guests/{foreign.attendees[0].id}")

    assert (status, visits.asked_for) == (404, [])


@pytest.mark.parametrize(("role", "status"), [(Role.ADMINISTRATOR, 200), (Role.ORGANISER, 404)])
def test_for_what_belongs_to_an_organisation_its_rights_count(
    app: Flask, role: Role, status: int
) -> None:
    organisation = an_organisation()
    client = a_browser(app, a_user(organisation, role))

    assert answered(client, f"/branches/{organisation.id}")[0] == status
    assert answered(client, f"/branches/{an_organisation().id}")[0] == 404


def test_whoever_is_not_signed_in_is_led_to_sign_in(app: Flask, house: House) -> None:
    assert a_browser(app, None).get(f"/visits/{house.visit.id}").status_code == 302


def test_a_right_of_another_sort_opens_nothing_though_it_is_called_alike(app: Flask) -> None:
    organisation = an_organisation()
    client = a_browser(app, a_user(organisation, Role.ADMINISTRATOR))

    with pytest.raises(TypeError, match="event:see_audit"):
        client.get(f"/misdeclared/{organisation.id}")


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        ({Right.SEE_ATTENDEES.scope}, (200, "{id}")),
        ({Right.SEE_ATTENDEES.scope, Right.EDIT_EVENT.scope}, (200, "{id} edit")),
        (EVERYTHING, (200, "{id} edit")),
        (EVERYTHING - {Right.SEE_ATTENDEES.scope}, (404, None)),
        ({"event:everything", "see_attendees"}, (404, None)),
        (set(), (404, None)),
    ],
)
def test_a_program_may_what_its_scopes_allow_of_the_rights(
    app: Flask, house: House, scopes: set[Scope], expected: tuple[int, str | None]
) -> None:
    client = a_program(app, house.user, frozenset(scopes))

    status, text = answered(client, f"/visits/{house.visit.id}")

    assert status == expected[0]
    assert expected[1] is None or text == expected[1].format(id=house.visit.id)


def test_no_scope_gives_a_program_what_its_person_may_not(app: Flask, house: House) -> None:
    program = a_program(app, house.user, EVERYTHING)

    assert program.get(f"/visits/{house.foreign.id}").status_code == 404
    assert program.get(f"/branches/{house.visit.event_id}").status_code == 404


def test_what_a_program_does_is_recorded_as_done_by_its_token(app: Flask, house: House) -> None:
    program = a_program(app, house.user, frozenset({Right.EDIT_REGISTRATIONS.scope}))

    program.post(f"/visits/{house.visit.id}/note")

    db.session.rollback()
    (entry,) = db.session.scalars(select(AuditEntry))
    assert (entry.actor, entry.user_id) == (ActorKind.TOKEN, house.user.id)
    assert entry.changes == {"token_id": TOKEN}


def test_what_a_person_does_is_recorded_without_one(app: Flask, house: House) -> None:
    a_browser(app, house.user).post(f"/visits/{house.visit.id}/note")

    db.session.rollback()
    (entry,) = db.session.scalars(select(AuditEntry))
    assert (entry.actor, entry.user_id, entry.changes) == (ActorKind.USER, house.user.id, {})


@pytest.mark.parametrize("path", ["/desk", "/desk/account", "/desk/tasks", "/desk/platform"])
def test_pages_for_people_do_not_exist_for_a_program(app: Flask, path: str) -> None:
    administrator = a_user(an_organisation(), Role.ADMINISTRATOR, is_platform_admin=True)
    person, program = a_browser(app, administrator), a_program(app, administrator, EVERYTHING)

    assert person.get(path, follow_redirects=True).status_code == 200
    assert program.get(path, follow_redirects=True).status_code == 404


def test_a_program_is_no_more_for_the_session_that_comes_with_it(app: Flask, house: House) -> None:
    client = a_program(app, house.user, frozenset())
    with client.session_transaction() as session:
        session["_user_id"] = f"{house.user.id}:{house.user.session_version}"

    assert client.get(f"/visits/{house.visit.id}").status_code == 404


def test_people_cannot_be_taken_for_programs(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context(), pytest.raises(ValueError, match="sign in"):
        access.identify(viewer_of(a_user()))


def test_an_argument_has_one_meaning(sqlite_app: Flask) -> None:
    meaning = resolvers.whole("thing", lambda _id: None, lambda _thing: access.EventParties(1))

    with pytest.raises(ValueError, match="thing_id"):
        access.init_app(sqlite_app, [{"thing_id": meaning}, {"thing_id": meaning}])
