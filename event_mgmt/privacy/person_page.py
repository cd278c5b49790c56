"""One person: find all that is known, hand it over, erase it.

Each page exists twice: for one organisation's events, and for the whole platform. The address
travels in the body of a POST, never in an address that logs and histories keep.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import current_actor, session_user, viewer
from event_mgmt.accounts.policy import (
    EventParties,
    Right,
    may_manage_platform,
    rights_on_event,
)
from event_mgmt.core.clock import utc_now
from event_mgmt.core.text import fold
from event_mgmt.events.models import Event
from event_mgmt.organisations import queries as organisations
from event_mgmt.privacy import dossier, papers, queries, service
from event_mgmt.privacy.forms import EraseForm, PersonForm
from event_mgmt.privacy.papers import PaperDocument
from event_mgmt.privacy.queries import KnownPerson
from event_mgmt.settings import Settings
from event_mgmt.web import times
from event_mgmt.web.forms import accepted
from event_mgmt.web.locale import current_language

Answer = Response | str | tuple[str, int]
BRAND = "#0f4c75"


def hosts_of(organisation_id: int | None) -> frozenset[int] | None:
    """Whose events are in reach; None for all of them."""
    return None if organisation_id is None else frozenset({organisation_id})


def privacy_url(page: str, organisation_id: int | None) -> str:
    """The address of ``page`` of an organisation, or of the platform."""
    if organisation_id is None:
        return url_for(f"privacy.platform_{page}")
    return url_for(f"privacy.organisation_{page}", organisation_id=organisation_id)


def found(organisation_id: int | None = None) -> Answer:
    """All that is known of whoever is behind the address; that somebody looked is noted."""
    form = PersonForm()
    if not form.validate_on_submit():
        for _field, words in form.problems():
            flash(words, "danger")
        return redirect(privacy_url("overview", organisation_id))
    person = _person(form.address, organisation_id)
    if person.is_known:
        _note("read", person, organisation_id)
    page = render_template(
        "privacy/person.html",
        person=person,
        sections=dossier.sections(
            person, locale=current_language(), shows=_shows, is_for_staff=True
        ),
        organisation=_organisation(organisation_id),
        ways={page: privacy_url(page, organisation_id) for page in ("overview", "file", "erase")},
        is_own=person.account is not None and person.account.id == session_user().id,
    )
    return _private(make_response(page))


def file(organisation_id: int | None = None) -> Answer:
    """The same as a file: to read (PDF) or for machines (JSON)."""
    form = PersonForm()
    if not form.validate_on_submit():
        return redirect(privacy_url("overview", organisation_id))
    person = _person(form.address, organisation_id)
    is_json = request.form.get("format") == "json"
    contents = _json(person) if is_json else papers.pdf_of(_sheet(person, organisation_id))
    _note("taken", person, organisation_id, sha256=hashlib.sha256(contents).hexdigest())
    answer = make_response(contents)
    answer.mimetype = "application/json" if is_json else "application/pdf"
    name = fold(_("Access to data")).replace(" ", "-") + (".json" if is_json else ".pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return _private(answer)


def erase(organisation_id: int | None = None) -> Answer:
    """Ask once more, saying what will go; then erase."""
    form = EraseForm()
    person = _person(form.address, organisation_id)
    if "sure" in request.form or "asked" in request.form:
        by = current_actor()
        if form.validate_on_submit() and accepted(
            form,
            service.erase_person,
            person.address,
            by=by,
            now=utc_now(),
            host_ids=hosts_of(organisation_id),
        ):
            flash(_("Everything about this person is erased."), "ok")
            return redirect(privacy_url("overview", organisation_id))
    page = render_template(
        "privacy/erase.html",
        person=person,
        form=form,
        organisation=_organisation(organisation_id),
        ways={page: privacy_url(page, organisation_id) for page in ("overview", "found", "erase")},
    )
    return _private(make_response(page, 422 if form.errors else 200))


def _person(address: str, organisation_id: int | None) -> KnownPerson:
    return queries.person_behind(address, host_ids=hosts_of(organisation_id))


def _shows(event: Event) -> bool:
    """Sensitive answers: to whoever has the right at the host, and to the platform's own."""
    rights = rights_on_event(viewer(), EventParties(event.host_id))
    return may_manage_platform(viewer()) or Right.SEE_SENSITIVE in rights


def _organisation(organisation_id: int | None) -> Any:
    return None if organisation_id is None else organisations.organisation(organisation_id)


def _note(
    action: str, person: KnownPerson, organisation_id: int | None, *, sha256: str = ""
) -> None:
    by = current_actor()
    service.note_reading(
        action, person.counts(), by=by, now=utc_now(), host_id=organisation_id, sha256=sha256
    )


def _json(person: KnownPerson) -> bytes:
    made = dossier.as_json(person, shows=_shows, now=utc_now())
    return json.dumps(made, ensure_ascii=False, indent=2).encode()


def _sheet(person: KnownPerson, organisation_id: int | None) -> PaperDocument:
    locale, now = current_language(), utc_now()
    organisation = _organisation(organisation_id)
    settings: Settings = current_app.extensions["settings"]
    accents = {event.host.accent: None for event in person.events.values()}
    return PaperDocument(
        locale=locale,
        title=_("Access to data (Art. 15 GDPR)"),
        subject=person.address,
        hosts=organisation.name.into(locale) if organisation else settings.site_name,
        accents=list(accents) or [BRAND],
        taken=_(
            "Made by %(name)s, %(moment)s",
            name=session_user().display_name,
            moment=times.short_datetime(now, times.READERS_ZONE, locale),
        ),
        made_at=now,
        sections=dossier.sections(person, locale=locale, shows=_shows)
        or [papers.PaperSection(_("Nothing is kept"), (_("Nothing is known of this address."),))],
    )


def _private(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
