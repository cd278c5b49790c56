"""Headers, CSRF and limits that hold for every page."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator
from typing import Final

from flask import Flask, Response, current_app, g, request, session
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from event_mgmt.web import uploads

csrf = CSRFProtect()

_CSP: Final = (
    "default-src 'none'; script-src {script}; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def csp_nonce() -> str:
    """This request's nonce for scripts."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def check_csrf() -> None:
    """Check the CSRF token of every changing request, unless the view's form does that itself."""
    if request.method in _SAFE or request.endpoint is None:
        return
    view = current_app.view_functions.get(request.endpoint)
    checks_itself = getattr(view, "form_checks_csrf", False)
    try:
        csrf.protect()
    except CSRFError:
        if not checks_itself:
            raise
    except RequestEntityTooLarge:
        if not checks_itself:
            raise
        uploads.discard_body()


def refuse_nul() -> None:
    """Refuse a request with a NUL in its address or fields: no text has one.

    PostgreSQL takes it in no column and no comparison; SQLite takes it and cuts texts off there.
    """
    sent = [request.path, *_words(request.args)]
    if request.method not in _SAFE:
        names = [file.filename or "" for _n, file in request.files.items(multi=True)]
        sent += [*_words(request.form), *names]
    if any("\0" in word for word in sent):
        raise BadRequest


def _words(sent: MultiDict[str, str]) -> Iterator[str]:
    return itertools.chain.from_iterable(sent.items(multi=True))


def add_headers(response: Response) -> Response:
    """Harden one response (OWASP Secure Headers)."""
    script = f"'self' 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else "'self'"
    wanted = {**_HEADERS, "Content-Security-Policy": _CSP.format(script=script)}
    if current_app.extensions["settings"].is_https:
        wanted["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if _is_personal() or response.mimetype != "text/html":
        wanted["Cache-Control"] = "private, no-store"
    own = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - its items are pairs
    for name, value in wanted.items():
        if name.lower() not in own:
            response.headers.add(name, value)
    return response


def _is_personal() -> bool:
    """Whether the answer belongs to one browser: it has a session, or begins one."""
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies or session.modified


def init_app(app: Flask) -> None:
    """Attach the checks and headers."""
    csrf.init_app(app)
    app.before_request(check_csrf)
    app.before_request(refuse_nul)
    app.after_request(add_headers)
