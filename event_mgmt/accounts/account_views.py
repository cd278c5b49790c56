"""One's own account: name, language, password, second factor."""

from __future__ import annotations

import segno
from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from event_mgmt.accounts import one_time_codes, second_factor, service, sessions
from event_mgmt.accounts.access import SIGNED_IN, open_to, session_user
from event_mgmt.accounts.blueprint import bp
from event_mgmt.accounts.form_responses import Answer, page, refused
from event_mgmt.accounts.forms import (
    ChangePasswordForm,
    PasswordProofForm,
    ProfileForm,
    SecondFactorForm,
)
from event_mgmt.core.clock import utc_now
from event_mgmt.core.refusals import Missing, Refusal
from event_mgmt.web.locale import site_name

_ACCOUNT = "/desk/account"


@bp.route(_ACCOUNT, methods=["GET", "POST"])
@open_to(SIGNED_IN, form_checks_csrf=True)
def profile() -> Answer:
    """Name and language, and the ways to the rest."""
    user = session_user().user
    form = ProfileForm.of(user)
    if not form.validate_on_submit():
        return page("accounts/profile.html", form, user=user)
    service.change_profile(user.id, form.profile(), now=utc_now())
    session["locale"] = form.locale.data
    flash(_("Saved."), "ok")
    return redirect(url_for("accounts.profile"))


@bp.route(f"{_ACCOUNT}/password", methods=["GET", "POST"])
@open_to(SIGNED_IN, form_checks_csrf=True)
def change_password() -> Answer:
    """Another password; the other devices are signed out."""
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return page("accounts/change_password.html", form)
    now = utc_now()
    try:
        user = service.change_password(
            session_user().id, form.current_password.data or "", form.password.data or "", now=now
        )
    except Refusal as refusal:
        return refused("accounts/change_password.html", form, refusal)
    sessions.start_session(user, now=now)
    flash(_("Your new password holds. All other devices are signed out."), "ok")
    return redirect(url_for("accounts.profile"))


@bp.route(f"{_ACCOUNT}/second-factor", methods=["GET", "POST"])
@open_to(SIGNED_IN, form_checks_csrf=True)
def turn_on_second_factor() -> Answer:
    """Let an authenticator app read the secret, and prove that it did."""
    if session_user().user.totp_secret is not None:
        return redirect(url_for("accounts.profile"))
    secret = session.setdefault("totp_secret", one_time_codes.new_secret())
    form = SecondFactorForm()
    shown = {"secret": secret, "qr": _qr(secret)}
    if not form.validate_on_submit():
        return page("accounts/second_factor_on.html", form, **shown)
    proof = (form.code.data or "", form.current_password.data or "")
    try:
        recovery = second_factor.turn_on(session_user().id, secret, *proof, now=utc_now())
    except Refusal as refusal:
        return refused("accounts/second_factor_on.html", form, refusal, **shown)
    session.pop("totp_secret", None)
    return render_template("accounts/recovery_codes.html", codes=recovery)


@bp.route(f"{_ACCOUNT}/second-factor/off", methods=["GET", "POST"])
@open_to(SIGNED_IN, form_checks_csrf=True)
def turn_off_second_factor() -> Answer:
    """Ask for the password alone again."""
    _needs_second_factor()
    form = PasswordProofForm()
    if not form.validate_on_submit():
        return page("accounts/second_factor_off.html", form)
    try:
        given = form.current_password.data or ""
        second_factor.turn_off(session_user().id, given, now=utc_now())
    except Refusal as refusal:
        return refused("accounts/second_factor_off.html", form, refusal)
    flash(_("From now on the password alone is asked for."), "ok")
    return redirect(url_for("accounts.profile"))


@bp.route(f"{_ACCOUNT}/recovery-codes", methods=["GET", "POST"])
@open_to(SIGNED_IN, form_checks_csrf=True)
def recovery_codes() -> Answer:
    """New recovery codes, shown once."""
    _needs_second_factor()
    form = PasswordProofForm()
    if not form.validate_on_submit():
        return page("accounts/recovery_codes_new.html", form)
    try:
        given = form.current_password.data or ""
        fresh = second_factor.renew_codes(session_user().id, given, now=utc_now())
    except Refusal as refusal:
        return refused("accounts/recovery_codes_new.html", form, refusal)
    return render_template("accounts/recovery_codes.html", codes=fresh)


def _needs_second_factor() -> None:
    if session_user().user.totp_secret is None:
        raise Missing


def _qr(secret: str) -> Markup:
    address = one_time_codes.address_of(secret, email=session_user().email, site=site_name())
    drawn = segno.make(address, micro=False).svg_inline(
        scale=5, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
    return Markup(drawn)  # noqa: S704 - segno drew it from our own address: nobody's markup is in it
