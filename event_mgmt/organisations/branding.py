"""Organisations as pages show them: a name and a colour, a logo or initials."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, url_for

from event_mgmt.organisations.models import Organisation
from event_mgmt.web.locale import current_language


@dataclass(frozen=True)
class Branding:
    """One organisation in the reader's language."""

    name: str
    short_name: str
    accent: str
    initials: str
    logo_url: str | None = None
    url: str | None = None
    role: str = ""


def branding_of(organisation: Organisation, *, role: str = "") -> Branding:
    """The badge of ``organisation``; ``role`` says what it is here, such as "Host"."""
    locale = current_language()
    name = organisation.name.into(locale)
    has_logo = organisation.logo and "organisation_desk.logo" in current_app.view_functions
    return Branding(
        name=name,
        short_name=organisation.short_name.into(locale) or name,
        accent=organisation.accent,
        initials=organisation.initials,
        logo_url=url_for("organisation_desk.logo", name=organisation.logo) if has_logo else None,
        url=organisation.website or None,
        role=role,
    )
