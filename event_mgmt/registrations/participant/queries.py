"""Reading registrations: what the participant's own page shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing
from event_mgmt.events import rules as event_rules
from event_mgmt.events.enums import AttendeeAccess, PartnerStatus
from event_mgmt.events.models import Event, Partner, Question
from event_mgmt.organisations.models import Organisation
from event_mgmt.registrations.lifecycle import proposal_persistence
from event_mgmt.registrations.models import Attendee, LastAnnouncement, Registration
from event_mgmt.registrations.person_fields import PERSON_FIELD_NAMES
from event_mgmt.registrations.registrable_event import RegistrableEvent


def registration_by_link(registration_id: int, link_version: int) -> Registration:
    """The registration with its people, if the link to it was not revoked; or Missing."""
    found = db.session.scalars(
        select(Registration)
        .where(Registration.id == registration_id, Registration.link_version == link_version)
        .options(selectinload(Registration.attendees).joinedload(Attendee.sensitive))
    ).one_or_none()
    if found is None:
        raise Missing
    return found


def registration_by_id(registration_id: int) -> Registration:
    """A registration whose people have not been erased; or Missing."""
    found = db.session.get(Registration, registration_id)
    if found is None or found.erased_at is not None:
        raise Missing
    return found


def is_link_valid(registration_id: int, link_version: int) -> bool:
    """Whether a personal link leads somewhere."""
    return (
        db.session.execute(
            select(Registration.id).where(
                Registration.id == registration_id, Registration.link_version == link_version
            )
        ).scalar()
        is not None
    )


@dataclass(frozen=True)
class DataAccess:
    """Who sees a registration, and until when the data are kept.

    ``organisations`` are the host and the co-hosts that accepted, each with what it sees of this
    party: everything, as one of its own contingent's or as one of all, or nothing.
    """

    organisations: list[tuple[Organisation, AttendeeAccess]]
    erased_at: datetime
    sensitive_erased_at: datetime | None


def data_access_of(registration: Registration, offer: RegistrableEvent) -> DataAccess:
    """Which organisations see this registration, and when its data go."""
    event = offer.event
    own_pool = {pool.id: pool.organisation_id for pool in event.pools}[registration.pool_id]
    partners = [
        (partner.organisation, _access(partner, own_pool))
        for partner in event.partners
        if partner.status is PartnerStatus.ACCEPTED
    ]
    sensitive = any(attendee.sensitive for attendee in registration.attendees)
    return DataAccess(
        organisations=[(event.host, AttendeeAccess.ALL), *partners],
        erased_at=event_rules.personal_data_erased_at(
            event.ends_at, event.time_zone, months=event.retention_months
        ),
        sensitive_erased_at=event_rules.sensitive_answers_erased_at(
            event.ends_at, event.time_zone, days=event.sensitive_days
        )
        if sensitive
        else None,
    )


def _access(partner: Partner, pool_of: int | None) -> AttendeeAccess:
    """What a co-host really sees of a party in the contingent of the organisation ``pool_of``."""
    if partner.attendee_access is AttendeeAccess.OWN and partner.organisation_id != pool_of:
        return AttendeeAccess.NONE
    return partner.attendee_access


def personal_data_of(
    registration: Registration,
    event: Event,
    questions: Iterable[Question],
    *,
    told: Iterable[LastAnnouncement] = (),
    sensitive: bool = True,
) -> dict[str, object]:
    """All that is stored about a party, for its own hands (Art. 15 and 20 GDPR).

    Answers to ``questions`` (retired ones too: their answers are kept) are given with them;
    ``sensitive`` ones only where asked for. ``told`` is what its mails last said of the event.
    """
    labels = {str(question.id): question.label.as_dict() for question in questions}
    return {
        "event": {
            "title": event.title.as_dict(),
            "starts_at": event.starts_at.isoformat(),
            "time_zone": event.time_zone,
            "hosts": [host.name.as_dict() for host in event.hosts],
        },
        "status": registration.status,
        "email": registration.email,
        "language": registration.locale,
        "seats": registration.seats,
        "source": registration.source,
        "message": registration.message,
        "shares_name": registration.shares_name,
        "consents": registration.consents,
        "registered_at": registration.created_at.isoformat(),
        "changed_at": registration.changed_at.isoformat(),
        "address_confirmed_at": (
            registration.address_confirmed_at.isoformat()
            if registration.address_confirmed_at
            else None
        ),
        "calendar_entry": registration.calendar_uid,
        "proposed_change": _own_proposal(registration.id, sensitive=sensitive),
        "last_told": [_announcement_data(each) for each in told],
        "people": [
            _own_person(attendee, labels, sensitive=sensitive)
            for attendee in registration.attendees
        ],
    }


def _own_proposal(registration_id: int, *, sensitive: bool) -> dict[str, object] | None:
    proposal = proposal_persistence.find_proposal(registration_id)
    if proposal is None:
        return None
    return {
        "made_at": proposal.made_at.isoformat(),
        "email": proposal.email,
        **proposal.party,
        "sensitive_answers": proposal.sensitive if sensitive else [],
    }


def _announcement_data(told: LastAnnouncement) -> dict[str, object]:
    return {
        "address": told.address,
        "at": told.told_at.isoformat(),
        "may_be_outdated": told.is_doubtful,
        "status": told.status,
        "starts_at": told.starts_at.isoformat(),
        "ends_at": told.ends_at.isoformat(),
        "time_zone": told.time_zone,
        "venue_name": told.venue_name,
        "venue_address": told.venue_address,
        "city": told.city,
        "country": told.country,
        "online_url": told.online_url,
    }


def _own_person(
    attendee: Attendee, labels: dict[str, dict[str, str]], *, sensitive: bool
) -> dict[str, object]:
    apart = attendee.sensitive.answers if attendee.sensitive and sensitive else {}
    return {
        **{name: getattr(attendee, name) for name in PERSON_FIELD_NAMES},
        "accepted_as": attendee.decided_name,
        "is_companion": attendee.is_companion,
        "checked_in_at": attendee.checked_in_at.isoformat() if attendee.checked_in_at else None,
        "answers": [
            {"question": labels.get(key, {}), "answer": answer}
            for key, answer in {**attendee.answers, **apart}.items()
        ],
    }
