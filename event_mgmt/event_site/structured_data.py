"""Events for search engines (schema.org Event, as JSON-LD)."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from event_mgmt.core.links import public_url
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.events.registration_phase import RegistrationPhase
from event_mgmt.organisations.models import Organisation

_SCHEMA: Final = "https://schema.org/"
_AVAILABILITY: Final = {
    RegistrationPhase.OPEN: "InStock",
    RegistrationPhase.APPLY: "InStock",
    RegistrationPhase.WAITING_LIST: "SoldOut",
    RegistrationPhase.FULL: "SoldOut",
    RegistrationPhase.NOT_YET: "PreOrder",
}


def event_data(event: Event, state: RegistrationPhase, *, locale: str) -> dict[str, object]:
    """``event`` in the words of schema.org; the way into an online event is left out."""
    zone = ZoneInfo(event.time_zone)
    data: dict[str, object] = {
        "@context": _SCHEMA.rstrip("/"),
        "@type": "Event",
        "name": event.title.into(locale),
        "description": event.summary.into(locale),
        "url": public_url("event_site.event", slug=event.slug),
        "startDate": event.starts_at.astimezone(zone).isoformat(),
        "endDate": event.ends_at.astimezone(zone).isoformat(),
        "eventStatus": _SCHEMA + _status(event),
        "eventAttendanceMode": _SCHEMA + _mode(event),
        "inLanguage": event.languages,
        "location": _location(event),
        "organizer": [_organisation(body, locale) for body in event.hosts],
    }
    if event.postponed_from is not None:
        data["previousStartDate"] = event.postponed_from.astimezone(zone).isoformat()
    if state in _AVAILABILITY:
        data["offers"] = _offer(event, state)
    return {key: value for key, value in data.items() if value}


def _status(event: Event) -> str:
    if event.status is EventStatus.CANCELLED:
        return "EventCancelled"
    if event.status is EventStatus.POSTPONED:
        return "EventPostponed"
    return "EventRescheduled" if event.postponed_from is not None else "EventScheduled"


def _has_place(event: Event) -> bool:
    return bool(event.venue_name or event.city)


def _mode(event: Event) -> str:
    if not event.online_url:
        return "OfflineEventAttendanceMode"
    return "MixedEventAttendanceMode" if _has_place(event) else "OnlineEventAttendanceMode"


def _location(event: Event) -> list[dict[str, object]]:
    places: list[dict[str, object]] = []
    if _has_place(event):
        address = {
            "@type": "PostalAddress",
            "streetAddress": event.venue_address,
            "addressLocality": event.city,
            "addressCountry": event.country,
        }
        places.append(
            {
                "@type": "Place",
                "name": event.venue_name or event.city,
                "address": {key: value for key, value in address.items() if value},
            }
        )
    if event.online_url:
        url = public_url("event_site.event", slug=event.slug)
        places.append({"@type": "VirtualLocation", "url": url})
    return places


def _organisation(body: Organisation, locale: str) -> dict[str, object]:
    made: dict[str, object] = {"@type": "Organization", "name": body.name.into(locale)}
    return {**made, "url": body.website} if body.website else made


def _offer(event: Event, state: RegistrationPhase) -> dict[str, object]:
    offer: dict[str, object] = {
        "@type": "Offer",
        "url": public_url("event_site.event", slug=event.slug),
        "availability": _SCHEMA + _AVAILABILITY[state],
    }
    if not event.fee_note:
        offer |= {"price": "0", "priceCurrency": "EUR"}
    if event.registration_opens_at is not None:
        offer["validFrom"] = event.registration_opens_at.isoformat()
    return offer
