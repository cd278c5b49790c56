"""Poison in every text that the database holds, whatever form it may have come by.

Forms clean what they take; here the worst has already got in (by an import, an older version, a
colleague), and every page, mail and file must still show it as the text that it is. A new text
column is poisoned from its first day, unless it is named below with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import JSON, Enum, String, select, update
from sqlalchemy.orm.attributes import set_committed_value

from event_mgmt.accounts.models import LinkPurpose, Role
from event_mgmt.attendee_lists.models import Export
from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import ActorKind
from event_mgmt.core import tokens
from event_mgmt.core.database import Base, db, transactional
from event_mgmt.core.localized import Localized, LocalizedText
from event_mgmt.events.enums import AttendeeAccess, EventStatus, PartnerStatus, QuestionKind
from event_mgmt.events.models import Event, ProgrammeItem, Question
from event_mgmt.mail import mime_rendering
from event_mgmt.mail.kinds import mail_kinds
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.messaging import rules
from event_mgmt.messaging.models import GroupMessage, ReminderRule
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.party import LIMITS
from event_mgmt.registrations.person_fields import PERSON_FIELD_NAMES
from tests.attack.stage import House, a_house, a_one_time_link
from tests.builders import (
    NOW,
    a_partner,
    a_proposal,
    a_registration,
    a_user,
    an_organisation,
    saved,
)
from tests.mail import samples

SPARED = {
    "alembic_version.version_num": "the schema's own",
    "organisations.slug": "made of letters, digits and dashes by rules.slug_of",
    "organisations.accent": "one of a fixed list, and rendering refuses other colours",
    "organisations.country": "chosen from a list",
    "organisations.logo": "the name of a row in logos",
    "organisations.email": "an address: validated, and refused again by the mail's rendering",
    "organisations.website": "an address: see test_links.py",
    "logos.name": "a digest",
    "sectors.code": "made by rules",
    "events.slug": "made of letters, digits and dashes by rules.slug_of",
    "events.time_zone": "one of the zones there are",
    "events.country": "chosen from a list",
    "events.reply_to": "an address",
    "events.nonce": "unique",
    "events.online_url": "an address: see test_links.py",
    "users.email": "an address",
    "users.locale": "chosen from a list",
    "users.password_hash": "made by argon2",
    "users.totp_secret": "made by pyotp",
    "registrations.email": "an address",
    "registrations.mailbox": "made of the address",
    "change_proposals.email": "an address",
    "registrations.calendar_uid": "random",
    "registrations.locale": "chosen from a list",
    "registrations.nonce": "unique",
    "attendees.country": "chosen from a list",
    "attendees.form_of_address": "one of a fixed list",
    "attendees.sort_key": "made for sorting",
    "attendees.sort_key_sl": "made for sorting",
    "attendees.organisation_key": "made for sorting",
    "messages.key": "unique",
    "messages.kind": "names a notice",
    "messages.locale": "chosen from a list",
    "messages.to_address": "an address",
    "messages.claimed_by": "a worker's name",
    "group_messages.nonce": "unique",
    "audit_entries.actor": "one of a fixed list",
    "audit_entries.action": "names a deed",
    "audit_entries.subject": "names a table",
    "exports.format": "names a format",
    "exports.sha256": "a digest",
    "files.id": "random",
    "files.purpose": "names a purpose",
    "files.sha256": "a digest",
    "file_chunks.file_id": "random",
    "list_templates.order": "names an order",
    "throttle_counts.key": "a digest",
    "import_uploads.token": "random",
    "import_uploads.locale": "chosen from a list",
    "import_uploads.encoding": "chosen from a list",
    "import_lists.token": "random",
    "import_lists.locale": "chosen from a list",
    "import_lists.encoding": "chosen from a list",
    "import_lists.file_id": "random",
    "erasures.key": "random",
    "door_actions.client_id": "unique",
    "tasks.kind": "names a kind of task",
    "tasks.locale": "chosen from a list",
    "tasks.claimed_by": "random",
    "tasks.progress_code": "names a sentence",
    "tasks.result_id": "random",
    "erasures.address_digest": "a digest",
}


def _poisoned_person(text: str) -> dict[str, Any]:
    words = {name: text[: LIMITS[name]] for name in PERSON_FIELD_NAMES}
    return words | {"form_of_address": "", "country": "", "phone": "", "answers": {}}


_SHAPED = {
    "events.languages": lambda _text: ["de", "sl"],
    "attendees.decided_name": lambda text: {"given_name": text, "family_name": text},
    "programme_items.speakers": lambda text: [
        {"name": text, "function": text, "organisation": text}
    ],
    "questions.options": lambda text: [
        {"key": "a", "label": {"de": text, "sl": text, "en": text}},
        {"key": "b", "label": {"de": text}},
    ],
    "questions.retired_options": lambda text: [{"key": "c", "label": {"de": text, "sl": text}}],
    "exports.criteria": lambda text: {"search": text, "organisation": text},
    "saved_views.criteria": lambda text: {"search": text, "organisation": text},
    "tasks.arguments": lambda text: {"purpose": text},
    "tasks.progress_values": lambda text: {"name": text},
    "tasks.result_facts": lambda text: {"purpose": text},
    "import_uploads.mends": lambda text: {"2-0": text, "2-1": text},
    "import_lists.mends": lambda text: {"2-0": text, "2-1": text},
    "change_proposals.party": lambda text: {
        "locale": "de",
        "message": text,
        "shares_name": [False, False],
        "people": [_poisoned_person(text), _poisoned_person(text + "x")],
    },
    "audit_entries.changes": lambda text: {
        "title": [{"de": text}, {"de": text}],
        "venue_name": [text, text],
        "fields": ["email"],
    },
}
_AS_THEY_ARE = {
    "attendees.answers",
    "sensitive_answers.answers",
    "change_proposals.sensitive",
    "registrations.consents",
    "users.recovery_hashes",
    "exports.columns",
    "list_templates.columns",
    "reminder_rules.statuses",
    "group_messages.audience",
    "messages.facts",
    "import_uploads.targets",
    "import_uploads.choice",
    "import_lists.targets",
    "import_lists.choice",
    "erasures.counts",
    "retention_records.counts",
    "tasks.checkpoint",
}
"""JSON that the builders below fill in themselves, or that holds no words."""


def a_poisoned_house(app: Flask, text: str) -> House:
    """A house in whose every text ``text`` stands, cut to the column's width."""
    house = a_house(app, "H", seats=200, online_url="https://meet.example.org/x")
    _furnish(house, text)
    _pour(text)
    db.session.expire_all()
    return house


