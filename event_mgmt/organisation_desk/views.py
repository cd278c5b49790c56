"""An organisation's own desk, and its logo for everybody."""

from __future__ import annotations

from typing import Final

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from event_mgmt.accounts.access import ANYONE, current_actor, on_organisation, open_to
from event_mgmt.accounts.policy import OrganisationRight
from event_mgmt.core.clock import utc_now
from event_mgmt.core.sizes import MEGABYTE
from event_mgmt.organisation_desk.blueprint import bp
from event_mgmt.organisation_desk.forms import DetailsForm, LogoForm
from event_mgmt.organisations import queries, service
from event_mgmt.organisations.branding import branding_of
from event_mgmt.web.forms import accepted
from event_mgmt.web.uploads import allow_larger_bodies

_ORGANISATION = "/desk/organisations/<int:organisation_id>"

LOGO_UPLOAD: Final = 12 * MEGABYTE
"""So much a browser may send: more than a logo may be, so that the form itself can say so."""
allow_larger_bodies(bp, "organisation_desk.change_logo", LOGO_UPLOAD)
EDITORS = on_organisation(OrganisationRight.EDIT_ORGANISATION)

Answer = AnyResponse | str | tuple[str, int]


@bp.get("/logos/<name>")
@open_to(ANYONE)
def logo(name: str) -> Response:
    """A logo. Its name changes with its content, so browsers may keep it for good."""
    answer = Response(queries.logo(name), mimetype="image/png")
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


@bp.route(_ORGANISATION, methods=["GET", "POST"])
@open_to(EDITORS, form_checks_csrf=True)
def edit(organisation_id: int) -> Answer:
    """What the organisation says about itself."""
    organisation = queries.organisation(organisation_id)
    form = DetailsForm.of(organisation)
    if form.validate_on_submit() and accepted(
        form, service.edit, organisation_id, form.details(), by=current_actor(), now=utc_now()
    ):
        flash(_("Saved."), "ok")
        return _back(organisation_id)
    status = 422 if form.is_submitted() else 200
    shown = {"organisation": organisation, "badge": branding_of(organisation)}
    return render_template("organisation_desk/edit.html", form=form, **shown), status


@bp.route(f"{_ORGANISATION}/logo", methods=["GET", "POST"])
@open_to(EDITORS, form_checks_csrf=True)
def change_logo(organisation_id: int) -> Answer:
    """Another logo."""
    form = LogoForm()
    if form.validate_on_submit():
        content = form.logo.data.read(service.LOGO_BYTES + 1) if form.logo.data else b""
        kept = accepted(
            form, service.set_logo, organisation_id, content, by=current_actor(), now=utc_now()
        )
        if kept:
            flash(_("The new logo is shown from now on."), "ok")
            return _back(organisation_id)
    organisation = queries.organisation(organisation_id)
    shown = {"organisation": organisation, "badge": branding_of(organisation)}
    return render_template(
        "organisation_desk/logo.html", form=form, most_bytes=service.LOGO_BYTES, **shown
    ), 422 if form.is_submitted() else 200


@bp.post(f"{_ORGANISATION}/logo/remove")
@open_to(EDITORS)
def remove_logo(organisation_id: int) -> Answer:
    """Show the initials again."""
    service.remove_logo(organisation_id, by=current_actor(), now=utc_now())
    flash(_("The initials are shown again."), "ok")
    return _back(organisation_id)


def _back(organisation_id: int) -> AnyResponse:
    return redirect(url_for("organisation_desk.edit", organisation_id=organisation_id))
