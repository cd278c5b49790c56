"""What the letters about registrations share: whom, what event, which links, the calendar part."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TypedDict, cast

from flask import g
from flask_babel import gettext as _, ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from event_mgmt.core import tokens
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.core.links import public_url
from event_mgmt.core.localized import Localized
from event_mgmt.events import rules as event_rules
from event_mgmt.events.calendar import CalendarTemplate, Method, calendar_template
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event, Partner
from event_mgmt.events.registration_state import terms_of_event
from event_mgmt.mail.letters import (
    Block,
    Button,
    CalendarPart,
    Facts,
    Host,
    Letter,
    NotNeeded,
    Paragraph,
    Quote,
)
from event_mgmt.mail.models import Message
from event_mgmt.registrations import rules
from event_mgmt.registrations.enums import FormOfAddress, Status
from event_mgmt.registrations.lifecycle import calendar_entries
from event_mgmt.registrations.mails import last_announcements, salutations
from event_mgmt.registrations.mails.announcements import Announcement
from event_mgmt.registrations.models import Attendee, Registration
from event_mgmt.registrations.people.web_addresses import without_links
from event_mgmt.web import times
from event_mgmt.web.locale import current_language

LINK_PURPOSE = "registration"


def preload(messages: Sequence[Message]) -> object:
    """Read at once what the letters to many registrations need, and share nothing older."""
    g.shared_parts = {}
    registrations = db.session.scalars(
        select(Registration)
        .where(Registration.id.in_({m.registration_id for m in messages}))
        .options(selectinload(Registration.attendees))
    ).all()
    events = db.session.scalars(
        select(Event)
        .where(Event.id.in_({m.event_id for m in messages}))
        .options(
            joinedload(Event.host), selectinload(Event.partners).joinedload(Partner.organisation)
        )
    ).all()
    return registrations, events


class RegistrationFacts(TypedDict, total=False):
    """What mails about a registration say besides what is in rows, or are told by.

    ``by`` is the kind of the actor; ``changes`` are (field, old, new), ``unshown`` the names of
    fields whose values are told nobody; ``old`` is what an event's row said before.
    """

    by: str
    cause: str
    reason: str
    from_waiting_list: bool
    accepted: bool
    former_address: bool
    calendar_uid: str
    version: int
    changes: list[list[str]]
    unshown: list[str]
    old: dict[str, str]


class LetterFrame(TypedDict):
    """All of a letter about an event but its subject, its greeting and what it says."""

    hosts: tuple[Host, ...]
    closing: str
    sender_name: str
    reply_to: str
    footer: tuple[str, ...]
    footer_links: tuple[tuple[str, str], ...]


class SharedParts:
    """What the letters about one event share in one language: put into words once for a batch."""

    def __init__(self, event: Event, locale: str) -> None:
        self._event = event
        self._locale = locale
        self._frames: dict[Method, CalendarTemplate] = {}

    @cached_property
    def when_and_where(self) -> list[tuple[str, str]]:
        """The event, when and where, as labelled facts."""
        title = self._event.title.into(self._locale)
        return [(_("Event"), title), *when_and_where(self._event, self._locale)]

    @cached_property
    def letter_frame(self) -> LetterFrame:
        """All of a letter but its subject, its greeting and what it says."""
        event, host, locale = self._event, self._event.host, self._locale
        return {
            "hosts": hosts_of(event, locale),
            "closing": _("Kind regards") + "\n" + host.name.into(locale),
            "sender_name": host.short_name.into(locale) or host.name.into(locale),
            "reply_to": event.reply_to or host.email,
            "footer": (
                _(
                    "You receive this mail because somebody registered for an event with this"
                    " address."
                ),
            ),
            "footer_links": ((_("Event page"), public_url("event_site.event", slug=event.slug)),),
        }

    @cached_property
    def change_deadline_text(self) -> str:
        """Until when guests can change or call off themselves; else what they can do or expect."""
        event = self._event
        if event.status is EventStatus.POSTPONED:
            return _("There is no new date yet. You stay registered; we will write to you.")
        until = rules.changes_end(event.starts_at, event.changes_close_at)
        if until <= utc_now():
            return _("If you cannot come, please answer this mail.")
        return _(
            "Through your personal link you can change details and companions, or call off, until"
            " %(deadline)s.",
            deadline=times.deadline_in_zone(until, event.time_zone, self._locale),
        )

    def frame(self, method: Method) -> CalendarTemplate:
        """The event as a calendar entry, but for the guest."""
        if method not in self._frames:
            self._frames[method] = calendar_template(
                self._event, locale=self._locale, method=method, has_guest=True
            )
        return self._frames[method]


def shared_parts(event: Event, locale: str) -> SharedParts:
    """What letters about ``event`` share in the language ``locale``, which is in force.

    It is kept until the next batch of messages is prepared, or to the end of the request.
    """
    kept: dict[tuple[int, str], SharedParts] = g.setdefault("shared_parts", {})
    return kept.setdefault((event.id, locale), SharedParts(event, locale))


@dataclass(frozen=True)
class MailContext:
    """One message with its registration and event."""

    message: Message
    registration: Registration
    event: Event

    @property
    def locale(self) -> str:
        """The reader's language."""
        return self.message.locale

    @property
    def facts(self) -> RegistrationFacts:
        """What was noted when the message was queued."""
        return cast(RegistrationFacts, self.message.facts)

    @property
    def title(self) -> str:
        """The event's title."""
        return self.event.title.into(self.locale)

    @cached_property
    def contact(self) -> Attendee:
        """Whom the letter addresses."""
        return self.registration.attendees[0]

    @cached_property
    def link(self) -> str:
        """The personal link to the participant's own page."""
        token = tokens.sign(LINK_PURPOSE, self.registration.id, self.registration.link_version)
        return public_url("registrations.enter", token=token)


