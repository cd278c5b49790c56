"""The platform's desk: all organisations, sectors and agreements."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import PLATFORM, current_actor, open_to
from event_mgmt.core.clock import utc_now
from event_mgmt.organisation_desk.blueprint import bp
from event_mgmt.organisation_desk.forms import (
    AgreementForm,
    NewOrganisationForm,
    OrganisationStatusForm,
    SectorForm,
)
from event_mgmt.organisations import agreements, queries, rules, sectors, service
from event_mgmt.organisations.branding import branding_of
from event_mgmt.organisations.models import OrganisationKind
from event_mgmt.web.forms import Form, accepted
from event_mgmt.web.locale import current_language

_PLATFORM = "/desk/platform"

Answer = Response | str | tuple[str, int]


@bp.get(_PLATFORM)
@open_to(PLATFORM)
def platform() -> Answer:
    """Everything there is."""
    organisations = queries.organisations()
    return render_template(
        "organisation_desk/platform.html",
        organisations=[(o, branding_of(o), _is_former(o.valid_to)) for o in organisations],
        sectors=queries.sectors(current_language()),
        agreements=queries.agreements(),
    )


@bp.route(f"{_PLATFORM}/organisations/new", methods=["GET", "POST"])
@open_to(PLATFORM, form_checks_csrf=True)
def add_organisation() -> Answer:
    """A new organisation; the next step is to invite its first administrator."""
    accent = rules.least_used_accent(o.accent for o in queries.organisations())
    form = NewOrganisationForm(accent=accent, country="DE", kind=OrganisationKind.CLUSTER.value)
    if form.validate_on_submit():
        added = accepted(
            form,
            service.add,
            form.details(),
            form.organisation_status(),
            by=current_actor(),
            now=utc_now(),
        )
        if added:
            flash(_("Added. Now invite its first administrator."), "ok")
            return redirect(url_for("accounts.invite_member", organisation_id=added.value.id))
    return _page("organisation_desk/new.html", form)


@bp.route(f"{_PLATFORM}/organisations/<int:organisation_id>", methods=["GET", "POST"])
@open_to(PLATFORM, form_checks_csrf=True)
def edit_status(organisation_id: int) -> Answer:
    """Kind, first and last day, and who comes after."""
    organisation = queries.organisation(organisation_id)
    form = OrganisationStatusForm.of(organisation)
    if form.validate_on_submit() and accepted(
        form,
        service.set_status,
        organisation_id,
        form.organisation_status(),
        by=current_actor(),
        now=utc_now(),
    ):
        return _saved()
    return _page("organisation_desk/status.html", form, organisation=organisation)


@bp.route(f"{_PLATFORM}/sectors/new", methods=["GET", "POST"])
@open_to(PLATFORM, form_checks_csrf=True)
def add_sector() -> Answer:
    """A new sector."""
    form = SectorForm()
    if form.validate_on_submit() and accepted(
        form, sectors.add, form.localized(), by=current_actor(), now=utc_now()
    ):
        return _saved()
    return _page("organisation_desk/sector.html", form, sector=None)


@bp.route(f"{_PLATFORM}/sectors/<int:sector_id>", methods=["GET", "POST"])
@open_to(PLATFORM, form_checks_csrf=True)
def rename_sector(sector_id: int) -> Answer:
    """Other names for a sector."""
    sector = queries.sector(sector_id)
    form = SectorForm(name=sector.name)
    if form.validate_on_submit() and accepted(
        form, sectors.rename, sector_id, form.localized(), by=current_actor(), now=utc_now()
    ):
        return _saved()
    return _page("organisation_desk/sector.html", form, sector=sector)


@bp.route(f"{_PLATFORM}/agreements/new", methods=["GET", "POST"])
@open_to(PLATFORM, form_checks_csrf=True)
def add_agreement() -> Answer:
    """A new cooperation agreement."""
    form = AgreementForm()
    if form.validate_on_submit() and accepted(
        form, agreements.add, form.terms(), by=current_actor(), now=utc_now()
    ):
        return _saved()
    return _page("organisation_desk/agreement.html", form, agreement=None)


@bp.route(f"{_PLATFORM}/agreements/<int:agreement_id>", methods=["GET", "POST"])
@open_to(PLATFORM, form_checks_csrf=True)
def edit_agreement(agreement_id: int) -> Answer:
    """Another title, day, place or party."""
    agreement = queries.agreement(agreement_id)
    form = AgreementForm.of(agreement)
    if form.validate_on_submit() and accepted(
        form, agreements.edit, agreement_id, form.terms(), by=current_actor(), now=utc_now()
    ):
        return _saved()
    return _page("organisation_desk/agreement.html", form, agreement=agreement)


def _is_former(valid_to: date | None) -> bool:
    return valid_to is not None and valid_to < utc_now().date()


def _page(template: str, form: Form, **values: object) -> tuple[str, int]:
    status = 422 if form.is_submitted() else 200
    return render_template(template, form=form, **values), status


def _saved() -> Response:
    flash(_("Saved."), "ok")
    return redirect(url_for("organisation_desk.platform"))