def _furnish(house: House, text: str) -> None:
    event = house.event
    words = Localized(de=text, sl=text, en=text)
    partner = a_partner(event, an_organisation(), access=AttendeeAccess.ALL, seats=2)
    saved(ProgrammeItem(event_id=event.id, starts_at=event.starts_at, title=words, speakers=[]))
    questions = [
        saved(Question(event_id=event.id, kind=kind, label=words, options=[], position=place))
        for place, kind in enumerate((QuestionKind.SHORT_TEXT, QuestionKind.CHOICE))
    ]
    given = {str(questions[0].id): text, str(questions[1].id): "a"}
    for status in Status:
        guest = a_registration(event, status=status, companions=1)
        for attendee in guest.attendees:
            attendee.answers = given
        saved(guest)
        a_proposal(guest)
    saved(
        AuditEntry(
            at=NOW, user_id=house.user.id, actor="user", action="event_edited", subject="event",
            subject_id=event.id, event_id=event.id, organisation_id=house.organisation.id,
        )
    )  # fmt: skip
    saved(
        Export(
            at=NOW, event_id=event.id, user_id=house.user.id, format="csv", purpose="", criteria={},
            columns=["number"], row_count=1, sha256="0" * 64,
        )
    )  # fmt: skip
    assert partner.status is PartnerStatus.ACCEPTED


@transactional
def _pour(text: str) -> None:
    for table in Base.metadata.sorted_tables:
        values = {
            column.name: value
            for column in table.columns
            if (value := _poisoned(f"{table.name}.{column.name}", column.type, text)) is not None
        }
        if values:
            db.session.execute(update(table).values(values))


def _poisoned(name: str, kind: Any, text: str) -> Any:
    if name in SPARED or name in _AS_THEY_ARE or isinstance(kind, Enum):
        return None
    if name in _SHAPED:
        return _SHAPED[name](text)
    if isinstance(kind, LocalizedText):
        return Localized(de=text, sl=text, en=text)
    assert not isinstance(kind, JSON), f"say in tests/attack/poison.py which texts {name} holds"
    if not isinstance(kind, String):
        return None
    return text[: kind.length] if kind.length else text


