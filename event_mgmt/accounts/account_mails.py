"""The mails to those who work with the system: invitations, and new passwords."""

from __future__ import annotations

from flask_babel import gettext as _

from event_mgmt.accounts import one_time_links
from event_mgmt.accounts.models import Membership, OneTimeLink, User
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.core.links import public_url
from event_mgmt.mail.letters import Button, Host, Letter, NotNeeded, Paragraph
from event_mgmt.mail.models import Message
from event_mgmt.organisations.models import Organisation
from event_mgmt.web.locale import current_language


def colleague_invitation(message: Message) -> Letter:
    """You were invited to a team: take up your account."""
    link, user = _open_link(message)
    organisation = _organisation(message, user)
    inviter = _inviter(message)
    url = public_url("accounts.accept_invitation", token=one_time_links.token_of(link))
    if organisation is None:
        first = _("An account has been made for you.")
    elif inviter:
        first = _(
            "%(inviter)s has invited you to plan events and look after guests together with the"
            " team of %(organisation)s.",
            inviter=inviter,
            organisation=_name(organisation),
        )
    else:
        first = _(
            "You have been invited to plan events and look after guests together with the team of"
            " %(organisation)s.",
            organisation=_name(organisation),
        )
    return Letter(
        subject=_(
            "Your invitation to the team of %(organisation)s", organisation=_name(organisation)
        )
        if organisation is not None
        else _("Your account"),
        greeting=_greeting(user),
        blocks=(
            Paragraph(first),
            Paragraph(
                _("Choose your password now. The link opens once and within the next seven days.")
            ),
            Button(_("Choose a password"), url),
        ),
        hosts=_stripe(organisation),
        footer=(_("If you did not expect this mail, you need not do anything."),),
    )


def team_joined(message: Message) -> Letter:
    """Somebody who has an account was added to another team."""
    membership = db.session.get(Membership, message.facts["membership_id"])
    if membership is None:
        raise NotNeeded
    organisation = membership.organisation
    inviter = _inviter(message)
    words = {"inviter": inviter, "organisation": _name(organisation)}
    return Letter(
        subject=_(
            "You now belong to the team of %(organisation)s", organisation=_name(organisation)
        ),
        greeting=_greeting(membership.user),
        blocks=(
            Paragraph(
                _("%(inviter)s has added you to the team of %(organisation)s.", **words)
                if inviter
                else _("You have been added to the team of %(organisation)s.", **words)
            ),
            Paragraph(_("You sign in as before; its events are now on your desk as well.")),
            Button(_("To your desk"), public_url("dashboard.home")),
        ),
        hosts=_stripe(organisation),
    )


def password_reset(message: Message) -> Letter:
    """A link to choose a new password."""
    link, user = _open_link(message)
    url = public_url("accounts.reset", token=one_time_links.token_of(link))
    return Letter(
        subject=_("Choose a new password"),
        greeting=_greeting(user),
        blocks=(
            Paragraph(_("Somebody, probably you, has asked for a new password for this address.")),
            Paragraph(_("The link opens once and within the next hour.")),
            Button(_("Choose a new password"), url),
        ),
        footer=(
            _("If it was not you, you need not do anything. Your present password still holds."),
        ),
    )


def password_changed(message: Message) -> Letter:
    """A password was changed: whoever did not do it themselves must know."""
    user = db.session.get(User, message.facts["user_id"])
    if user is None:
        raise NotNeeded
    return Letter(
        subject=_("Your password was changed"),
        greeting=_greeting(user),
        blocks=(
            Paragraph(_("The password of your account was changed. All devices were signed out.")),
            Paragraph(_("If it was not you, please choose a new password at once.")),
            Button(_("Choose a new password"), public_url("accounts.forgot")),
        ),
    )


def _open_link(message: Message) -> tuple[OneTimeLink, User]:
    link = db.session.get(OneTimeLink, message.facts["link_id"])
    if link is None or not one_time_links.is_open(link, now=utc_now()):
        raise NotNeeded
    user = db.session.get(User, link.user_id)
    if user is None:
        raise NotNeeded
    return link, user


def _organisation(message: Message, user: User) -> Organisation | None:
    named = message.facts.get("organisation_id")
    if named is not None:
        return db.session.get(Organisation, named)
    return user.memberships[0].organisation if user.memberships else None


def _inviter(message: Message) -> str:
    user = db.session.get(User, message.facts.get("inviter_id") or 0)
    return user.display_name if user is not None else ""


def _greeting(user: User) -> str:
    name = f"{user.given_name} {user.family_name}".strip()
    return _("Hello %(name)s,", name=name) if name else _("Hello,")


def _name(organisation: Organisation) -> str:
    return organisation.name.into(current_language())


def _stripe(organisation: Organisation | None) -> tuple[Host, ...]:
    if organisation is None:
        return ()
    return (Host(_name(organisation), organisation.accent),)
