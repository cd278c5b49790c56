"""The team of an organisation."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event_mgmt.accounts import members as service, queries
from event_mgmt.accounts.access import current_actor, on, on_organisation, open_to, session_user
from event_mgmt.accounts.blueprint import bp
from event_mgmt.accounts.form_responses import Answer, page
from event_mgmt.accounts.forms import InviteForm, MemberForm
from event_mgmt.accounts.models import Membership, Role
from event_mgmt.accounts.policy import OrganisationRight
from event_mgmt.core.clock import utc_now
from event_mgmt.core.refusals import Missing, Refusal
from event_mgmt.organisations import queries as organisation_queries
from event_mgmt.web.forms import ConfirmForm, accepted
from event_mgmt.web.locale import current_language
from event_mgmt.web.times import READERS_ZONE

_MEMBERS = "/desk/organisations/<int:organisation_id>/members"
TEAM = on_organisation(OrganisationRight.MANAGE_MEMBERS)
MEMBER = on("membership_id", OrganisationRight.MANAGE_MEMBERS)


@bp.get(_MEMBERS)
@open_to(TEAM)
def members(organisation_id: int) -> Answer:
    """Who belongs to the team."""
    return render_template(
        "accounts/members.html",
        organisation=organisation_queries.organisation(organisation_id),
        members=queries.members_of(organisation_id, locale=current_language()),
        zone=READERS_ZONE,
    )


@bp.route(f"{_MEMBERS}/invite", methods=["GET", "POST"])
@open_to(TEAM, form_checks_csrf=True)
def invite_member(organisation_id: int) -> Answer:
    """Ask somebody into the team by mail."""
    form = InviteForm(role=Role.ORGANISER.value, locale=current_language())
    if form.validate_on_submit() and accepted(
        form, service.invite, organisation_id, form.invitation(), by=current_actor(), now=utc_now()
    ):
        flash(_("The invitation is on its way to %(email)s.", email=form.email.data), "ok")
        return _back(organisation_id)
    organisation = organisation_queries.organisation(organisation_id)
    return page("accounts/member_invite.html", form, organisation=organisation)


@bp.route(f"{_MEMBERS}/<int:membership_id>", methods=["GET", "POST"])
@open_to(MEMBER, form_checks_csrf=True)
def edit_member(organisation_id: int, membership: Membership) -> Answer:
    """Another role, and the right to sensitive answers."""
    form = MemberForm(role=membership.role.value, sees_sensitive=membership.sees_sensitive)
    if form.validate_on_submit() and accepted(
        form,
        service.change,
        organisation_id,
        membership.id,
        role=Role(form.role.data),
        sees_sensitive=bool(form.sees_sensitive.data),
        by=current_actor(),
        now=utc_now(),
    ):
        flash(_("Saved."), "ok")
        return _back(organisation_id)
    return page(
        "accounts/member.html",
        form,
        organisation=organisation_queries.organisation(organisation_id),
        member=membership,
        is_own=membership.user_id == session_user().id,
    )


@bp.post(f"{_MEMBERS}/<int:membership_id>/invite-again")
@open_to(TEAM)
def invite_member_again(organisation_id: int, membership_id: int) -> Answer:
    """Mail a new link to somebody who has not come yet."""
    service.invite_again(organisation_id, membership_id, by=current_actor(), now=utc_now())
    flash(_("A new invitation is on its way."), "ok")
    return _back(organisation_id)


@bp.post(f"{_MEMBERS}/<int:membership_id>/block")
@open_to(TEAM)
def block_member(organisation_id: int, membership_id: int) -> Answer:
    """Let somebody in no more, for the time being."""
    return _set_active(organisation_id, membership_id, active=False)


@bp.post(f"{_MEMBERS}/<int:membership_id>/open")
@open_to(TEAM)
def unblock_member(organisation_id: int, membership_id: int) -> Answer:
    """Let somebody in again."""
    return _set_active(organisation_id, membership_id, active=True)


@bp.route(f"{_MEMBERS}/<int:membership_id>/remove", methods=["GET", "POST"])
@open_to(MEMBER, form_checks_csrf=True)
def remove_member(organisation_id: int, membership: Membership) -> Answer:
    """Ask, and then take somebody out of the team."""
    name = membership.user.display_name
    form = ConfirmForm()
    if form.validate_on_submit() and accepted(
        form, service.remove, organisation_id, membership.id, by=current_actor(), now=utc_now()
    ):
        flash(_("%(name)s no longer belongs to the team.", name=name), "ok")
        return _back(organisation_id)
    organisation = organisation_queries.organisation(organisation_id)
    return page("accounts/member_remove.html", form, organisation=organisation, member=membership)


def _set_active(organisation_id: int, membership_id: int, *, active: bool) -> Response:
    try:
        service.set_active(
            organisation_id, membership_id, active=active, by=current_actor(), now=utc_now()
        )
    except Missing:
        raise
    except Refusal as refusal:
        flash(str(refusal), "danger")
    else:
        flash(_("Saved."), "ok")
    return redirect(
        url_for(
            "accounts.edit_member", organisation_id=organisation_id, membership_id=membership_id
        )
    )


def _back(organisation_id: int) -> Response:
    return redirect(url_for("accounts.members", organisation_id=organisation_id))
