"""The team of an organisation, on both databases."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select

from event_mgmt.accounts import members, one_time_links, queries, service
from event_mgmt.accounts.members import Invitation
from event_mgmt.accounts.models import LinkPurpose, Membership, OneTimeLink, Role, User
from event_mgmt.accounts.refusals import (
    AlreadyMember,
    LinkExpired,
    MemberOfOtherOrganisation,
    MemberRefusal,
)
from event_mgmt.accounts.rules import MembershipObstacle
from event_mgmt.accounts.service import Profile
from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing, Refusal
from event_mgmt.mail.models import Message
from event_mgmt.organisations.models import Organisation
from tests.builders import a_user, an_organisation
from tests.readers import actions


class Team(NamedTuple):
    organisation: Organisation
    administrator: User
    staff: User
    by: Actor

    def place(self, user: User) -> int:
        return next(m.id for m in user.memberships if m.organisation_id == self.organisation.id)


@pytest.fixture
def team(app: Flask) -> Team:
    organisation = an_organisation()
    administrator = a_user(organisation, Role.ADMINISTRATOR, password_hash="x")
    staff = a_user(organisation, Role.STAFF, password_hash="x")
    return Team(organisation, administrator, staff, Actor.user(administrator.id))


def _messages() -> list[Message]:
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def test_a_stranger_gets_a_link_that_makes_them_a_member_with_their_own_name(
    team: Team, now: datetime
) -> None:
    invitation = Invitation("New.Colleague@example.org", Role.ORGANISER, "sl", sees_sensitive=True)
    membership = members.invite(team.organisation.id, invitation, by=team.by, now=now)

    [message] = _messages()
    assert (message.kind, message.to_address) == (
        "colleague_invitation",
        "new.colleague@example.org",
    )
    assert message.locale == "sl"
    link = db.session.scalars(select(OneTimeLink)).one()
    token = one_time_links.token_of(link)
    assert token not in str(message.facts)

    profile = Profile("Ana", "Novak", "en")
    user = service.accept_invitation(token, profile, "vier pferde am rhein", now=now)
    assert (user.id, user.display_name, user.locale) == (membership.user_id, "Ana Novak", "en")
    [place] = user.memberships
    assert (place.role, place.sees_sensitive) == (Role.ORGANISER, True)
    with pytest.raises(LinkExpired):
        service.accept_invitation(token, profile, "vier pferde am rhein", now=now)
    assert actions() == ["member_invited", "account_taken_up"]


def test_somebody_of_another_organisation_is_added_and_told(team: Team, now: datetime) -> None:
    other = a_user(an_organisation(), password_hash="x")

    members.invite(
        team.organisation.id, Invitation(other.email, Role.DOOR, "de"), by=team.by, now=now
    )

    assert {m.organisation_id for m in queries.user(other.id).memberships} > {team.organisation.id}
    [message] = _messages()
    assert (message.kind, message.to_address) == ("team_joined", other.email)
    assert db.session.scalars(select(OneTimeLink)).all() == []


def test_nobody_is_invited_twice_or_by_themselves_or_at_no_address(
    team: Team, now: datetime
) -> None:
    def invite(email: str) -> None:
        invitation = Invitation(email, Role.ORGANISER, "de")
        members.invite(team.organisation.id, invitation, by=team.by, now=now)

    with pytest.raises(AlreadyMember):
        invite(team.staff.email.upper())
    with pytest.raises(MemberRefusal):
        invite(team.administrator.email)
    with pytest.raises(Refusal) as refused:
        invite("nobody at example")
    assert refused.value.field == "email"
    assert _messages() == []


def test_a_platform_administrator_cannot_add_themselves_to_a_team(
    team: Team, now: datetime
) -> None:
    platform = a_user(is_platform_admin=True, password_hash="x")
    invitation = Invitation(platform.email, Role.ADMINISTRATOR, "de")

    with pytest.raises(MemberRefusal):
        members.invite(team.organisation.id, invitation, by=Actor.user(platform.id), now=now)


def test_inviting_again_replaces_the_link(team: Team, now: datetime) -> None:
    invitation = Invitation("ana@example.org", Role.STAFF, "de")
    place = members.invite(team.organisation.id, invitation, by=team.by, now=now)
    members.invite_again(team.organisation.id, place.id, by=team.by, now=now)

    first, second = db.session.scalars(select(OneTimeLink).order_by(OneTimeLink.id)).all()
    with pytest.raises(LinkExpired):
        one_time_links.opened(LinkPurpose.INVITATION, one_time_links.token_of(first), now=now)
    token = one_time_links.token_of(second)
    assert one_time_links.opened(LinkPurpose.INVITATION, token, now=now) == second
    assert len(_messages()) == 2
    with pytest.raises(Missing):
        members.invite_again(team.organisation.id, team.place(team.staff), by=team.by, now=now)


def test_a_change_of_role_is_written_down_with_old_and_new(team: Team, now: datetime) -> None:
    members.change(
        team.organisation.id,
        team.place(team.staff),
        role=Role.ORGANISER,
        sees_sensitive=False,
        by=team.by,
        now=now,
    )

    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.changes == {"role": ["staff", "organiser"]}
    assert (entry.user_id, entry.subject_id) == (team.administrator.id, team.staff.id)
    assert entry.organisation_id == team.organisation.id


def test_nobody_raises_or_removes_themselves(team: Team, now: datetime) -> None:
    place = team.place(team.administrator)
    a_user(team.organisation, Role.ADMINISTRATOR, password_hash="x")
    where = (team.organisation.id, place)

    for attempt in (
        lambda: members.change(
            *where, role=Role.ADMINISTRATOR, sees_sensitive=True, by=team.by, now=now
        ),
        lambda: members.remove(*where, by=team.by, now=now),
        lambda: members.set_active(*where, active=False, by=team.by, now=now),
    ):
        with pytest.raises(MemberRefusal) as refused:
            attempt()
        assert refused.value.fault is MembershipObstacle.OWN
    assert actions() == []


def test_the_last_administrator_stays_also_where_another_has_not_come_yet(
    team: Team, now: datetime
) -> None:
    platform = Actor.user(a_user(is_platform_admin=True).id)
    a_user(team.organisation, Role.ADMINISTRATOR, password_hash=None)
    a_user(team.organisation, Role.ADMINISTRATOR, password_hash="x", is_active=False)
    where = (team.organisation.id, team.place(team.administrator))

    for attempt in (
        lambda: members.change(
            *where, role=Role.ORGANISER, sees_sensitive=False, by=platform, now=now
        ),
        lambda: members.remove(*where, by=platform, now=now),
        lambda: members.set_active(*where, active=False, by=platform, now=now),
    ):
        with pytest.raises(MemberRefusal) as refused:
            attempt()
        assert refused.value.fault is MembershipObstacle.LAST_ADMINISTRATOR


def test_a_wrongly_invited_first_administrator_can_be_replaced(app: Flask, now: datetime) -> None:
    organisation = an_organisation()
    platform = Actor.user(a_user(is_platform_admin=True).id)

    def invite(email: str) -> Membership:
        invitation = Invitation(email, Role.ADMINISTRATOR, "de")
        return members.invite(organisation.id, invitation, by=platform, now=now)

    wrong = invite("wrong@example.org")
    invite("right@example.org")
    members.remove(organisation.id, wrong.id, by=platform, now=now)

    [left] = queries.members_of(organisation.id, locale="de")
    assert left.user.email == "right@example.org"


def test_who_is_in_no_team_any_more_cannot_sign_in_and_may_come_back(
    team: Team, now: datetime
) -> None:
    version = team.staff.session_version
    members.remove(team.organisation.id, team.place(team.staff), by=team.by, now=now)

    gone = db.session.get_one(User, team.staff.id, populate_existing=True)
    assert (gone.is_active, gone.memberships) == (False, [])
    assert gone.session_version > version

    invitation = Invitation(team.staff.email, Role.STAFF, "de")
    members.invite(team.organisation.id, invitation, by=team.by, now=now)
    assert db.session.get_one(User, team.staff.id, populate_existing=True).is_active


def test_who_works_for_two_is_removed_from_one_and_blocked_by_neither(
    team: Team, now: datetime
) -> None:
    other = a_user(an_organisation(), password_hash="x")
    invitation = Invitation(other.email, Role.STAFF, "de")
    place = members.invite(team.organisation.id, invitation, by=team.by, now=now)

    with pytest.raises(MemberOfOtherOrganisation):
        members.set_active(team.organisation.id, place.id, active=False, by=team.by, now=now)
    members.remove(team.organisation.id, place.id, by=team.by, now=now)
    assert db.session.get_one(User, other.id, populate_existing=True).is_active


def test_a_blocked_member_is_signed_out_and_can_be_let_in_again(team: Team, now: datetime) -> None:
    version = team.staff.session_version
    where = (team.organisation.id, team.place(team.staff))

    members.set_active(*where, active=False, by=team.by, now=now)
    blocked = db.session.get_one(User, team.staff.id, populate_existing=True)
    assert not blocked.is_active
    assert blocked.session_version > version

    members.set_active(*where, active=True, by=team.by, now=now)
    assert db.session.get_one(User, team.staff.id, populate_existing=True).is_active
    assert actions() == ["member_blocked", "member_opened"]


def test_a_member_of_another_organisation_is_as_good_as_missing(team: Team, now: datetime) -> None:
    foreign = a_user(an_organisation(), Role.STAFF)
    place = foreign.memberships[0].id
    where = (team.organisation.id, place)

    for attempt in (
        lambda: members.change(*where, role=Role.DOOR, sees_sensitive=False, by=team.by, now=now),
        lambda: members.remove(*where, by=team.by, now=now),
        lambda: members.set_active(*where, active=False, by=team.by, now=now),
        lambda: members.invite_again(*where, by=team.by, now=now),
    ):
        with pytest.raises(Missing):
            attempt()


def test_people_are_told_who_are_active_and_have_an_account(team: Team, now: datetime) -> None:
    a_user(team.organisation, Role.ADMINISTRATOR, password_hash=None)
    a_user(team.organisation, Role.ORGANISER, password_hash="x", is_active=False)

    told = queries.notification_recipients(
        team.organisation.id, [Role.ADMINISTRATOR, Role.ORGANISER]
    )

    assert told == [team.administrator]
