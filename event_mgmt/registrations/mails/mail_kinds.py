"""The kinds of messages that this room writes."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.mail.kinds import MailKind
from event_mgmt.mail.letters import LetterWriter
from event_mgmt.registrations.mails import (
    change_mails,
    event_mails,
    mail_context,
    registration_mails,
)
from event_mgmt.registrations.recipient_kinds import REGISTRATION


def _kind(name: str, label: object, write: LetterWriter) -> MailKind:
    return MailKind(name, label, write, prepare=mail_context.preload, recipient=REGISTRATION)


def _news(name: str, label: object, write: LetterWriter) -> MailKind:
    return MailKind(name, label, write, prepare=event_mails.preload, recipient=REGISTRATION)


MAIL_KINDS: Final = (
    _kind("address_check", _l("Please confirm the address"), registration_mails.address_check),
    _kind("registration_confirmed", _l("Registration confirmed"), registration_mails.confirmed),
    _kind("registration_received", _l("Registration received"), registration_mails.received),
    _kind("registration_waitlisted", _l("On the waiting list"), registration_mails.waitlisted),
    _kind("seat_offered", _l("A seat is offered"), registration_mails.seat_offered),
    _kind("registration_declined", _l("Registration not accepted"), registration_mails.declined),
    _kind("registration_changed", _l("Registration changed"), registration_mails.changed),
    _kind("change_proposed", _l("Change asked for"), change_mails.proposed),
    _kind("change_declined", _l("Change not accepted"), change_mails.declined),
    _kind(
        "new_address_check",
        _l("Please confirm the new address"),
        change_mails.new_address_check,
    ),
    _kind("registration_cancelled", _l("Registration called off"), registration_mails.cancelled),
    _kind("registration_again", _l("Registered already"), registration_mails.again),
    _news("event_changed", _l("Event changed"), event_mails.changed),
    _news("event_postponed", _l("Event postponed"), event_mails.postponed),
    _news("event_cancelled", _l("Event cancelled"), event_mails.cancelled),
)
