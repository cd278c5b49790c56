"""Every letter of every room as people get it, in three languages: reviewed like code."""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import icalendar
import pytest
import time_machine
from flask import Flask

from event_mgmt.accounts import one_time_links
from event_mgmt.accounts.models import LinkPurpose, Membership, Role
from event_mgmt.audit.service import ActorKind
from event_mgmt.core.database import db, transactional
from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import EventStatus, PartnerStatus
from event_mgmt.events.models import Event
from event_mgmt.mail import html_rendering, mime_rendering
from event_mgmt.mail.kinds import mail_kinds
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.messaging.enums import Unit
from event_mgmt.messaging.models import GroupMessage
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.mails import last_announcements
from event_mgmt.registrations.models import LastAnnouncement, Registration
from tests.builders import a_partner, a_proposal, a_registration, a_user, an_organisation, saved
from tests.mail import samples
from tests.messaging.builders import a_rule
from tests.reception import START, a_reception

GOLDEN = Path(__file__).parent / "golden" / "letters"
TODAY = START - timedelta(days=30)
REASON = {"reason": "Der Saal ist kleiner als geplant.", "by": ActorKind.USER}
STATUS = {
    "address_check": Status.UNCONFIRMED,
    "registration_received": Status.PENDING,
    "registration_waitlisted": Status.WAITLISTED,
    "seat_offered": Status.OFFERED,
    "registration_declined": Status.DECLINED,
    "registration_cancelled": Status.CANCELLED,
}
EVENT_STATUS = {
    "event_cancelled": EventStatus.CANCELLED,
    "event_postponed": EventStatus.POSTPONED,
}
KINDS = (
    "address_check",
    "registration_received",
    "registration_confirmed",
    "registration_waitlisted",
    "seat_offered",
    "registration_declined",
    "registration_changed",
    "registration_cancelled",
    "registration_again",
    "change_proposed",
    "change_declined",
    "new_address_check",
    "event_changed",
    "event_postponed",
    "event_cancelled",
    "reminder",
    "reminder_test",
    "group_message",
    "partner_invited",
    "colleague_invitation",
    "team_joined",
    "password_reset",
    "password_changed",
)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def _facts(kind: str, event: Event) -> dict[str, Any]:
    """What the message of ``kind`` is about; everything else the notice reads itself."""
    match kind:
        case "registration_declined" | "registration_cancelled":
            return dict(REASON)
        case "registration_changed":
            return {
                "by": ActorKind.USER,
                "changes": [["organisation", "Kos d.o.o.", "Kos & Zajec"]],
            }
        case "change_proposed" | "change_declined":
            changes = [["companions", "Ana Novak", "Ana Novak, Maja Kos"]]
            return {"changes": changes, "unshown": ["answers"], **REASON}
        case "new_address_check":
            return {"version": 7}
        case "reminder_test":
            return {"rule_id": a_rule(event, 7, Unit.DAYS).id}
        case "group_message":
            return {"group_message_id": _group_message(event).id}
        case "partner_invited":
            partner = an_organisation("Chemie.NRW")
            a_partner(event, partner, status=PartnerStatus.INVITED, seats=12)
            return {"organisation_id": partner.id}
        case "colleague_invitation" | "team_joined" | "password_reset" | "password_changed":
            return _facts_of_account(kind, event)
    return {}


def _group_message(event: Event) -> GroupMessage:
    author = a_user(event.host)
    return saved(
        GroupMessage(
            event_id=event.id,
            subject=Localized(de="Parken", sl="Parkiranje", en="Parking"),
            body=Localized(de="Im Hof.", sl="Na dvorišču.", en="In the yard."),
            audience={},
            nonce="n" * 20,
            created_by=author.id,
            created_at=TODAY,
        )
    )


def _facts_of_account(kind: str, event: Event) -> dict[str, Any]:
    inviter = a_user(event.host, Role.ADMINISTRATOR, given_name="Maja", family_name="Kovač")
    user = a_user(event.host, Role.STAFF, given_name="Luka", family_name="Žagar")
    membership: Membership = user.memberships[0]
    purpose = LinkPurpose.PASSWORD_RESET if kind == "password_reset" else LinkPurpose.INVITATION
    return {
        "link_id": _link(user.id, purpose),
        "organisation_id": event.host_id,
        "inviter_id": inviter.id,
        "membership_id": membership.id,
        "user_id": user.id,
    }


@transactional
def _link(user_id: int, purpose: LinkPurpose) -> int:
    return one_time_links.issue(user_id, purpose, now=TODAY).id


