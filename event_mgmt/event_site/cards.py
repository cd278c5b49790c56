"""Events as the agenda shows them: everything in the reader's language, ready to draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from babel import Locale
from flask import url_for
from flask_babel import gettext as _, ngettext

from event_mgmt.event_site.list_queries import ListedEvent
from event_mgmt.events.enum_labels import KIND_ICONS
from event_mgmt.events.enums import EventKind
from event_mgmt.events.registration_phase import PoolState, RegistrationPhase, RegistrationTerms
from event_mgmt.organisations.branding import Branding, branding_of
from event_mgmt.web import times
from event_mgmt.web.enum_labels import Tone, enum_label
from event_mgmt.web.lang_text import LangText, lang_text


@dataclass(frozen=True)
class Tag:
    """A state in one or two words."""

    label: str
    tone: Tone


@dataclass(frozen=True)
class SeatLine:
    """How full an event is, in words and as a bar."""

    taken: int
    capacity: int
    label: str
    tone: Tone | None = None


@dataclass(frozen=True)
class CardAction:
    """A link that looks like a button: what the reader does next."""

    label: str
    url: str
    primary: bool


@dataclass(frozen=True)
class Card:
    """One event in a list."""

    url: str
    title: LangText
    kind_label: str
    kind_icon: str
    date_badge: times.DateBadge
    hosts: list[Branding]
    facts: list[tuple[str, str]]
    is_off: bool
    tag: Tag | None
    seats: SeatLine | None
    action: CardAction | None


def card(event: ListedEvent, *, now: datetime, locale: str) -> Card:
    """``event`` as a card."""
    state = event.registration.phase(now=now)
    return Card(
        url=url_for("event_site.event", slug=event.slug),
        title=lang_text(event.title, locale),
        kind_label=enum_label(event.kind),
        kind_icon=KIND_ICONS[event.kind],
        date_badge=times.date_badge(
            event.starts_at, event.ends_at, event.time_zone, locale, is_off=state.is_off
        ),
        hosts=[branding_of(host) for host in event.hosts],
        facts=_facts(event, locale),
        is_off=state is RegistrationPhase.CANCELLED,
        tag=tag(state, event.registration.terms, locale),
        seats=seat_line(state, event.registration.general),
        action=action(state, event.kind, event.slug),
    )


def language_names(codes: list[str], locale: str) -> str:
    """The event's languages, such as "Deutsch, Slowenisch" or "Nemščina, slovenščina"."""
    names = Locale(locale).languages
    return capitalised(", ".join(str(names.get(code, code)) for code in codes))


def capitalised(text: str) -> str:
    """``text`` with a capital, as it begins a line."""
    return text[:1].upper() + text[1:]


def _facts(event: ListedEvent, locale: str) -> list[tuple[str, str]]:
    first, last = times.first_and_last_day(event.starts_at, event.ends_at, event.time_zone)
    length = (last - first).days + 1
    when = (
        ("clock", times.hours(event.starts_at, event.ends_at, event.time_zone, locale))
        if length == 1
        else ("calendar-days", ngettext("%(num)d day", "%(num)d days", length))
    )
    place = ", ".join(part for part in (event.city, event.venue_name) if part)
    facts = [when]
    if place:
        facts.append(("map-pin", place))
    elif event.is_online:
        facts.append(("video", _("Online")))
    if event.languages:
        facts.append(("languages", language_names(event.languages, locale)))
    return facts


def tag(state: RegistrationPhase, terms: RegistrationTerms, locale: str) -> Tag | None:
    """The word that must not be missed: off, full, by invitation, not open yet."""
    if state is RegistrationPhase.NOT_YET and terms.opens_at is not None:
        day = times.date_within(terms.opens_at, locale, terms.time_zone)
        return Tag(_("Registration from %(day)s", day=day), "neutral")
    tags: dict[RegistrationPhase, Tag] = {
        RegistrationPhase.CANCELLED: Tag(_("Cancelled"), "danger"),
        RegistrationPhase.POSTPONED: Tag(_("Postponed"), "warn"),
        RegistrationPhase.WAITING_LIST: Tag(_("Waiting list"), "warn"),
        RegistrationPhase.FULL: Tag(_("Fully booked"), "warn"),
        RegistrationPhase.CLOSED: Tag(_("Registration closed"), "neutral"),
        RegistrationPhase.INVITATION: Tag(_("By invitation"), "neutral"),
        RegistrationPhase.RUNNING: Tag(_("Under way"), "brand"),
    }
    return tags.get(state)


def seat_line(state: RegistrationPhase, seats: PoolState) -> SeatLine | None:
    """The seats left, while that is of use to guests; without a bar where it would be empty."""
    if seats.capacity == 0:
        return None
    if state is RegistrationPhase.APPLY:
        # The seats of those accepted would tell little of how many asked.
        return SeatLine(0, 0, _places(seats.capacity))
    if state in {RegistrationPhase.OPEN, RegistrationPhase.NOT_YET}:
        if seats.taken == 0:
            return SeatLine(0, 0, _places(seats.capacity))
        label = ngettext(
            "%(num)d of %(total)d places left",
            "%(num)d of %(total)d places left",
            seats.free,
            total=seats.capacity,
        )
        return SeatLine(seats.taken, seats.capacity, label, "warn" if seats.are_few else None)
    if state in {RegistrationPhase.WAITING_LIST, RegistrationPhase.FULL}:
        label = ngettext(
            "The %(num)d place is taken", "All %(num)d places are taken", seats.capacity
        )
        return SeatLine(seats.capacity, seats.capacity, label, "warn")
    return None


def _places(capacity: int) -> str:
    return ngettext("%(num)d place", "%(num)d places", capacity)


def action(
    state: RegistrationPhase, kind: EventKind, slug: str, *, pool: str | None = None
) -> CardAction | None:
    """The button towards the form, where there is one to fill in."""
    if not state.takes_guests:
        return None
    label = _("Register")
    if state is RegistrationPhase.APPLY:
        is_journey = kind is EventKind.TRADE_DELEGATION
        label = _("Apply") if is_journey else _("Request a place")
    elif state is RegistrationPhase.WAITING_LIST:
        label = _("Join the waiting list")
    url = url_for("registrations.register", slug=slug, pool=pool)
    return CardAction(label, url, primary=state is not RegistrationPhase.WAITING_LIST)
