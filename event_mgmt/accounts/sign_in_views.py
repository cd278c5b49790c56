"""Signing in and out, and the ways in by a mailed link."""

from __future__ import annotations

import functools

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event_mgmt.accounts import authentication, one_time_links, queries, service, sessions
from event_mgmt.accounts.access import (
    ANYONE,
    SIGNED_IN,
    View,
    open_to,
    session_user,
    signed_in_user,
)
from event_mgmt.accounts.blueprint import bp
from event_mgmt.accounts.form_responses import Answer, page, refused
from event_mgmt.accounts.forms import CodeForm, ForgotForm, NewPasswordForm, SignInForm, WelcomeForm
from event_mgmt.accounts.models import LinkPurpose, User
from event_mgmt.accounts.refusals import LinkExpired
from event_mgmt.accounts.rules import safe_redirect_path
from event_mgmt.core.clock import utc_now
from event_mgmt.core.refusals import Missing, Refusal
from event_mgmt.web import errors, wrong_links
from event_mgmt.web.forms import accepted
from event_mgmt.web.locale import current_language


def says_what_is_wrong_with_link(view: View) -> View:
    """A view behind a mailed link: 404 where there is none, 410 once it was used or ran out."""

    @functools.wraps(view)
    def answered(**values: object) -> ResponseReturnValue:
        try:
            return view(**values)
        except Missing:
            return _no_such_link()
        except LinkExpired as expired:
            return _link_expired(expired)

    return answered


def _no_such_link() -> Response:
    return errors.error_page(
        404,
        _("This link does not work"),
        _("Perhaps it was cut off on the way. Please copy it whole from the mail."),
    )


def _link_expired(error: LinkExpired) -> tuple[str, int]:
    return render_template("accounts/spent_link.html", words=str(error)), 410


@bp.route("/login", methods=["GET", "POST"])
@open_to(ANYONE, form_checks_csrf=True)
def login() -> Answer:
    """E-mail address and password."""
    if signed_in_user() is not None:
        return redirect(_way_on(request.values.get("next")))
    form = SignInForm(next=safe_redirect_path(request.args.get("next")) or "")
    if not form.validate_on_submit():
        return page("accounts/login.html", form)
    now = utc_now()
    try:
        user = authentication.authenticate(
            form.email.data or "", form.password.data or "", address=_address(), now=now
        )
    except Refusal as refusal:
        return refused("accounts/login.html", form, refusal)
    if user.totp_secret is not None:
        sessions.remember_password_step(user, now=now)
        return redirect(url_for("accounts.second_factor", next=safe_redirect_path(form.next.data)))
    return _enter(user, form.next.data)


@bp.route("/login/code", methods=["GET", "POST"])
@open_to(ANYONE, form_checks_csrf=True)
def second_factor() -> Answer:
    """The code of the authenticator app, after the password."""
    now = utc_now()
    user_id = sessions.user_after_password_step(now=now)
    form = CodeForm(next=safe_redirect_path(request.args.get("next")) or "")
    if user_id is None:
        return redirect(url_for("accounts.login", next=safe_redirect_path(form.next.data)))
    if not form.validate_on_submit():
        return page("accounts/second_factor.html", form)
    try:
        user = authentication.check_second_factor(user_id, form.code.data or "", now=now)
    except Refusal as refusal:
        return refused("accounts/second_factor.html", form, refusal)
    return _enter(user, form.next.data)


@bp.post("/logout")
@open_to(SIGNED_IN)
def logout() -> Answer:
    """End all sessions of this user, so that a copied cookie opens nothing either."""
    service.end_sessions(session_user().id, now=utc_now())
    sessions.clear_session()
    flash(_("You are signed out, on all your devices."), "ok")
    return redirect(url_for("accounts.login"))


@bp.route("/password/forgotten", methods=["GET", "POST"])
@open_to(ANYONE, form_checks_csrf=True)
def forgot() -> Answer:
    """Ask for a link by mail; the answer is the same for every address."""
    form = ForgotForm()
    if not form.validate_on_submit():
        return page("accounts/forgot.html", form)
    try:
        service.ask_for_reset(form.email.data or "", address=_address(), now=utc_now())
    except Refusal as refusal:
        return refused("accounts/forgot.html", form, refusal)
    return render_template("accounts/forgot_sent.html", email=form.email.data)


@bp.get("/password/<token>")
@open_to(ANYONE)
@says_what_is_wrong_with_link
def reset(token: str) -> Answer:
    """Take the mailed token out of the address bar; nothing is changed by following a link."""
    with wrong_links.limit_wrong_links():
        one_time_links.opened(LinkPurpose.PASSWORD_RESET, token, now=utc_now())
    session["password_reset"] = token
    return _clean_address("accounts.new_password")


@bp.route("/password", methods=["GET", "POST"])
@open_to(ANYONE, form_checks_csrf=True)
@says_what_is_wrong_with_link
def new_password() -> Answer:
    """Choose a new password, having come by a mailed link."""
    token = str(session.get("password_reset", ""))
    now = utc_now()
    one_time_links.opened(LinkPurpose.PASSWORD_RESET, token, now=now)
    form = NewPasswordForm()
    if form.validate_on_submit() and accepted(
        form, service.reset_password, token, form.password.data or "", now=now
    ):
        sessions.clear_session()
        flash(_("Your new password holds. Please sign in with it."), "ok")
        return redirect(url_for("accounts.login"))
    return page("accounts/new_password.html", form)


@bp.get("/invitation/<token>")
@open_to(ANYONE)
@says_what_is_wrong_with_link
def accept_invitation(token: str) -> Answer:
    """Take the mailed token out of the address bar; nothing is changed by following a link."""
    with wrong_links.limit_wrong_links():
        one_time_links.opened(LinkPurpose.INVITATION, token, now=utc_now())
    session["invitation"] = token
    return _clean_address("accounts.welcome")


@bp.route("/welcome", methods=["GET", "POST"])
@open_to(ANYONE, form_checks_csrf=True)
@says_what_is_wrong_with_link
def welcome() -> Answer:
    """Take up the account one was invited to."""
    token = str(session.get("invitation", ""))
    now = utc_now()
    link = one_time_links.opened(LinkPurpose.INVITATION, token, now=now)
    invited = queries.user(link.user_id)
    form = WelcomeForm(
        given_name=invited.given_name, family_name=invited.family_name, locale=current_language()
    )
    if form.validate_on_submit():
        done = accepted(
            form,
            service.accept_invitation,
            token,
            form.profile(),
            form.password.data or "",
            now=now,
        )
        if done is not None:
            session["locale"] = done.value.locale
            return _enter(done.value, None)
    return page("accounts/welcome.html", form, invited=invited)


def _clean_address(endpoint: str) -> Response:
    answer = redirect(url_for(endpoint))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _enter(user: User, wanted: str | None) -> Response:
    sessions.start_session(user, now=utc_now())
    return redirect(_way_on(wanted))


def _way_on(wanted: str | None) -> str:
    return safe_redirect_path(wanted) or url_for("dashboard.home")


def _address() -> str:
    return request.remote_addr or ""
