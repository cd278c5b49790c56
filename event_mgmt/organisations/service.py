"""Organisations: add them and keep them true."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from event_mgmt.audit import differences
from event_mgmt.audit.service import Actor, record
from event_mgmt.core.database import db, transactional
from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Missing
from event_mgmt.organisations import png_image, queries, refusals, rules
from event_mgmt.organisations.models import Logo, Organisation, OrganisationKind, Sector

LOGO_BYTES: Final = 128 * 1024
LOGO_SIDES: Final = (64, 1024)


@dataclass(frozen=True)
class OrganisationDetails:
    """What an organisation says about itself."""

    name: Localized
    short_name: Localized
    initials: str
    accent: str
    country: str
    city: str = ""
    address: str = ""
    website: str = ""
    email: str = ""
    privacy_contact: str = ""
    about: Localized = Localized()  # noqa: RUF009 - immutable
    sector_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class OrganisationStatus:
    """What the platform says about an organisation: its kind, since when, until when, and then."""

    kind: OrganisationKind
    valid_from: date | None = None
    valid_to: date | None = None
    successor_id: int | None = None


@transactional
def add(
    details: OrganisationDetails, status: OrganisationStatus, *, by: Actor, now: datetime
) -> Organisation:
    """Add an organisation. Raises InvalidWebAddress, UnknownAccent, PeriodEndsBeforeStart."""
    taken = db.session.scalars(select(Organisation.slug))
    name = details.short_name.into("en") or details.name.into("en")
    organisation = Organisation(slug=rules.slug_of(name, taken))
    _write_details(organisation, details)
    _write_status(organisation, status)
    db.session.add(organisation)
    db.session.flush()
    facts = differences.as_json({"name": details.name, "kind": status.kind})
    _record("organisation_added", organisation, facts, by=by, now=now)
    return organisation


@transactional
def edit(organisation_id: int, details: OrganisationDetails, *, by: Actor, now: datetime) -> None:
    """Change what an organisation says about itself. Raises InvalidWebAddress, UnknownAccent."""
    organisation = _locked(organisation_id)
    before = _details_of(organisation)
    _write_details(organisation, details)
    changes = differences.between(before, _details_of(organisation))
    if changes:
        _record("organisation_edited", organisation, changes, by=by, now=now)


@transactional
def set_status(
    organisation_id: int, status: OrganisationStatus, *, by: Actor, now: datetime
) -> None:
    """Say what an organisation is, since and until when it exists, and who comes after it.

    Raises PeriodEndsBeforeStart, SuccessorCircle and Missing.
    """
    organisation = _locked(organisation_id)
    before = _status_of(organisation)
    _write_status(organisation, status)
    changes = differences.between(before, _status_of(organisation))
    if changes:
        _record("organisation_edited", organisation, changes, by=by, now=now)


def set_logo(organisation_id: int, content: bytes, *, by: Actor, now: datetime) -> None:
    """Keep a PNG picture as the organisation's logo. Raises UnusableLogo."""
    least, most = LOGO_SIDES
    if len(content) > LOGO_BYTES:
        raise refusals.UnusableLogo
    try:
        picture = png_image.cleaned_png(content, least=least, most=most)
    except png_image.NotPng:
        raise refusals.UnusableLogo from None
    _keep_logo(organisation_id, picture, by=by, now=now)


@transactional
def _keep_logo(organisation_id: int, picture: bytes, *, by: Actor, now: datetime) -> None:
    organisation = _locked(organisation_id)
    name = f"{hashlib.sha256(picture).hexdigest()[:32]}.png"
    if organisation.logo == name:
        return
    if db.session.get(Logo, name) is None:
        db.session.add(Logo(name=name, content=picture))
    _change_logo(organisation, name)
    _record("organisation_logo_changed", organisation, {}, by=by, now=now)


@transactional
def remove_logo(organisation_id: int, *, by: Actor, now: datetime) -> None:
    """Show the initials again."""
    organisation = _locked(organisation_id)
    if organisation.logo:
        _change_logo(organisation, "")
        _record("organisation_logo_removed", organisation, {}, by=by, now=now)


def _change_logo(organisation: Organisation, name: str) -> None:
    former, organisation.logo = organisation.logo, name
    db.session.flush()
    shared = select(Organisation.id).where(Organisation.logo == former).limit(1)
    if former and db.session.scalar(shared) is None:
        unused = db.session.get(Logo, former)
        if unused is not None:
            db.session.delete(unused)


_OWN_FIELDS: Final = (
    "name",
    "short_name",
    "initials",
    "accent",
    "country",
    "city",
    "address",
    "website",
    "email",
    "privacy_contact",
    "about",
)


def _write_details(organisation: Organisation, details: OrganisationDetails) -> None:
    if details.website and not rules.is_web_address(details.website):
        raise refusals.InvalidWebAddress
    if details.accent not in rules.ACCENTS and details.accent != organisation.accent:
        raise refusals.UnknownAccent
    for name in _OWN_FIELDS:
        setattr(organisation, name, getattr(details, name))
    organisation.sectors = queries.rows_by_ids(Sector, details.sector_ids)


def _details_of(organisation: Organisation) -> dict[str, object]:
    own = {name: getattr(organisation, name) for name in _OWN_FIELDS}
    return {**own, "sectors": sorted(sector.code for sector in organisation.sectors)}


def _write_status(organisation: Organisation, status: OrganisationStatus) -> None:
    if not rules.is_period(status.valid_from, status.valid_to):
        raise refusals.PeriodEndsBeforeStart
    if status.successor_id is not None:
        following = select(Organisation.id, Organisation.successor_id)
        rows = db.session.execute(following.where(Organisation.successor_id.is_not(None)))
        successors = {row.id: row.successor_id for row in rows}
        if rules.makes_successor_circle(organisation.id, status.successor_id, successors):
            raise refusals.SuccessorCircle
        if db.session.get(Organisation, status.successor_id) is None:
            raise Missing
    organisation.kind = status.kind
    organisation.valid_from, organisation.valid_to = status.valid_from, status.valid_to
    organisation.successor_id = status.successor_id


def _status_of(organisation: Organisation) -> dict[str, object]:
    names = ("kind", "valid_from", "valid_to", "successor_id")
    return {name: getattr(organisation, name) for name in names}


def _locked(organisation_id: int) -> Organisation:
    query = select(Organisation).where(Organisation.id == organisation_id).with_for_update()
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise Missing
    return found


def _record(
    action: str, organisation: Organisation, changes: dict[str, object], *, by: Actor, now: datetime
) -> None:
    record(
        action,
        by=by,
        now=now,
        subject="organisation",
        subject_id=organisation.id,
        organisation_id=organisation.id,
        changes=changes,
    )
