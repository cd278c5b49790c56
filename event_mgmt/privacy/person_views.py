"""One person: find all that is known, hand it over, erase it.

Each page exists twice: for one organisation's events, and for the whole platform. The address
travels in the body of a POST, never in an address that logs and histories keep.
"""

from __future__ import annotations

import hashlib
import json
from typing import Final

from flask import current_app, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import (
    PLATFORM,
    current_actor,
    on_organisation,
    open_to,
    session_user,
    viewer,
)
from event_mgmt.accounts.policy import (
    EventParties,
    OrganisationRight,
    Right,
    may_manage_platform,
    rights_on_event,
)
from event_mgmt.core.clock import utc_now
from event_mgmt.core.text import fold
from event_mgmt.privacy import papers, service
from event_mgmt.privacy.blueprint import bp
from event_mgmt.privacy.dossier import Dossier, dossier_of
from event_mgmt.privacy.forms import EraseForm, PersonForm
from event_mgmt.privacy.papers import PaperDocument
from event_mgmt.privacy.scope import EVERYWHERE, PrivacyScope
from event_mgmt.settings import Settings
from event_mgmt.web import times
from event_mgmt.web.forms import accepted
from event_mgmt.web.locale import current_language

BRAND: Final = "#0f4c75"

_PROTECT: Final = on_organisation(OrganisationRight.PROTECT_DATA)


@bp.post("/desk/organisations/<int:organisation_id>/privacy/person")
@open_to(_PROTECT)
def organisation_found(organisation_id: int) -> Response:
    """What an organisation knows of whoever is behind the address."""
    return _found(PrivacyScope(organisation_id))


@bp.post("/desk/platform/privacy/person")
@open_to(PLATFORM)
def platform_found() -> Response:
    """All that is known of whoever is behind the address."""
    return _found(EVERYWHERE)


@bp.post("/desk/organisations/<int:organisation_id>/privacy/person/file")
@open_to(_PROTECT)
def organisation_file(organisation_id: int) -> Response:
    """What an organisation knows, as a file."""
    return _file(PrivacyScope(organisation_id))


@bp.post("/desk/platform/privacy/person/file")
@open_to(PLATFORM)
def platform_file() -> Response:
    """All that is known, as a file."""
    return _file(EVERYWHERE)


@bp.post("/desk/organisations/<int:organisation_id>/privacy/person/erase")
@open_to(_PROTECT)
def organisation_erase(organisation_id: int) -> Response:
    """Erase at an organisation's events."""
    return _erase(PrivacyScope(organisation_id))


@bp.post("/desk/platform/privacy/person/erase")
@open_to(PLATFORM)
def platform_erase() -> Response:
    """Erase everywhere, with the account."""
    return _erase(EVERYWHERE)


def _found(scope: PrivacyScope) -> Response:
    """All that is known of whoever is behind the address; that somebody looked is noted."""
    form = PersonForm()
    if not form.validate_on_submit():
        for _field, words in form.problems():
            flash(words, "danger")
        return redirect(scope.url("overview"))
    dossier = _dossier(form.address, scope)
    if dossier.is_known:
        _note("read", dossier, scope)
    page = render_template(
        "privacy/person.html",
        dossier=dossier,
        sections=dossier.sections(is_for_staff=True),
        organisation=scope.organisation(),
        ways={page: scope.url(page) for page in ("overview", "file", "erase")},
        is_own=dossier.is_about_account(session_user().id),
    )
    return _private(make_response(page))


def _file(scope: PrivacyScope) -> Response:
    """The same as a file: to read (PDF) or for machines (JSON)."""
    form = PersonForm()
    if not form.validate_on_submit():
        return redirect(scope.url("overview"))
    dossier = _dossier(form.address, scope)
    is_json = request.form.get("format") == "json"
    contents = _json(dossier) if is_json else papers.pdf_of(_sheet(dossier, scope))
    _note("taken", dossier, scope, sha256=hashlib.sha256(contents).hexdigest())
    answer = make_response(contents)
    answer.mimetype = "application/json" if is_json else "application/pdf"
    name = fold(_("Access to data")).replace(" ", "-") + (".json" if is_json else ".pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return _private(answer)


def _erase(scope: PrivacyScope) -> Response:
    """Ask once more, saying what will go; then erase."""
    form = EraseForm()
    dossier = _dossier(form.address, scope)
    if ("sure" in request.form or "asked" in request.form) and _is_erased(form, dossier, scope):
        flash(_("Everything about this person is erased."), "ok")
        return redirect(scope.url("overview"))
    page = render_template(
        "privacy/erase.html",
        dossier=dossier,
        form=form,
        organisation=scope.organisation(),
        ways={page: scope.url(page) for page in ("overview", "found", "erase")},
    )
    return _private(make_response(page, 422 if form.errors else 200))


def _is_erased(form: EraseForm, dossier: Dossier, scope: PrivacyScope) -> bool:
    """Erase, if it was confirmed and nothing speaks against it; the form tells what does."""
    by = current_actor()
    return form.validate_on_submit() and bool(
        accepted(
            form,
            service.erase_person,
            dossier.address,
            by=by,
            now=utc_now(),
            host_ids=scope.host_ids,
        )
    )


def _dossier(address: str, scope: PrivacyScope) -> Dossier:
    return dossier_of(
        address,
        host_ids=scope.host_ids,
        locale=current_language(),
        sees_sensitive=_sees_sensitive,
    )


def _sees_sensitive(host_id: int) -> bool:
    """Sensitive answers: to whoever has the right at the host, and to the platform's own."""
    rights = rights_on_event(viewer(), EventParties(host_id))
    return may_manage_platform(viewer()) or Right.SEE_SENSITIVE in rights


def _note(action: str, dossier: Dossier, scope: PrivacyScope, *, sha256: str = "") -> None:
    service.note_reading(
        action,
        dossier.counts,
        by=current_actor(),
        now=utc_now(),
        host_id=scope.organisation_id,
        sha256=sha256,
    )


def _json(dossier: Dossier) -> bytes:
    return json.dumps(dossier.as_json(now=utc_now()), ensure_ascii=False, indent=2).encode()


def _sheet(dossier: Dossier, scope: PrivacyScope) -> PaperDocument:
    locale, now = current_language(), utc_now()
    organisation = scope.organisation()
    settings: Settings = current_app.extensions["settings"]
    accents = {event.host.accent: None for event in dossier.events.values()}
    return PaperDocument(
        locale=locale,
        title=_("Access to data (Art. 15 GDPR)"),
        subject=dossier.address,
        hosts=organisation.name.into(locale) if organisation else settings.site_name,
        accents=list(accents) or [BRAND],
        taken=_(
            "Made by %(name)s, %(moment)s",
            name=session_user().display_name,
            moment=times.short_datetime(now, times.READERS_ZONE, locale),
        ),
        made_at=now,
        sections=dossier.sections()
        or [papers.PaperSection(_("Nothing is kept"), (_("Nothing is known of this address."),))],
    )


def _private(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
