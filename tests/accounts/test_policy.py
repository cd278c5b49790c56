"""Who may do what: written down a second time, so that a right is given by two people's hands."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from event_mgmt.accounts.models import Role
from event_mgmt.accounts.policy import (
    ANONYMOUS,
    PLATFORM_SCOPE,
    AttendeeScope,
    EventParties,
    Grant,
    OrganisationRight,
    PartnerAccess,
    Right,
    Scope,
    Viewer,
    attendee_scope,
    may_administer,
    may_manage_platform,
    organisations_with_visible_events,
    rights_on_event,
    rights_on_organisation,
)
from event_mgmt.core.ids import TokenId, UserId

HOST, PARTNER, STRANGER = 1, 2, 3

PLANS = "see_event edit_event publish_event"
GUESTS = "see_attendees edit_registrations export_attendees check_in"
DECIDES = "decide_registrations send_messages see_messages see_audit"
EXPECTED = {
    ("host", Role.ADMINISTRATOR): f"{PLANS} {GUESTS} {DECIDES}",
    ("host", Role.ORGANISER): f"{PLANS} {GUESTS} {DECIDES}",
    ("host", Role.STAFF): f"see_event {GUESTS} see_messages",
    ("host", Role.DOOR): "see_event see_attendees check_in",
    ("invited partner", Role.ADMINISTRATOR): "see_event answer_partnership",
    ("invited partner", Role.ORGANISER): "see_event answer_partnership",
    ("invited partner", Role.STAFF): "see_event",
    ("invited partner", Role.DOOR): "see_event",
    ("partner", Role.ADMINISTRATOR): "see_event answer_partnership see_attendees export_attendees",
    ("partner", Role.ORGANISER): "see_event answer_partnership see_attendees export_attendees",
    ("partner", Role.STAFF): "see_event see_attendees export_attendees",
    ("partner", Role.DOOR): "see_event see_attendees",
    **{("declined partner", role): "" for role in Role},
    **{("stranger", role): "" for role in Role},
}


def an_event(
    scope: AttendeeScope = AttendeeScope.OWN, *, accepted: bool = True, declined: bool = False
):
    return EventParties(HOST, {PARTNER: PartnerAccess(accepted, declined, scope)})


SIDES = {
    "host": (HOST, an_event()),
    "invited partner": (PARTNER, an_event(AttendeeScope.ALL, accepted=False)),
    "partner": (PARTNER, an_event()),
    "declined partner": (PARTNER, an_event(AttendeeScope.ALL, declined=True)),
    "stranger": (STRANGER, an_event()),
}


def somebody(organisation_id: int, role: Role, **given: bool) -> Viewer:
    return Viewer(user_id=1, grants={organisation_id: Grant(role, **given)})


@pytest.mark.parametrize(("side", "role"), EXPECTED, ids=str)
def test_each_role_has_exactly_its_rights_on_an_event(side: str, role: Role) -> None:
    organisation_id, event = SIDES[side]

    assert rights_on_event(somebody(organisation_id, role), event) == {
        Right(word) for word in EXPECTED[side, role].split()
    }


def test_nobody_else_has_any_right_on_an_event() -> None:
    operator = Viewer(user_id=1, is_platform_admin=True)

    assert rights_on_event(ANONYMOUS, an_event()) == set()
    assert rights_on_event(operator, an_event()) == set()


def test_a_partner_without_a_right_to_lists_sees_none() -> None:
    viewer = somebody(PARTNER, Role.ORGANISER)

    assert Right.SEE_ATTENDEES not in rights_on_event(viewer, an_event(AttendeeScope.NONE))
    assert attendee_scope(viewer, an_event(AttendeeScope.NONE)) == (AttendeeScope.NONE, frozenset())


@pytest.mark.parametrize("role", list(Role))
def test_sensitive_answers_need_a_grant_of_their_own_at_the_host(role: Role) -> None:
    event = an_event(AttendeeScope.ALL)

    assert Right.SEE_SENSITIVE not in rights_on_event(somebody(HOST, role), event)
    assert Right.SEE_SENSITIVE in rights_on_event(somebody(HOST, role, sees_sensitive=True), event)
    partner = somebody(PARTNER, role, sees_sensitive=True)
    assert Right.SEE_SENSITIVE not in rights_on_event(partner, event)


def test_the_host_sees_all_attendees_and_a_partner_what_was_granted() -> None:
    staff = somebody(PARTNER, Role.STAFF)

    assert attendee_scope(somebody(HOST, Role.DOOR), an_event()) == (AttendeeScope.ALL, frozenset())
    assert attendee_scope(staff, an_event(AttendeeScope.OWN)) == (AttendeeScope.OWN, {PARTNER})
    assert attendee_scope(staff, an_event(AttendeeScope.ALL)) == (AttendeeScope.ALL, frozenset())
    assert attendee_scope(somebody(STRANGER, Role.ADMINISTRATOR), an_event()) == (
        AttendeeScope.NONE,
        frozenset(),
    )


def test_only_administrators_run_an_organisation() -> None:
    rights = {role: rights_on_organisation(somebody(HOST, role), HOST) for role in Role}

    assert rights == {
        Role.ADMINISTRATOR: set(OrganisationRight),
        Role.ORGANISER: {OrganisationRight.CREATE_EVENTS},
        Role.STAFF: set(),
        Role.DOOR: set(),
    }
    assert rights_on_organisation(somebody(HOST, Role.ADMINISTRATOR), STRANGER) == set()


def test_the_platforms_administrator_keeps_organisations_and_not_their_events_or_guests() -> None:
    operator = Viewer(user_id=1, is_platform_admin=True)

    assert rights_on_organisation(operator, HOST) == {
        OrganisationRight.MANAGE_MEMBERS,
        OrganisationRight.EDIT_ORGANISATION,
    }
    assert may_manage_platform(operator)
    assert may_administer(operator)
    assert not may_manage_platform(somebody(HOST, Role.ADMINISTRATOR))
    assert not may_administer(somebody(HOST, Role.ORGANISER))


WHOLE = [right.scope for right in (*Right, *OrganisationRight)] + [PLATFORM_SCOPE]
SCOPES = [frozenset(WHOLE), frozenset(), *(frozenset(pair) for pair in combinations(WHOLE, 2))]


def a_program_of(person: Viewer, scopes: frozenset[Scope]) -> Viewer:
    return replace(person, scopes=scopes, token_id=TokenId(1))


@pytest.mark.parametrize(("side", "role"), EXPECTED, ids=str)
@pytest.mark.parametrize("sees_sensitive", [True, False])
def test_a_program_has_of_the_rights_on_an_event_those_that_its_scopes_name(
    side: str, role: Role, *, sees_sensitive: bool
) -> None:
    organisation_id, event = SIDES[side]
    person = somebody(organisation_id, role, sees_sensitive=sees_sensitive)
    rights = rights_on_event(person, event)

    for scopes in SCOPES:
        granted = rights_on_event(a_program_of(person, scopes), event)

        assert granted == {right for right in rights if right.scope in scopes}
        assert granted <= rights


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("is_platform_admin", [True, False])
def test_a_program_has_of_the_rights_on_an_organisation_those_that_its_scopes_name(
    role: Role, *, is_platform_admin: bool
) -> None:
    person = replace(somebody(HOST, role), is_platform_admin=is_platform_admin)
    rights = rights_on_organisation(person, HOST)

    for scopes in SCOPES:
        granted = rights_on_organisation(a_program_of(person, scopes), HOST)

        assert granted == {right for right in rights if right.scope in scopes}
        assert granted <= rights


def test_a_program_without_scopes_may_nothing_and_sees_nothing() -> None:
    person = Viewer(
        user_id=UserId(1),
        is_platform_admin=True,
        grants={HOST: Grant(Role.ADMINISTRATOR, sees_sensitive=True)},
    )
    program = a_program_of(person, frozenset())

    assert rights_on_event(program, an_event()) == set()
    assert rights_on_organisation(program, HOST) == set()
    assert attendee_scope(program, an_event()) == (AttendeeScope.NONE, frozenset())
    assert organisations_with_visible_events(program) == set()
    assert not may_manage_platform(program)
    assert not may_administer(program)


def test_a_program_that_may_see_events_or_attendees_sees_what_its_person_sees() -> None:
    person = somebody(PARTNER, Role.STAFF)
    program = a_program_of(person, frozenset({Right.SEE_EVENT.scope, Right.SEE_ATTENDEES.scope}))

    assert organisations_with_visible_events(program) == {PARTNER}
    assert attendee_scope(program, an_event()) == attendee_scope(person, an_event())


def test_the_platform_needs_a_scope_of_its_own() -> None:
    operator = Viewer(user_id=UserId(1), is_platform_admin=True)
    all_else = a_program_of(operator, frozenset(WHOLE) - {PLATFORM_SCOPE})

    assert not may_manage_platform(all_else)
    assert may_manage_platform(a_program_of(operator, frozenset({PLATFORM_SCOPE})))
    assert not may_manage_platform(a_program_of(somebody(HOST, Role.STAFF), frozenset(WHOLE)))


def test_rights_that_are_called_alike_have_scopes_of_their_own() -> None:
    assert Right.SEE_AUDIT == OrganisationRight.SEE_AUDIT  # as words
    assert len(set(WHOLE)) == len(WHOLE) == len(Right) + len(OrganisationRight) + 1


@pytest.mark.parametrize("given", [{"scopes": frozenset()}, {"token_id": TokenId(1)}])
def test_a_token_without_scopes_would_be_its_owner_and_is_refused(given: dict) -> None:
    with pytest.raises(ValueError, match="token"):
        Viewer(user_id=UserId(1), **given)
