"""What reminders and messages to groups say: an organiser's words, or the house's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import force_locale, gettext as _

from event_mgmt.core import tokens
from event_mgmt.core.links import public_url
from event_mgmt.core.localized import Localized
from event_mgmt.events.models import Event
from event_mgmt.events.words import PartnerStatus
from event_mgmt.mail.letters import Block, Button, Facts, Host, Letter, Paragraph
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.words import Status
from event_mgmt.reminders import rules
from event_mgmt.reminders.models import GroupMessage, ReminderRule
from event_mgmt.reminders.rules import Timing
from event_mgmt.web import times
from event_mgmt.web.locale import current_language
from event_mgmt.web.templating import country_name

_BLANK_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Reader:
    """Whoever reads a letter: what it may say of them, and where its link leads."""

    given_name: str
    family_name: str
    status: Status
    link: str
    seats: int = 1


def reader_of(registration: Registration, *, link: str | None = None) -> Reader:
    """The contact of a registration; ``link`` stands for the personal link in previews."""
    contact = registration.attendees[0]
    return Reader(
        given_name=contact.given_name,
        family_name=contact.family_name,
        status=registration.status,
        link=link or personal_link(registration),
        seats=registration.seats,
    )


def personal_link(registration: Registration) -> str:
    """The way to the registration's own page; good until the link is revoked."""
    token = tokens.sign("registration", registration.id, registration.link_version)
    return public_url("registration.enter", token=token)


def reminder_letter(rule: ReminderRule, event: Event, reader: Reader) -> Letter:
    """A rule's mail in the language in force."""
    timing, locale = rule.timing, current_language()
    standard = standard_words(is_after=_is_after(timing, event), status=reader.status)
    subject = rule.subject.into(locale) or standard[0]
    body = rule.body.into(locale) or standard[1]
    return _letter(event, reader, subject, body)


def group_letter(group: GroupMessage, event: Event, reader: Reader) -> Letter:
    """A message to a group in the language in force."""
    locale = current_language()
    return _letter(event, reader, group.subject.into(locale), group.body.into(locale))


def standard_words(*, is_after: bool, status: Status) -> tuple[str, str]:
    """The house's own subject and text, with placeholders, in the language in force."""
    if is_after:
        return (
            _("Thank you: {event}"),
            _("Thank you for having been with us at “{event}”. We hope to see you again soon."),
        )
    texts = {
        Status.WAITLISTED: _(
            "“{event}” is coming up, and you are still on the waiting list. As soon as a seat"
            " becomes free for you, you will hear from us.\n\nIf you no longer wish to come, please"
            " call off on your personal page."
        ),
        Status.PENDING: _(
            "“{event}” is coming up, and your registration has not been decided yet. You will hear"
            " from us as soon as it has been."
        ),
        Status.OFFERED: _(
            "“{event}” is coming up, and a seat is being kept for you. Please tell us on your"
            " personal page whether you take it."
        ),
    }
    confirmed = _(
        "This is a reminder of “{event}”. We look forward to seeing you.\n\nIf you cannot come"
        " after all, please call off on your personal page, so that somebody else gets the seat."
    )
    return _("Reminder: {event} ({date})"), texts.get(status, confirmed)


def standard_words_by_language(
    timing: Timing, event: Event, status: Status
) -> tuple[Localized, Localized]:
    """The standard subject and text in each language, to begin one's own words from."""
    subjects, bodies = {}, {}
    for locale in ("de", "sl", "en"):
        with force_locale(locale):
            subjects[locale], bodies[locale] = standard_words(
                is_after=_is_after(timing, event), status=status
            )
    return Localized(subjects), Localized(bodies)


def values_for(event: Event, reader: Reader) -> Mapping[str, str]:
    """What the placeholders stand for, in the language in force."""
    locale = current_language()
    return {
        "given_name": reader.given_name,
        "family_name": reader.family_name,
        "event": event.title.into(locale),
        "date": times.days(event.starts_at, event.ends_at, event.time_zone, locale),
        "time": times.clock(event.starts_at, event.time_zone, locale),
        "place": place_of(event),
        "link": reader.link,
    }


def place_of(event: Event) -> str:
    """Where the event is, on one line: the venue, or that it is online."""
    parts = [event.venue_name, event.venue_address, event.city]
    if any(parts) and event.country:
        parts.append(country_name(event.country))
    return ", ".join(part for part in parts if part) or (_("Online") if event.online_url else "")


def _is_after(timing: Timing, event: Event) -> bool:
    return rules.follows_start(timing, starts_at=event.starts_at, zone=event.time_zone)


def _letter(event: Event, reader: Reader, subject: str, body: str) -> Letter:
    locale, values = current_language(), values_for(event, reader)
    hosts = _hosts(event, locale)
    name = f"{reader.given_name} {reader.family_name}".strip()
    blocks: list[Block] = [
        Paragraph(part.strip())
        for part in _BLANK_LINES.split(rules.fill(body.replace("\r\n", "\n"), values))
        if part.strip()
    ]
    return Letter(
        subject=rules.one_line(rules.fill(subject, values)),
        greeting=_("Good day %(name)s,", name=name) if name else _("Good day,"),
        blocks=(
            *blocks,
            Facts(_facts(event, reader)),
            Button(_("Your registration"), reader.link),
        ),
        hosts=hosts,
        closing=_("Kind regards") + "\n" + event.host.name.into(locale),
        sender_name=event.host.short_name.into(locale) or event.host.name.into(locale),
        reply_to=event.reply_to or event.host.email,
        footer=(_("You receive this mail because you registered for this event."),),
    )


def _facts(event: Event, reader: Reader) -> list[tuple[str, str]]:
    span = times.span(event.starts_at, event.ends_at, event.time_zone, current_language())
    zone = times.foreign_zone(event.starts_at, event.time_zone, current_language())
    rows = [
        (_("When"), f"{span} ({zone})" if zone else span),
        (_("Where"), place_of(event)),
    ]
    if event.online_url and reader.status is Status.CONFIRMED:
        rows.append((_("Take part online"), event.online_url))
    if reader.seats > 1:
        rows.append((_("People"), str(reader.seats)))
    return [(label, value) for label, value in rows if value]


def _hosts(event: Event, locale: str) -> tuple[Host, ...]:
    co_hosts = [p.organisation for p in event.partners if p.status is PartnerStatus.ACCEPTED]
    return tuple(
        Host(body.short_name.into(locale) or body.name.into(locale), body.accent)
        for body in (event.host, *co_hosts)
    )
