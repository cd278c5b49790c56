"""The list of participants: those who agreed to be on it, for those who come.

The consent (Art. 6 (1) (a) GDPR) is the contact's, for name and organisation; companions were not
asked and are counted only. It is taken back as easily as it is given, at any time (Art. 7 (3)).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from event_mgmt.audit import service as audit
from event_mgmt.audit.service import PARTICIPANT
from event_mgmt.core.database import db, transactional
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.lifecycle import persistence, transitions
from event_mgmt.registrations.models import Attendee, Registration


@dataclass(frozen=True)
class ListedParticipant:
    """One line of the list."""

    name: str
    organisation: str


@dataclass(frozen=True)
class ParticipantList:
    """Who comes besides one's own party: some by name, the rest as a number.

    ``total`` is how many are named in all, ``people`` those of one page.
    """

    people: list[ListedParticipant]
    total: int
    unnamed: int


def other_participants(
    registration: Registration, *, locale: str, first: int, size: int
) -> ParticipantList:
    """Those who come besides ``registration``'s own party, ``size`` of them from ``first`` (0).

    The caller has checked that the viewer may see them (``rules.may_see_others``).
    """
    comes = (
        Registration.event_id == registration.event_id,
        Registration.status == Status.CONFIRMED,
        Registration.id != registration.id,
    )
    seats, total = db.session.execute(
        select(
            func.coalesce(func.sum(Registration.seats), 0),
            func.count().filter(Registration.shares_name),
        ).where(*comes)
    ).one()
    return ParticipantList(_named(comes, locale, first, size), total, int(seats) - total)


def _named(
    comes: tuple[ColumnElement[bool], ...], locale: str, first: int, size: int
) -> list[ListedParticipant]:
    key = Attendee.sort_key_sl if locale == "sl" else Attendee.sort_key
    found = db.session.execute(
        select(
            Attendee.academic_title,
            Attendee.given_name,
            Attendee.family_name,
            Attendee.organisation,
        )
        .join(Registration, Attendee.registration_id == Registration.id)
        .where(*comes, Registration.shares_name, Attendee.position == 0)
        .order_by(key, Attendee.id)
        .limit(size)
        .offset(first)
    )
    return [
        ListedParticipant(" ".join(part for part in name if part), house) for *name, house in found
    ]


@transactional
def share_name(registration_id: int, *, shares: bool, privacy_version: str, now: datetime) -> None:
    """Put a contact on the list of participants, or take it off. Missing where there is none.

    ``privacy_version`` names the privacy notice that was shown.
    """
    _ground, registration = transitions.lock_registration(registration_id)
    if registration.shares_name == shares:
        return
    registration.shares_name = shares
    registration.changed_at = now
    registration.consents = persistence.with_sharing_consent(
        registration.consents, shares=shares, version=privacy_version, now=now
    )
    audit.record(
        "registration.changed",
        by=PARTICIPANT,
        now=now,
        subject="registration",
        subject_id=registration_id,
        event_id=registration.event_id,
        changes={"fields": ["shares_name"]},
    )
