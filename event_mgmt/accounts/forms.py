"""The forms of signing in, of one's own account, and of a team."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, Email, Length

from event_mgmt.accounts.members import Invitation
from event_mgmt.accounts.models import Role, User
from event_mgmt.accounts.rules import MIN_PASSWORD_LENGTH
from event_mgmt.accounts.service import Profile
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.forms import Form
from event_mgmt.web.locale import OWN_NAMES

_LANGUAGES: Final = [SelectChoice(code, name) for code, name in OWN_NAMES.items()]
_PASSWORD_HINT: Final = _l(
    "At least %(least)d characters. Several words in a row are easy to remember.",
    least=MIN_PASSWORD_LENGTH,
)


def _email() -> EmailField:
    return EmailField(
        _l("E-mail address"),
        validators=[
            DataRequired(_l("Please give an e-mail address.")),
            Email(_l("This is not an e-mail address.")),
            Length(max=254),
        ],
    )


def _given_name() -> StringField:
    needed = DataRequired(_l("Please give your first name."))
    return StringField(_l("First name"), validators=[needed, Length(max=100)])


def _family_name() -> StringField:
    needed = DataRequired(_l("Please give your surname."))
    return StringField(_l("Surname"), validators=[needed, Length(max=100)])


def _language() -> SelectField:
    return SelectField(_l("Language"), choices=_LANGUAGES)


def _new_password() -> PasswordField:
    needed = DataRequired(_l("Please choose a password."))
    return PasswordField(_l("New password"), description=_PASSWORD_HINT, validators=[needed])


def _current_password() -> PasswordField:
    needed = DataRequired(_l("Please give your present password."))
    return PasswordField(_l("Present password"), validators=[needed])


class SignInForm(Form):
    """E-mail address and password."""

    # No check of the address's form: whatever is wrong gets the same answer.
    email = EmailField(
        _l("E-mail address"), validators=[DataRequired(_l("Please give your e-mail address."))]
    )
    password = PasswordField(
        _l("Password"), validators=[DataRequired(_l("Please give your password."))]
    )
    next = HiddenField()


class CodeForm(Form):
    """A code of the authenticator app, or a recovery code."""

    code = StringField(
        _l("Code"), validators=[DataRequired(_l("Please type the code.")), Length(max=40)]
    )
    next = HiddenField()


class ForgotForm(Form):
    """Whose password is to be set anew."""

    email = _email()


class NewPasswordForm(Form):
    """A new password, after following a mailed link."""

    password = _new_password()


class WelcomeForm(Form):
    """Taking up an account: one's own name, language and password."""

    given_name = _given_name()
    family_name = _family_name()
    locale = _language()
    password = _new_password()

    def profile(self) -> Profile:
        """What was typed about oneself."""
        return Profile(
            self.given_name.data or "", self.family_name.data or "", self.locale.data or "de"
        )


class ProfileForm(Form):
    """One's own name and language."""

    given_name = _given_name()
    family_name = _family_name()
    locale = _language()

    @classmethod
    def of(cls, user: User) -> ProfileForm:
        """The form as it stands for ``user``."""
        return cls(
            data={
                "given_name": user.given_name,
                "family_name": user.family_name,
                "locale": user.locale,
            }
        )

    def profile(self) -> Profile:
        """What was typed about oneself."""
        return Profile(
            self.given_name.data or "", self.family_name.data or "", self.locale.data or "de"
        )


class ChangePasswordForm(Form):
    """The present password and a new one."""

    current_password = _current_password()
    password = _new_password()


class SecondFactorForm(Form):
    """The first code of an app that has just read the QR code."""

    code = StringField(
        _l("Code shown by the app"),
        validators=[DataRequired(_l("Please type the code.")), Length(max=40)],
    )
    current_password = _current_password()


class PasswordProofForm(Form):
    """The present password, before something that matters."""

    current_password = _current_password()


class RoleFields(Form):
    """What somebody is in a team."""

    role = RadioField(_l("Role"), validators=[DataRequired(_l("Please choose a role."))])
    sees_sensitive = BooleanField(
        _l("May see sensitive answers"),
        description=_l("Such as dietary and access needs. Give this right to few."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = [SelectChoice(role.value, enum_label(role)) for role in Role]


class InviteForm(RoleFields):
    """Whom to invite into a team."""

    email = _email()
    locale = SelectField(_l("Language of the invitation"), choices=_LANGUAGES)

    def invitation(self) -> Invitation:
        """What was typed."""
        return Invitation(
            email=self.email.data or "",
            role=Role(self.role.data),
            locale=self.locale.data or "de",
            sees_sensitive=bool(self.sees_sensitive.data),
        )


class MemberForm(RoleFields):
    """Another role for a member."""