def context_of(
    message: Message,
    *wanted: Status,
    while_event: Collection[EventStatus] | None = event_rules.ANNOUNCED_STATUSES,
) -> MailContext:
    """The case of ``message``; NotNeeded when it is no longer as the letter would tell it.

    ``wanted`` are the statuses in which the letter is true (none: any), ``while_event`` those of
    the event (``None``: any). Unless told otherwise that is on or postponed: who registered stays
    so, and hears what becomes of the registration. Of events that are off for good the letter
    about that says it all.
    """
    registration = db.session.get(Registration, message.registration_id)
    event = db.session.get(Event, message.event_id)
    if registration is None or event is None or not registration.attendees:
        raise NotNeeded
    if wanted and registration.status not in wanted:
        raise NotNeeded
    if while_event is not None and event.status not in while_event:
        raise NotNeeded
    return MailContext(message, registration, event)


def greeting(person: Attendee) -> str:
    """How a letter begins. Ms and Mr only as the person wishes; the full name otherwise."""
    locale, title, family = current_language(), person.academic_title, person.family_name
    wish = person.form_of_address
    if wish not in set(FormOfAddress) or salutations.replaces_courtesy_title(title, locale):
        return greeting_for_name(salutations.neutral_name(title, person.given_name, family, locale))
    name = without_links(
        salutations.formal_name(title, family, locale, feminine=wish == FormOfAddress.MS)
    )
    if wish == FormOfAddress.MS:
        return _("Dear Ms %(name)s,", name=name)
    return _("Dear Mr %(name)s,", name=name)


def greeting_for_name(name: str) -> str:
    """How a letter begins to somebody of whom the name is all that is known."""
    return _("Dear %(name)s,", name=without_links(name))


def hosts_of(event: Event, locale: str) -> tuple[Host, ...]:
    """The host and the co-hosts that accepted, with their colours."""
    return tuple(
        Host(body.short_name.into(locale) or body.name.into(locale), body.accent)
        for body in event.hosts
    )


def place_of(event: Event) -> str:
    """Where an event is."""
    line = event_rules.place_text(event.venue_name, event.venue_address, city=event.city)
    return line or (_("Online") if event.online_url else "")


