"""The partners as a page: who they are, what they agreed upon, what they plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from event_mgmt.core.clock import wall_clock
from event_mgmt.event_site import list_queries
from event_mgmt.organisations import queries as organisation_queries
from event_mgmt.organisations.branding import Branding, branding_of
from event_mgmt.organisations.models import Organisation, OrganisationKind
from event_mgmt.web import times
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.lang_text import LangText, lang_text
from event_mgmt.web.templating import country_name


@dataclass(frozen=True)
class PartnerCard:
    """One organisation with what it does and how many events it has ahead."""

    slug: str
    badge: Branding
    kind: str
    place: str
    about: LangText
    sectors: str
    upcoming: int


@dataclass(frozen=True)
class AgreementCard:
    """One cooperation agreement."""

    id: int
    title: LangText
    day: str
    place: str
    parties: list[Branding]


@dataclass(frozen=True)
class Controller:
    """A body that answers for what happens to its guests' data, and how one reaches it."""

    badge: Branding
    address: str
    email: str
    privacy_contact: str


@dataclass(frozen=True)
class PartnersPage:
    """All that the partners' page shows."""

    partners: list[PartnerCard]
    agreements: list[AgreementCard]


def partners_page(*, locale: str, now: datetime) -> PartnersPage:
    """The organisations that may host, with their events to come, and all agreements."""
    upcoming = list_queries.upcoming_of_hosts(now=now)
    return PartnersPage(
        partners=[_partner(body, upcoming.get(body.id, 0), locale) for body in _bodies(now)],
        agreements=[
            AgreementCard(
                id=agreement.id,
                title=lang_text(agreement.title, locale),
                day=times.date_within(agreement.signed_on, locale),
                place=agreement.place,
                parties=[branding_of(party) for party in agreement.parties],
            )
            for agreement in organisation_queries.agreements()
        ],
    )


def controllers(*, now: datetime) -> Iterator[Controller]:
    """Everybody who can be responsible for an event."""
    for body in _bodies(now):
        yield Controller(branding_of(body), _place(body), body.email, body.privacy_contact)


def _bodies(now: datetime) -> Iterator[Organisation]:
    """Whoever hosts events; companies are guests."""
    today = wall_clock(now, times.READERS_ZONE).date()
    for body in organisation_queries.organisations_active(today):
        if body.kind is not OrganisationKind.COMPANY:
            yield body


def _partner(body: Organisation, upcoming: int, locale: str) -> PartnerCard:
    return PartnerCard(
        slug=body.slug,
        badge=branding_of(body),
        kind=enum_label(body.kind),
        place=", ".join(part for part in (body.city, country_name(body.country, locale)) if part),
        about=lang_text(body.about, locale),
        sectors=", ".join(sector.name.into(locale) for sector in body.sectors),
        upcoming=upcoming,
    )


def _place(body: Organisation) -> str:
    parts = (body.address, body.city if body.city not in body.address else "")
    return ", ".join(part for part in (*parts, country_name(body.country)) if part)
