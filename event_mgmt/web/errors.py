"""Error pages: no request ends in a bare message, and none in a stack trace."""

from __future__ import annotations

import structlog
from flask import Flask, current_app, g, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response

from event_mgmt.core.database import db
from event_mgmt.core.errors import call_path, error_location, is_disk_full
from event_mgmt.core.refusals import Busy, DiskFull, Missing, Refusal
from event_mgmt.resources import COMMAND
from event_mgmt.web import uploads

log = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Register a page for everything that can go wrong."""
    app.register_error_handler(Missing, _missing)
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(OSError, _system)
    app.register_error_handler(HTTPException, _http)
    if not app.testing:  # a test wants to see the fault itself
        app.register_error_handler(Exception, _fault)
    app.after_request(_set_retry_after)


def error_page(status: int, title: str, words: str) -> Response:
    """An error page that says what happened and what to do."""
    response = make_response(
        render_template("web/error.html", title=title, words=words, status=status), status
    )
    return _set_retry_after(response)


def _set_retry_after(response: Response) -> Response:
    """Tell machines when to try once more; a form that was kept from a busy database, or whose
    body was not read, is no page that went well either.
    """
    if g.get("was_busy"):
        response.status_code = 503
    elif uploads.is_too_large() and response.status_code < 500:
        response.status_code = 413
    if response.status_code == 503:
        response.headers["Retry-After"] = "5"
    return response


def schema_not_current() -> Response:
    """What the operator and everybody else read until the schema is up to date."""
    log.error("schema_not_current", remedy=f"{COMMAND} db upgrade")
    return error_page(
        503,
        _("The system is being prepared"),
        _(
            "The database must be brought up to date first: %(command)s",
            command=f"{COMMAND} db upgrade",
        ),
    )


def _missing(_error: Missing) -> Response:
    return error_page(
        404,
        _("This page does not exist"),
        _("Perhaps the address was cut off on the way. Please check it, or begin at the agenda."),
    )


def _busy(error: Busy) -> Response:
    if isinstance(error, DiskFull):
        return _disk_full(error)
    return error_page(503, _("Please try again in a moment"), str(error))


def _refusal(error: Refusal) -> Response:
    return error_page(409, _("That did not work"), str(error))


def _expired(_error: CSRFError) -> Response:
    return error_page(
        400,
        _("This form has expired"),
        _("Please go back, reload the page and send the form again."),
    )


def _database(error: DBAPIError) -> Response:
    is_full = is_disk_full(error)  # before anything else is asked of the database
    db.session.rollback()
    if is_full:
        return _disk_full(error)
    reason = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", "")
    log.error("database_unavailable", error=type(error.orig).__name__, reason=reason)
    return _busy(Busy())


def _system(error: OSError) -> Response:
    """A disk that takes nothing more is the operator's matter, and passes; the rest is a fault."""
    if not is_disk_full(error):
        if current_app.testing:
            raise error
        return _fault(error)
    db.session.rollback()
    return _disk_full(error)


def _disk_full(error: Exception) -> Response:
    log.error("disk_full", where=error_location(error))
    return error_page(503, _("Please try again later"), str(DiskFull()))


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return error.get_response()
    if isinstance(error, SecurityError):  # a Host that is not ours: our pages have no address there
        return Response("This host is not served here.\n", 400, mimetype="text/plain")
    if error.code == 404:
        return _missing(Missing())
    titles = {
        400: (_("This request could not be read"), _("Please go back and try once more.")),
        405: (_("This page does not exist"), _("Please begin at the agenda.")),
        413: (_("This is too much"), _too_much()),
        429: (_("Too many attempts"), _("Please wait a few minutes and try again.")),
    }
    title, words = titles.get(
        error.code, (_("That did not work"), _("Please go back and try once more."))
    )
    return error_page(error.code, title, words)


def _too_much() -> str:
    most = request.max_content_length or current_app.config["MAX_CONTENT_LENGTH"]
    return _(
        "What was sent is larger than this page takes: at most %(size)s. Please go back: your"
        " browser still has what you have typed.",
        size=uploads.size_text(most),
    )


def _fault(error: Exception) -> Response:
    db.session.rollback()
    log.error("fault", error=type(error).__name__, where=call_path(error))
    return error_page(
        500,
        _("Something went wrong on our side"),
        _("Nothing was changed. The fault has been noted; please try again later."),
    )