def when_and_where(event: Event, locale: str) -> list[tuple[str, str]]:
    """When and where, as labelled facts; of a postponed event, that its date does not hold."""
    when = times.span_in_zone(event.starts_at, event.ends_at, event.time_zone, locale)
    if event.status is EventStatus.POSTPONED:
        when = _("New date to follow (planned until now: %(when)s)", when=when)
    rows = [(_("When"), when)]
    if place := place_of(event):
        rows.append((_("Where"), place))
    return rows


def event_facts(
    context: MailContext, *, with_join_link: bool = False, announcement: Announcement | None = None
) -> Facts:
    """The event, who comes, and for those who come the way into an online event.

    When and where as ``announcement``, where that is given: what the reader knows.
    """
    event, registration = context.event, context.registration
    if announcement is None:
        rows = list(shared_parts(event, context.locale).when_and_where)
    else:
        when = times.span_in_zone(
            announcement.starts_at, announcement.ends_at, announcement.time_zone, context.locale
        )
        place = (_("Where"), announcement.place or _("Online"))
        rows = [(_("Event"), context.title), (_("When"), when), place]
    if with_join_link and event.online_url and event.status is not EventStatus.POSTPONED:
        rows.append((_("Join online"), event.online_url))
    names = [without_links(attendee.full_name) for attendee in registration.attendees]
    rows.append((ngettext("Person", "People", len(names)), ", ".join(names)))
    return Facts(tuple(rows))


def cancellation_text(event: Event) -> str:
    """How to call off: through the link while that is possible."""
    if rules.may_cancel(terms_of_event(event), now=utc_now()):
        return _("If you cannot come now, please call off through your personal link.")
    return _("If you cannot come, please answer this mail.")


def deadline_in_event_zone(context: MailContext, instant: datetime) -> str:
    """A deadline in the event's time."""
    return times.deadline_in_zone(instant, context.event.time_zone, context.locale)


def participant_page_button(context: MailContext) -> Button:
    """The way to the participant's own page."""
    return Button(_("Your registration"), context.link)


def reason_quote(text: str) -> list[Block]:
    """The organiser's own words, if there are any."""
    return [Quote(text)] if text else []


def localized_reason(reason: Localized, locale: str) -> list[Block]:
    """The organiser's own words, or where to read them if they are there in other languages only.

    A letter is in one language from its subject to its footer; the event's page shows the words
    as what they are.
    """
    if not reason or locale in reason:
        return reason_quote(reason.get(locale, ""))
    return [Paragraph(_("You can read the organiser’s reason on the event’s page."))]


def calendar_part(context: MailContext, method: Method) -> CalendarPart:
    """The event as the registration's own entry, which names the reader alone."""
    message, registration = context.message, context.registration
    name, address = context.contact.full_name, message.to_address
    if address != registration.email:  # the contact may be somebody else by now
        name = message.to_name
    body = (
        shared_parts(context.event, context.locale)
        .frame(method)
        .filled(
            attendee=(name, address),
            identity=calendar_entries.identity(registration, message),
            now=utc_now(),
        )
    )
    return CalendarPart(method, body)


def registration_letter(
    context: MailContext,
    subject: str,
    blocks: Sequence[Block | str],
    *,
    calendar: CalendarPart | None = None,
    told: Announcement | None = None,
) -> Letter:
    """A letter about a registration; plain strings among ``blocks`` become paragraphs.

    It tells when and where the event is (``told`` where it says something else), and whoever gets
    the calendar entry is told how to join online.
    """
    with_join_link = calendar is not None and calendar.method == "REQUEST"
    return Letter(
        subject=subject,
        greeting=greeting(context.contact),
        blocks=[Paragraph(b) if isinstance(b, str) else b for b in blocks],
        calendar=calendar,
        receipt=told
        or last_announcements.announced_by_facts(context.event, with_link=with_join_link),
        **shared_parts(context.event, context.locale).letter_frame,
    )
