"""Today, and one event at a glance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, render_template
from flask_babel import gettext as _

from event_mgmt.accounts.access import SIGNED_IN, may, on_event, open_to, viewer
from event_mgmt.accounts.policy import (
    OrganisationRight,
    Right,
    may_administer,
    rights_on_organisation,
)
from event_mgmt.core.clock import utc_now
from event_mgmt.core.links import public_url
from event_mgmt.dashboard import queries, todo
from event_mgmt.events.enums import PartnerStatus
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.events.queries import with_right
from event_mgmt.mail import outbox_hold
from event_mgmt.messaging.timeline import timeline_of
from event_mgmt.organisations.branding import Branding, branding_of
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.templating import country_name
from event_mgmt.web.times import READERS_ZONE

bp = Blueprint("dashboard", __name__)


@bp.get("/desk/")
@open_to(SIGNED_IN)
def home() -> str:
    """Today: what needs doing, what comes next, who registered last."""
    now, asks = utc_now(), viewer()
    events = queries.visible_events(asks, now=now)
    listed = set(with_right(asks, events, Right.SEE_ATTENDEES))
    whole = [e.id for e in events if e.id in listed and queries.sees_everybody(asks, e)]
    return render_template(
        "dashboard/home.html",
        today=now,
        tasks=todo.of_events(asks, events, now=now),
        events=events[:6],
        hosts={event.id: _hosts(event) for event in events[:6]},
        news=queries.new_by_event(whole, since=now - timedelta(days=7)),
        exports=set(with_right(asks, events, Right.EXPORT_ATTENDEES)),
        latest=queries.latest_registrations(whole, most=8),
        titles={event.id: event for event in events},
        held_since=outbox_hold.held_since() if may_administer(asks) else None,
        zone=READERS_ZONE,
        may_create=any(
            OrganisationRight.CREATE_EVENTS in rights_on_organisation(asks, organisation_id)
            for organisation_id in asks.organisation_ids
        ),
    )


@bp.get("/desk/events/<int:event_id>/")
@open_to(on_event(Right.SEE_EVENT))
def overview(event: Event) -> str:
    """One event at a glance: numbers, to-do, what goes out when, who comes from where."""
    now, asks = utc_now(), viewer()
    everybody = queries.sees_everybody(asks, event)
    growth = queries.growth_of(event, asks, now=now) if everybody else []
    countries = queries.countries_of(event.id) if everybody else []
    return render_template(
        "dashboard/overview.html",
        event=event,
        host_rows=list(_host_rows(event)),
        tasks=todo.of_events(asks, [event], now=now),
        numbers=queries.figures_of(event) if everybody else None,
        country_rows=[{"label": country_name(c) or "–", "value": n} for c, n in countries],
        growth_points=[
            {"label": f"{p.day.day}. {p.day.month}.", "value": p.people} for p in growth
        ],
        timeline=timeline_of(event, now=now) if may(Right.SEE_MESSAGES) else [],
        public_link=public_url("event_site.event", slug=event.slug),
    )


@dataclass(frozen=True)
class HostRow:
    """A host of one event with its seats; ``tag`` while a co-host has not accepted."""

    badge: Branding
    pool: SeatPool | None
    tag: PartnerStatus | None = None


def _host_rows(event: Event) -> Iterator[HostRow]:
    pools = {pool.organisation_id: pool for pool in event.pools}
    yield HostRow(branding_of(event.host, role=_("Host")), pools.get(None))
    for partner in event.partners:
        accepted = partner.status is PartnerStatus.ACCEPTED
        yield HostRow(
            branding_of(partner.organisation, role=enum_label(partner.attendee_access)),
            pools.get(partner.organisation_id),
            None if accepted else partner.status,
        )


def _hosts(event: Event) -> list[Branding]:
    return [branding_of(organisation) for organisation in event.hosts]