def _message(kind: str, locale: str) -> Message:
    event = a_reception(status=EVENT_STATUS.get(kind, EventStatus.PUBLISHED))
    rule = a_rule(event, 7, Unit.DAYS)
    guest = a_registration(
        event,
        status=STATUS.get(kind, Status.CONFIRMED),
        companions=1,
        locale=locale,
        given_name="Luka",
        family_name="Žagar",
        email="luka.zagar@example.org",
        offer_expires_at=TODAY + timedelta(days=1),
    )
    companion = guest.attendees[1]
    companion.given_name, companion.family_name = "Ana", "Novak"
    saved(companion)
    if kind in {"change_proposed", "new_address_check"}:
        a_proposal(guest, email=guest.email, version=7, checks_address="new" in kind, made_at=TODAY)
    if kind == "event_changed":
        _was_told_otherwise(event, guest)
    return saved(
        Message(
            key=f"golden:{rule.id}:{guest.id}:{int(START.timestamp())}",
            kind=kind,
            locale=locale,
            to_address=guest.email,
            to_name="Luka Žagar",
            event_id=event.id,
            registration_id=guest.id,
            rule_id=rule.id,
            facts=_facts(kind, event),
            state=MessageState.QUEUED,
            created_at=TODAY,
            due_at=TODAY,
        )
    )


def _was_told_otherwise(event: Event, guest: Registration) -> None:
    """The confirmation named another date and another place."""
    began = START - timedelta(days=7)
    told = dataclasses.asdict(last_announcements.announcement_of(event, with_link=True))
    told |= {"venue_name": "Rathaus", "venue_address": "Rathausplatz 2", "city": "Köln"}
    told |= {"starts_at": began, "ends_at": began + timedelta(hours=3)}
    saved(LastAnnouncement(**told, registration_id=guest.id, address=guest.email, told_at=TODAY))


def _parts(message: Message) -> tuple[str, str]:
    """The subject over the text, and the HTML; what is random in links is taken out."""
    with html_rendering.in_locale(message.locale):
        letter = mail_kinds().write(message)
    outgoing, subject = mime_rendering.compose_mail(letter, message, now=TODAY)
    mail = message_from_bytes(outgoing.content, policy=policy.default)
    plain, page = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    text = re.sub(
        r"/(registration(?:/new-address)?|password|invitation)/[\w.-]{20,}", r"/\1/TOKEN", plain
    )
    text = re.sub(r"/desk/events/\d+", "/desk/events/ID", text)
    return f"{subject}\n\n{text}".replace("\r\n", "\n"), page


@pytest.mark.parametrize("locale", ["de", "sl", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_letter_reads_as_agreed(sqlite_app: Flask, kind: str, locale: str) -> None:
    """``APPROVE=1`` in the environment writes the files anew."""
    text, page = _parts(_message(kind, locale))
    golden = GOLDEN / f"{kind}_{locale}.txt"
    if os.environ.get("APPROVE"):
        golden.write_text(text)

    assert text == golden.read_text()
    assert f'lang="{locale}"' in page
    assert "Luka" in page or kind == "partner_invited"


BEGIN_WITH_A_NAME = {"colleague_invitation", "team_joined", "partner_invited", "group_message"}


@pytest.mark.parametrize("locale", ["de", "sl"])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in BEGIN_WITH_A_NAME])
def test_after_the_greeting_and_its_comma_the_sentence_goes_on(kind: str, locale: str) -> None:
    _subject, greeting, words, *_rest = (GOLDEN / f"{kind}_{locale}.txt").read_text().split("\n\n")

    assert greeting.endswith(",")
    assert not words[0].isupper() or words.startswith("Sie ")


@pytest.mark.parametrize(
    ("kind", "summary"),
    [
        ("registration_confirmed", "Neujahrsempfang"),
        ("registration_cancelled", "Neujahrsempfang"),
        ("event_cancelled", "Abgesagt: Neujahrsempfang"),
    ],
)
def test_only_a_cancelled_event_is_called_so_in_the_guests_calendar(
    sqlite_app: Flask, kind: str, summary: str
) -> None:
    message = _message(kind, "de")
    guest = db.session.get_one(Registration, message.registration_id)
    guest.confirmed_at = TODAY
    saved(guest)
    with html_rendering.in_locale("de"):
        part = mail_kinds().write(message).calendar

    assert part is not None
    (entry,) = icalendar.Calendar.from_ical(part.body).walk("VEVENT")
    assert entry["SUMMARY"] == summary
    assert (part.method == "CANCEL") == (entry["STATUS"] == "CANCELLED") == ("cancel" in kind)


@pytest.mark.parametrize("locale", ["de", "sl", "en"])
def test_a_reason_stands_only_in_letters_of_its_language(sqlite_app: Flask, locale: str) -> None:
    message = _message("event_cancelled", locale)
    event = db.session.get_one(Event, message.event_id)
    event.cancel_reason = Localized(de="Der Saal ist gesperrt.", sl="Dvorana je zaprta.")
    saved(event)

    text, _page = _parts(message)

    assert ("Der Saal ist gesperrt." in text) == (locale == "de")
    assert ("Dvorana je zaprta." in text) == (locale == "sl")
    assert ("You can read the organiser’s reason on the event’s page." in text) == (locale == "en")


def test_no_letter_is_without_a_file(sqlite_app: Flask) -> None:
    assert set(KINDS) == mail_kinds().names - {samples.KIND}
    assert {path.stem for path in GOLDEN.iterdir()} == {
        f"{kind}_{locale}" for kind in KINDS for locale in ("de", "sl", "en")
    }