def facts_by_kind(house: House, text: str) -> dict[str, dict[str, Any]]:
    """For every kind of mail, the facts that its notice needs, with ``text`` where words stand."""
    event = house.event
    changes = [[name, text, text + "x"] for name in ("name", "organisation", "companions")]
    reason = {"reason": text, "by": ActorKind.USER}
    group = saved(
        GroupMessage(
            event_id=event.id, subject=Localized(de=text), body=Localized(de=text), audience={},
            nonce="n" * 20, created_by=house.user.id, created_at=NOW,
        )
    )  # fmt: skip
    colleague = a_user(house.organisation, Role.STAFF)
    partner = _invited_partner(house)
    return {
        "colleague_invitation": {
            "link_id": _link_id(colleague.id, LinkPurpose.INVITATION),
            "organisation_id": house.organisation.id,
            "inviter_id": house.user.id,
        },
        "team_joined": {"membership_id": house.values["membership_id"]},
        "password_reset": {"link_id": _link_id(house.user.id, LinkPurpose.PASSWORD_RESET)},
        "password_changed": {"user_id": house.user.id},
        "partner_invited": {"organisation_id": partner},
        "reminder": {"rule_id": house.values["rule_id"]},
        "reminder_test": {"rule_id": house.values["rule_id"]},
        "group_message": {"group_message_id": group.id},
        "registration_changed": {"by": ActorKind.USER, "changes": changes},
        "change_proposed": {"changes": changes},
        "change_declined": {"changes": changes, **reason},
        "new_address_check": {"version": 7},
        "registration_declined": reason,
        "registration_cancelled": reason,
        "registration_confirmed": reason,
        "registration_waitlisted": reason,
        "seat_offered": {"from_waiting_list": True},
        "address_check": {},
        "registration_received": {},
        "registration_again": {},
        "event_changed": {},
        "event_postponed": {},
        "event_cancelled": {},
    }


def _link_id(user_id: int, purpose: LinkPurpose) -> int:
    return tokens.read(f"one_time.{purpose}", a_one_time_link(user_id, purpose))[0]


def _invited_partner(house: House) -> int:
    """The id of an organisation that was invited as a co-host and has not answered."""
    organisation = an_organisation()
    a_partner(house.event, organisation, status=PartnerStatus.INVITED)
    return int(organisation.id)


_STATUS_OF_KIND = {
    "registration_declined": Status.DECLINED,
    "registration_cancelled": Status.CANCELLED,
    "registration_waitlisted": Status.WAITLISTED,
    "seat_offered": Status.OFFERED,
    "address_check": Status.UNCONFIRMED,
    "registration_received": Status.PENDING,
}
_STATUS_OF_EVENT = {
    "event_cancelled": EventStatus.CANCELLED,
    "event_postponed": EventStatus.POSTPONED,
}


def mails_of(house: House, text: str) -> Iterator[tuple[str, bytes]]:
    """(kind, wire form) of every kind of mail there is, about a poisoned house."""
    facts = facts_by_kind(house, text)
    # The mail room's own tests add a kind to the one registry of this process.
    assert set(facts) == mail_kinds().names - {samples.KIND}, "say what the new mail is about"
    event = db.session.get_one(Event, house.event.id)
    for kind, given in sorted(facts.items()):
        _queue(kind, given, event, house.values["rule_id"], text)
    _pour(text)
    db.session.expire_all()
    wanted = select(Message.id).where(Message.key.startswith("poison:")).order_by(Message.id)
    for message_id in db.session.scalars(wanted).all():
        message = db.session.get_one(Message, message_id)
        # For this letter alone: no event goes through all of these.
        status = _STATUS_OF_EVENT.get(message.kind, EventStatus.PUBLISHED)
        set_committed_value(event, "status", status)
        letter = mail_kinds().write(message)
        yield message.kind, mime_rendering.compose_mail(letter, message, now=NOW)[0].content


def _queue(kind: str, facts: dict[str, Any], event: Event, rule_id: int, text: str) -> None:
    rule = db.session.get_one(ReminderRule, rule_id)
    guest = a_registration(
        event,
        status=_STATUS_OF_KIND.get(kind, Status.CONFIRMED),
        offer_expires_at=NOW + timedelta(days=1),
    )
    if kind in {"change_proposed", "new_address_check"}:
        checks = kind == "new_address_check"
        a_proposal(guest, email="guest@example.org", version=7, checks_address=checks)
    saved(
        Message(
            key=f"poison:{kind}:{rules.occurrence(rule.timing, event.starts_at)}",
            kind=kind,
            locale=("de", "sl", "en")[guest.id % 3],
            to_address="guest@example.org",
            to_name=text[:200],
            event_id=event.id,
            registration_id=guest.id,
            rule_id=rule_id,
            facts=facts,
            state=MessageState.QUEUED,
            created_at=NOW,
            due_at=NOW,
        )
    )
