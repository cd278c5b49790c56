"""How the pages of this room answer a form."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from event_mgmt.accounts.refusals import TooManyAttempts
from event_mgmt.core.refusals import Refusal
from event_mgmt.web.forms import Form

Answer = Response | str | tuple[str, int] | tuple[str, int, dict[str, str]]


def page(template: str, form: Form, **values: object) -> tuple[str, int]:
    """The form's page: as it stands, or with its errors."""
    status = 422 if form.is_submitted() else 200
    return render_template(template, form=form, **values), status


def refused(template: str, form: Form, refusal: Refusal, **values: object) -> Answer:
    """The form's page with what a service refused; 429 where there were too many tries."""
    form.refuse(refusal)
    if isinstance(refusal, TooManyAttempts):
        return render_template(template, form=form, **values), 429, {"Retry-After": "900"}
    return render_template(template, form=form, **values), 422
