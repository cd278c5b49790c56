"""Refusals of sign-in, passwords, codes, one-time links and memberships."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.accounts.rules import (
    MAX_PASSWORD_LENGTH,
    MIN_PASSWORD_LENGTH,
    MembershipObstacle,
    PasswordWeakness,
)
from event_mgmt.core.refusals import Refusal


class SignInFailed(Refusal):
    """Address or password is wrong; which of them is not told."""

    message = _l("The e-mail address or the password is not right.")


class TooManyAttempts(Refusal):
    """The limit of tries is reached."""

    message = _l("Too many attempts. Please wait a quarter of an hour and try again.")


class WrongCode(Refusal):
    """The code is wrong, too old, or was used before."""

    message = _l("This code is not right, or it was used before. Please wait for the next one.")
    field = "code"


class WrongPassword(Refusal):
    """The password given as proof is not the account's."""

    message = _l("This is not your present password.")
    field = "current_password"


class LinkExpired(Refusal):
    """A one-time link that was used, replaced, or has run out."""

    message = _l("This link has been used or has run out. Please ask for a new one.")


class AlreadyMember(Refusal):
    """Somebody who is invited belongs to the team already."""

    message = _l("This person already belongs to the team.")
    field = "email"


class EmailTaken(Refusal):
    """An account with this address exists."""

    message = _l("There is already an account with this e-mail address.")
    field = "email"


class OwnAccount(Refusal):
    """Somebody who would erase their own account."""

    message = _l("You cannot erase your own account; please ask another administrator.")


class AccountStillNeeded(Refusal):
    """The only administrator of an organisation, or of the platform."""

    message = _l("This account is the only administrator's. Please name another one first.")


class MemberOfOtherOrganisation(Refusal):
    """An account is blocked by the one organisation it belongs to, and by no other."""

    message = _l(
        "This person works for another organisation too. Please remove them from the team instead."
    )


_PASSWORD_WORDS: Final = {
    PasswordWeakness.TOO_SHORT: _l(
        "Please use at least %(least)d characters. Several words in a row are easy to remember.",
        least=MIN_PASSWORD_LENGTH,
    ),
    PasswordWeakness.TOO_LONG: _l(
        "Please use at most %(most)d characters.", most=MAX_PASSWORD_LENGTH
    ),
    PasswordWeakness.COMMON: _l("This password is among those that are tried first."),
    PasswordWeakness.PERSONAL: _l(
        "Your name or e-mail address is too easy to guess as a password."
    ),
}


class WeakPassword(Refusal):
    """A new password that the rules do not accept."""

    field = "password"

    def __init__(self, fault: PasswordWeakness) -> None:
        super().__init__(_PASSWORD_WORDS[fault])


_MEMBER_WORDS: Final = {
    MembershipObstacle.OWN: _l(
        "You cannot change your own place in the team. Please ask another administrator."
    ),
    MembershipObstacle.LAST_ADMINISTRATOR: _l(
        "An organisation needs at least one administrator. Please appoint another one first."
    ),
}


class MemberRefusal(Refusal):
    """A change of membership that the rules do not allow."""

    def __init__(self, fault: MembershipObstacle) -> None:
        super().__init__(_MEMBER_WORDS[fault])
        self.fault = fault
