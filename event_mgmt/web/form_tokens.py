"""Tokens for forms of visitors without a session: signed, timed, bound to one form of one thing.

Such a form may stand where a browser keeps no cookie of ours (another site's frame, cookies
switched off). Its token tells that this form was made here, for this thing, not long ago. A form
behind a session keeps the session's CSRF token.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from flask import current_app, request
from flask_wtf.csrf import generate_csrf
from flask_wtf.form import FlaskForm
from wtforms.csrf.core import CSRFTokenField
from wtforms.fields.core import UnboundField

from event_mgmt.core.clock import utc_now
from event_mgmt.web.application import may_be_signed_in

LASTS: Final = timedelta(hours=12)
"""So long a form may lie open: as long as an idle session lives."""

_AHEAD: Final = timedelta(minutes=5)  # so far the clock of another server may be before ours


def issue(secret: str, thing: str, nonce: str, *, now: datetime) -> str:
    """A token for the form with ``nonce`` about ``thing``, made at ``now``."""
    moment = str(int(now.timestamp()))
    return f"{moment}.{_signature(secret, thing, nonce, moment)}"


def is_good(secret: str, token: str, thing: str, nonce: str, *, now: datetime) -> bool:
    """Whether ``token`` was issued for this form of this thing and has not run out at ``now``."""
    moment, _dot, signature = token.partition(".")
    if not (moment.isascii() and moment.isdecimal() and len(moment) <= 12):
        return False
    expected = _signature(secret, thing, nonce, moment)
    if not hmac.compare_digest(signature.encode(), expected.encode()):
        return False
    age = now.timestamp() - int(moment)
    return -_AHEAD.total_seconds() <= age < LASTS.total_seconds()


def _signature(secret: str, thing: str, nonce: str, moment: str) -> str:
    signed = f"event_mgmt.form\0{thing}\0{nonce}\0{moment}"
    return hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()


class VisitorForm(Protocol):
    """A form that visitors without a session may send: about ``thing``, with a nonce of its own."""

    thing: str

    def form_nonce(self) -> str:
        """The nonce of this form."""


def has_session() -> bool:
    """Whether this visitor's browser sent a session, and so keeps the cookie."""
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def session_token() -> str:
    """The session's CSRF token, for a page that is not drawn with a form of its own."""
    return str(generate_csrf())


class _TokenField(CSRFTokenField):
    """Makes a token only where one is shown."""

    csrf_impl: VisitorCSRF

    def process(self, *given: object, **named: object) -> None:
        """Take what was sent."""
        super(CSRFTokenField, self).process(*given, **named)

    def _value(self) -> str:
        return self.current_token or self.csrf_impl.token()


class VisitorCSRF(FlaskForm.Meta.csrf_class):
    """Gives the form of a visitor without a session its own token, and takes it back from all who
    are not signed in: a session may have begun in another tab meanwhile.
    """

    field_class = _TokenField

    def setup_form(self, form: VisitorForm) -> Sequence[tuple[str, UnboundField]]:
        """The token's field."""
        self.form = form
        fields: Sequence[tuple[str, UnboundField]] = super().setup_form(form)
        return fields

    def token(self) -> str:
        """The session's token, or one of the form's own."""
        if has_session():
            return str(self.generate_csrf_token(None))
        secret: str = current_app.config["SECRET_KEY"]
        return issue(secret, self.form.thing, self.form.form_nonce(), now=utc_now())

    def validate_csrf_token(self, form: VisitorForm, field: CSRFTokenField) -> None:
        """Take the form's own token, else the session's; ValidationError for any other."""
        secret: str = current_app.config["SECRET_KEY"]
        sent, nonce = field.data or "", form.form_nonce()
        is_own = is_good(secret, sent, form.thing, nonce, now=utc_now())
        if not is_own or may_be_signed_in():
            super().validate_csrf_token(form, field)
