"""What reminders and messages to groups say: an organiser's words, or the house's own."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from flask_babel import force_locale, gettext as _, ngettext

from event_mgmt.core import tokens
from event_mgmt.core.clock import utc_now
from event_mgmt.core.links import public_url
from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.events.registration_state import terms_of_event
from event_mgmt.mail.html_rendering import in_locale
from event_mgmt.mail.letters import Button, Facts, Letter, Paragraph
from event_mgmt.messaging import queries, rules
from event_mgmt.messaging.models import GroupMessage, ReminderRule
from event_mgmt.messaging.rules import Timing
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.mails import last_announcements, mail_context
from event_mgmt.registrations.mails.audience import Audience
from event_mgmt.registrations.mails.mail_context import LINK_PURPOSE
from event_mgmt.registrations.models import Attendee, Registration
from event_mgmt.registrations.people.web_addresses import without_links
from event_mgmt.registrations.rules import may_cancel
from event_mgmt.settings import LOCALES
from event_mgmt.web import times
from event_mgmt.web.locale import current_language

_BLANK_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class RecipientContext:
    """Whoever reads a letter: the contact of a party, where the party stands, its own link."""

    contact: Attendee
    status: Status
    link: str
    names: Sequence[str] = ()


def recipient_context(registration: Registration, *, link: str | None = None) -> RecipientContext:
    """The contact of a registration; ``link`` stands for the personal link in previews."""
    return RecipientContext(
        contact=registration.attendees[0],
        status=registration.status,
        link=link or personal_link(registration),
        names=[without_links(person.full_name) for person in registration.attendees],
    )


def sample_context(
    event: Event, statuses: Collection[Status], picked: tuple[int, ...] = ()
) -> RecipientContext:
    """A guest to show a mail with: a real one where there is one, with the public page's link."""
    link = public_url("event_site.event", slug=event.slug)
    audience = Audience(statuses, picked=picked, even_unreachable=True)
    sample = queries.sample_registration(event.id, audience)
    if sample is not None:
        return recipient_context(sample, link=link)
    nobody = Attendee(given_name="Ana", family_name="Novak", form_of_address="", academic_title="")
    return RecipientContext(nobody, next(iter(statuses), Status.CONFIRMED), link)


def personal_link(registration: Registration) -> str:
    """The way to the registration's own page; good until the link is revoked."""
    token = tokens.sign(LINK_PURPOSE, registration.id, registration.link_version)
    return public_url("registrations.enter", token=token)


def reminder_letter(rule: ReminderRule, event: Event, reader: RecipientContext) -> Letter:
    """A rule's mail in the language in force, or else in one that its own words are there in."""
    locale = language_of(rule.body or rule.subject)
    with _speaking(locale):
        standard = _standard_words(rule.timing, event, reader.status)
        subject = rule.subject.get(locale, standard[0])
        return _letter(event, reader, subject, rule.body.get(locale, standard[1]))


def group_letter(group: GroupMessage, event: Event, reader: RecipientContext) -> Letter:
    """A message to a group in the language in force, or else in one that it was written in."""
    locale = language_of(group.body)
    with _speaking(locale):
        return _letter(event, reader, group.subject.into(locale), group.body.into(locale))


def language_of(own_words: Localized) -> str:
    """The language of a whole letter with these words in it.

    The one in force where they are there in it, or where there are none; else theirs. Only the
    organiser knows what the standard text would leave out: where to park, what to bring.
    """
    return own_words.language_for(current_language()) or current_language()


def _speaking(locale: str) -> AbstractContextManager[None]:
    return nullcontext() if locale == current_language() else in_locale(locale)


def standard_words(*, is_after: bool, status: Status, may_call_off: bool = True) -> tuple[str, str]:
    """The house's own subject and text, with placeholders, in the language in force.

    ``may_call_off``: guests can still do so by themselves.
    """
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
        )
        if may_call_off
        else _(
            "“{event}” is coming up, and you are still on the waiting list. As soon as a seat"
            " becomes free for you, you will hear from us.\n\nIf you no longer wish to come, please"
            " answer this mail."
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
    if not may_call_off:
        confirmed = _(
            "This is a reminder of “{event}”. We look forward to seeing you.\n\nIf you cannot come"
            " after all, please answer this mail, so that somebody else gets the seat."
        )
    return _("Reminder: {event} ({date})"), texts.get(status, confirmed)


def standard_words_by_language(
    timing: Timing, event: Event, status: Status
) -> tuple[Localized, Localized]:
    """The standard subject and text in each language, to begin one's own words from."""
    subjects, bodies = {}, {}
    for locale in LOCALES:
        with force_locale(locale):
            subjects[locale], bodies[locale] = _standard_words(timing, event, status)
    return Localized(subjects), Localized(bodies)


def _standard_words(timing: Timing, event: Event, status: Status) -> tuple[str, str]:
    """The words of a reminder as they are true when it goes out."""
    due_at = rules.due_at(timing, starts_at=event.starts_at, zone=event.time_zone)
    return standard_words(
        is_after=_is_after(timing, event),
        status=status,
        may_call_off=may_cancel(terms_of_event(event), now=max(due_at, utc_now())),
    )


def values_for(event: Event, reader: RecipientContext) -> Mapping[str, str]:
    """What the placeholders stand for, in the language in force; no date that does not hold."""
    locale = current_language()
    date = times.days(event.starts_at, event.ends_at, event.time_zone, locale)
    time = times.clock_in_zone(event.starts_at, event.time_zone, locale)
    if event.status is EventStatus.POSTPONED:
        date, time = _("new date to follow"), _("new time to follow")
    return {
        "given_name": without_links(reader.contact.given_name),
        "family_name": without_links(reader.contact.family_name),
        "event": event.title.into(locale),
        "date": date,
        "time": time,
        "place": mail_context.place_of(event),
        "link": reader.link,
    }


def _is_after(timing: Timing, event: Event) -> bool:
    return rules.follows_start(timing, starts_at=event.starts_at, zone=event.time_zone)


def _letter(event: Event, reader: RecipientContext, subject: str, body: str) -> Letter:
    locale, values = current_language(), values_for(event, reader)
    words = rules.fill(body.replace("\r\n", "\n"), values)
    paragraphs = [part.strip() for part in _BLANK_LINES.split(words)]
    return Letter(
        subject=rules.one_line(rules.fill(subject, values)),
        greeting=mail_context.greeting(reader.contact),
        blocks=(
            *(Paragraph(text) for text in paragraphs if text),
            Facts(_facts(event, reader)),
            Button(_("Your registration"), reader.link),
        ),
        locale=locale,
        receipt=last_announcements.announced_by_facts(
            event, with_link=reader.status is Status.CONFIRMED
        ),
        **mail_context.shared_parts(event, locale).letter_frame,
    )


def _facts(event: Event, reader: RecipientContext) -> tuple[tuple[str, str], ...]:
    locale = current_language()
    rows = list(mail_context.shared_parts(event, locale).when_and_where)
    is_on = event.status is not EventStatus.POSTPONED
    if event.online_url and reader.status is Status.CONFIRMED and is_on:
        rows.append((_("Join online"), event.online_url))
    if len(reader.names) > 1:
        rows.append((ngettext("Person", "People", len(reader.names)), ", ".join(reader.names)))
    return tuple(rows)
