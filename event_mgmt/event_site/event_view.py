"""One event as its page shows it: every text in the reader's language, ready to draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from flask import url_for
from flask_babel import gettext as _, lazy_gettext as _l
from markupsafe import Markup

from event_mgmt.core.clock import wall_clock
from event_mgmt.event_site import cards
from event_mgmt.events import key_facts
from event_mgmt.events.enum_labels import KIND_ICONS
from event_mgmt.events.enums import EventStatus, PartnerStatus
from event_mgmt.events.fields import LOCALIZED_FIELDS
from event_mgmt.events.key_facts import KeyFact
from event_mgmt.events.models import Event, ProgrammeItem
from event_mgmt.organisations.branding import Branding, branding_of
from event_mgmt.settings import LOCALES
from event_mgmt.web import rich_text, times
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.lang_text import LangText, foreign_lang, lang_text

_ONLY_IN: Final = {
    "de": _l("Some texts of this page are available in German only."),
    "sl": _l("Some texts of this page are available in Slovenian only."),
    "en": _l("Some texts of this page are available in English only."),
}


@dataclass(frozen=True)
class ProgrammePoint:
    """One point of the programme."""

    when: str
    iso: str
    title: LangText
    text: LangText
    place: str
    speakers: str


@dataclass(frozen=True)
class ProgrammeDay:
    """The programme of one day; ``label`` is empty where there is only one."""

    label: str
    items: list[ProgrammePoint]


@dataclass(frozen=True)
class AgreementLine:
    """The agreement under which the hosts act together."""

    title: LangText
    day: str
    url: str


@dataclass(frozen=True)
class EventView:
    """An event's page, but for the seats and whether one can register.

    ``texts`` are the localized fields by name, for what stands on the page as it was written.
    """

    slug: str
    title: LangText
    summary: LangText
    kind_label: str
    kind_icon: str
    when: times.EventTimes
    hosts: list[Branding]
    facts: list[KeyFact]
    description: Markup
    description_language: str
    texts: Mapping[str, LangText]
    programme: list[ProgrammeDay]
    zone_hint: str
    agreement: AgreementLine | None
    sectors: list[str]
    only_in: str
    cancel_reason: LangText
    planned_before: str


def event_view(event: Event, *, locale: str) -> EventView:
    """``event`` (with hosts, programme, sectors and agreement at hand) for readers of ``locale``.

    The desk shows drafts by it as well.
    """
    zone = event.time_zone
    is_off = event.status in {EventStatus.CANCELLED, EventStatus.POSTPONED}
    return EventView(
        slug=event.slug,
        title=lang_text(event.title, locale),
        summary=lang_text(event.summary, locale),
        kind_label=enum_label(event.kind),
        kind_icon=KIND_ICONS[event.kind],
        when=times.event_times(event.starts_at, event.ends_at, zone, locale, is_off=is_off),
        hosts=list(_hosts(event)),
        facts=list(_facts(event, locale)),
        description=rich_text.html_of(event.description.into(locale)),
        description_language=foreign_lang(event.description.language_for(locale), locale),
        texts={
            each.name: lang_text(getattr(event, each.name), locale) for each in LOCALIZED_FIELDS
        },
        programme=list(_programme(event, locale)),
        zone_hint=times.foreign_zone(event.starts_at, zone, locale),
        agreement=_agreement(event, locale),
        sectors=[sector.name.into(locale) for sector in event.sectors],
        only_in=_only_in(event, locale),
        cancel_reason=lang_text(event.cancel_reason, locale),
        planned_before=_planned_before(event, locale),
    )


def _hosts(event: Event) -> Iterator[Branding]:
    yield branding_of(event.host, role=_("Host"))
    for partner in event.partners:
        if partner.status is PartnerStatus.ACCEPTED:
            yield branding_of(partner.organisation, role=_("Co-host"))


def _facts(event: Event, locale: str) -> Iterator[KeyFact]:
    yield from key_facts.location_facts(event, locale)
    if event.languages:
        yield KeyFact("languages", cards.language_names(event.languages, locale))
    yield from key_facts.cost_facts(event, locale)
    yield from key_facts.contact_facts(event)


def _programme(event: Event, locale: str) -> Iterator[ProgrammeDay]:
    def day_of(item: ProgrammeItem) -> date:
        return wall_clock(item.starts_at, event.time_zone).date()

    several = len({day_of(item) for item in event.programme}) > 1
    for day, items in groupby(event.programme, key=day_of):
        label = times.day(day, locale) if several else ""
        yield ProgrammeDay(label, [_point(item, event.time_zone, locale) for item in items])


def _point(item: ProgrammeItem, zone: str, locale: str) -> ProgrammePoint:
    begin = times.time_of(item.starts_at, zone, locale)
    end = times.time_of(item.ends_at, zone, locale) if item.ends_at else ""
    return ProgrammePoint(
        when=f"{begin}–{end}" if end and end != begin else begin,
        iso=wall_clock(item.starts_at, zone).strftime("%Y-%m-%dT%H:%M"),
        title=lang_text(item.title, locale),
        text=lang_text(item.description, locale),
        place=item.place,
        speakers=" · ".join(_speaker(speaker) for speaker in item.speakers),
    )


def _speaker(speaker: dict[str, str]) -> str:
    what = ", ".join(part for key in ("function", "organisation") if (part := speaker.get(key)))
    return f"{speaker['name']} ({what})" if what else speaker["name"]


def _agreement(event: Event, locale: str) -> AgreementLine | None:
    if event.agreement is None:
        return None
    return AgreementLine(
        title=lang_text(event.agreement.title, locale),
        day=times.date_within(event.agreement.signed_on, locale),
        url=url_for("event_site.partners", _anchor=f"agreement-{event.agreement.id}"),
    )


def _only_in(event: Event, locale: str) -> str:
    """A hint for readers who get some of the texts in another language; '' where all is well."""
    for text in (event.title, event.summary, event.description):
        language = foreign_lang(text.language_for(locale), locale)
        if language in LOCALES:
            return str(_ONLY_IN[language])
    return ""


def _planned_before(event: Event, locale: str) -> str:
    """The former day and time of an event that has been moved to a new one."""
    if event.postponed_from is None or event.status is EventStatus.POSTPONED:
        return ""
    return times.deadline(event.postponed_from, event.time_zone, locale)
