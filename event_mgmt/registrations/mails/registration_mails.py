"""The letters about one registration: each a function from a message to what it says."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import gettext as _, ngettext

from event_mgmt.audit.service import ActorKind
from event_mgmt.core.clock import utc_now
from event_mgmt.events.enums import EventStatus
from event_mgmt.mail.letters import Block, Button, Facts, Letter, NotNeeded
from event_mgmt.mail.models import Message
from event_mgmt.registrations import rules
from event_mgmt.registrations.changes import change_text
from event_mgmt.registrations.enums import OPEN, Status
from event_mgmt.registrations.mails.mail_context import (
    RegistrationFacts,
    calendar_part,
    context_of,
    deadline_in_event_zone,
    event_facts,
    greeting_for_name,
    participant_page_button,
    reason_quote,
    registration_letter,
    shared_parts,
)


def address_check(message: Message) -> Letter:
    """Please confirm that this address is yours."""
    context = context_of(message, Status.UNCONFIRMED)
    by = deadline_in_event_zone(context, message.created_at + rules.ADDRESS_CHECK_LASTS)
    return registration_letter(
        context,
        _("Please confirm your address: %(title)s", title=context.title),
        [
            _("Somebody, probably you, has registered for this event with this address."),
            event_facts(context),
            _("Please confirm by %(deadline)s that the address is yours.", deadline=by),
            Button(_("Confirm the address"), context.link),
            _("If it was not you, please do nothing; the registration then ends by itself."),
        ],
    )


def confirmed(message: Message) -> Letter:
    """You have your seats."""
    context = context_of(message, Status.CONFIRMED)
    if context.facts.get("from_waiting_list"):
        first = _("Seats have become free: you are now registered. We look forward to seeing you.")
    else:
        first = _("You are registered. We look forward to seeing you.")
    return registration_letter(
        context,
        _("Confirmed: %(title)s", title=context.title),
        [
            first,
            *reason_quote(context.facts.get("reason", "")),
            event_facts(context, with_join_link=True),
            _("The event is attached for your calendar."),
            shared_parts(context.event, context.locale).change_deadline_text,
            participant_page_button(context),
        ],
        calendar=calendar_part(context, "REQUEST"),
    )


def received(message: Message) -> Letter:
    """We have your registration; the organiser decides."""
    context = context_of(message, Status.PENDING)
    return registration_letter(
        context,
        _("Received: %(title)s", title=context.title),
        [
            _("Thank you for your registration. The organiser decides and will write to you."),
            event_facts(context),
            shared_parts(context.event, context.locale).change_deadline_text,
            participant_page_button(context),
        ],
    )


def waitlisted(message: Message) -> Letter:
    """You are on the waiting list."""
    context = context_of(message, Status.WAITLISTED)
    seats = context.registration.seats
    return registration_letter(
        context,
        _("Waiting list: %(title)s", title=context.title),
        [
            _("All seats are taken at the moment; you are on the waiting list."),
            *reason_quote(context.facts.get("reason", "")),
            ngettext(
                "As soon as a seat becomes free for you, we will write to you.",
                "As soon as %(num)d seats become free for all of you, we will write to you.",
                seats,
            ),
            event_facts(context),
            _("If you cannot come after all, please call off, so that others can."),
            participant_page_button(context),
        ],
    )


def seat_offered(message: Message) -> Letter:
    """Seats are held for you until a deadline; told anew when a postponed event has a date."""
    context = context_of(message, Status.OFFERED, while_event=(EventStatus.PUBLISHED,))
    expires_at = context.registration.offer_expires_at
    if expires_at is None or expires_at <= utc_now():
        raise NotNeeded
    seats = context.registration.seats
    return registration_letter(
        context,
        _("A seat for you: %(title)s", title=context.title),
        [
            ngettext(
                "A seat has become free, and we hold it for you.",
                "%(num)d seats have become free, and we hold them for you.",
                seats,
            ),
            event_facts(context),
            _(
                "Please answer by %(deadline)s. After that the offer goes to the next in line.",
                deadline=deadline_in_event_zone(context, expires_at),
            ),
            Button(_("Answer the offer"), context.link),
        ],
    )


def declined(message: Message) -> Letter:
    """There is no seat for you."""
    context = context_of(message, Status.DECLINED)
    return registration_letter(
        context,
        _("Your registration: %(title)s", title=context.title),
        [
            _("Thank you for your interest. Unfortunately we cannot give you a seat this time."),
            *reason_quote(context.facts.get("reason", "")),
            event_facts(context),
        ],
    )


def changed(message: Message) -> Letter:
    """You or the organiser changed your registration, or your address was changed."""
    if message.facts.get("former_address"):
        return _address_left(message)
    context = context_of(message, *OPEN)
    rows = change_text.mail_lines(
        context.facts.get("changes", ()), context.facts.get("unshown", ())
    )
    blocks: list[Block | str] = [_who_changed(context.facts)]
    blocks += reason_quote(context.facts.get("reason", ""))
    if rows:
        blocks.append(Facts(tuple(rows)))
    if context.facts.get("by") == ActorKind.PARTICIPANT:
        blocks.append(_("If you did not want this, please answer this mail."))
    is_sure = context.registration.status is Status.CONFIRMED
    return registration_letter(
        context,
        _("Changed: %(title)s", title=context.title),
        [*blocks, event_facts(context, with_join_link=is_sure), participant_page_button(context)],
        calendar=calendar_part(context, "REQUEST") if is_sure else None,
    )


def _who_changed(facts: RegistrationFacts) -> str:
    actor = facts.get("by")
    if facts.get("accepted"):
        return _("The organiser has accepted the change that you asked for.")
    if actor == ActorKind.USER:
        return _("The organiser has changed your registration.")
    if actor == ActorKind.PARTICIPANT:
        return _("You have changed your registration.")
    return _("Your registration has been changed.")


def _address_left(message: Message) -> Letter:
    """To the former address: from now on another one is written to. Without a personal link."""
    context = context_of(message, while_event=None)
    if context.registration.email == message.to_address:  # it has become the right one again
        raise NotNeeded
    words = _(
        "The e-mail address of your registration was changed. Further mails go to the new address."
    )
    ask = _("If you did not want this, please answer this mail.")
    had_entry = context.registration.confirmed_at is not None
    said = registration_letter(
        context,
        _("Address changed: %(title)s", title=context.title),
        [words, ask],
        calendar=calendar_part(context, "CANCEL") if had_entry else None,
    )
    said = replace(said, receipt=None)  # nothing of when and where
    if message.to_name == context.contact.full_name:
        return said
    return replace(said, greeting=greeting_for_name(message.to_name))


def cancelled(message: Message) -> Letter:
    """Your registration has ended."""
    context = context_of(message, Status.CANCELLED, while_event=None)
    if context.facts.get("cause") == "offer_expired":
        first = _(
            "The deadline for the seats that we held for you has passed; they have gone to the"
            " next in line. You are welcome to register again."
        )
    elif context.facts.get("by") == ActorKind.USER:
        first = _("The organiser has called off your registration.")
    else:
        first = _("You have called off. Thank you for telling us.")
    was_sure = context.registration.confirmed_at is not None
    return registration_letter(
        context,
        _("Called off: %(title)s", title=context.title),
        [first, *reason_quote(context.facts.get("reason", "")), event_facts(context)],
        calendar=calendar_part(context, "CANCEL") if was_sure else None,
    )


def again(message: Message) -> Letter:
    """Somebody registered you once more; the first registration stands."""
    context = context_of(message, *OPEN)
    return registration_letter(
        context,
        _("You are registered already: %(title)s", title=context.title),
        [
            _(
                "Somebody, probably you, has registered you once more. There is no need: your"
                " registration stands as it is."
            ),
            event_facts(context),
            _("Through your personal link you see how things stand, change it, or call off."),
            participant_page_button(context),
        ],
    )
