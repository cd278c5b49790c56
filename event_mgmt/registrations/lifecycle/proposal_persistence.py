"""A proposed change as a row: one per registration, replaced by the next."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select, update

from event_mgmt.core.database import db
from event_mgmt.core.tokens import first_version
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.registrations import rules
from event_mgmt.registrations.enums import OPEN
from event_mgmt.registrations.models import ChangeProposal, Registration
from event_mgmt.registrations.party import Party, Person

_NO_SYNC = {"synchronize_session": False}


def find_proposal(registration_id: int) -> ChangeProposal | None:
    """What is proposed for a registration, as it stands in the database at this moment."""
    wanted = select(ChangeProposal).where(ChangeProposal.registration_id == registration_id)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def replace_proposal(
    registration: Registration,
    party: Party,
    *,
    needs_decision: bool,
    checks_address: bool,
    now: datetime,
) -> ChangeProposal:
    """Keep ``party`` as what is proposed, instead of whatever was before."""
    delete_proposals([registration.id])
    proposal = ChangeProposal(
        registration_id=registration.id,
        version=first_version(),
        email=party.email,
        party=_as_json(party, shared_before=registration.shares_name),
        sensitive=[dict(person.sensitive) for person in party.people],
        needs_decision=needs_decision,
        checks_address=checks_address,
        made_at=now,
    )
    db.session.add(proposal)
    db.session.flush()
    return proposal


def delete_proposals(registration_ids: Collection[int]) -> int:
    """Delete what is proposed for these registrations; gives of how many."""
    gone = db.session.execute(
        delete(ChangeProposal)
        .where(ChangeProposal.registration_id.in_(registration_ids))
        .returning(ChangeProposal.registration_id),
        execution_options={"synchronize_session": "fetch"},
    )
    return len(gone.all())


def ids_with_address(
    address: str, *, event_ids: Select[int] | Collection[int] | None = None
) -> list[int]:
    """The registrations that a proposal would move to ``address``; at these events, or at all."""
    named = select(Registration.id).join(
        ChangeProposal, ChangeProposal.registration_id == Registration.id
    )
    named = named.where(ChangeProposal.email == address)
    if event_ids is not None:
        named = named.where(Registration.event_id.in_(event_ids))
    return list(db.session.scalars(named))


def delete_sensitive_answers(registration_ids: Collection[int]) -> None:
    """Let the sensitive answers in what is proposed go."""
    db.session.execute(
        update(ChangeProposal)
        .where(ChangeProposal.registration_id.in_(registration_ids))
        .values(sensitive=[]),
        execution_options=_NO_SYNC,
    )


def move_to_sensitive(event_id: int, keys: Sequence[str]) -> None:
    """Move the answers to these questions of an event to the sensitive ones."""
    wanted = select(ChangeProposal).join(
        Registration, Registration.id == ChangeProposal.registration_id
    )
    for proposal in db.session.scalars(wanted.where(Registration.event_id == event_id)):
        people = proposal.party["people"]
        apart = proposal.sensitive or [{} for _person in people]
        moved = [{k: v for k, v in one["answers"].items() if k in keys} for one in people]
        left = [{k: v for k, v in one["answers"].items() if k not in keys} for one in people]
        proposal.sensitive = [{**one, **more} for one, more in zip(apart, moved, strict=True)]
        proposal.party = {
            **proposal.party,
            "people": [{**one, "answers": rest} for one, rest in zip(people, left, strict=True)],
        }


def delete_expired(now: datetime) -> None:
    """Delete what has ended with its event, or whose new address nobody confirmed in time."""
    over = (
        select(Registration.id)
        .join(Event, Event.id == Registration.event_id)
        .where(
            or_(
                Registration.status.not_in(OPEN),
                Event.status.in_((EventStatus.CANCELLED, EventStatus.FINISHED)),
                (Event.ends_at <= now) & (Event.status != EventStatus.POSTPONED),
            )
        )
    )
    unconfirmed = ChangeProposal.checks_address & ChangeProposal.address_confirmed_at.is_(None)
    late = ChangeProposal.made_at <= now - rules.ADDRESS_CHECK_LASTS
    db.session.execute(
        delete(ChangeProposal).where(
            or_(ChangeProposal.registration_id.in_(over), unconfirmed & late)
        ),
        execution_options=_NO_SYNC,
    )


def awaiting_decision(registration_id: object) -> ColumnElement[bool]:
    """Whether something is proposed for that registration (a value or column) and to be decided."""
    return exists().where(ChangeProposal.registration_id == registration_id, *_TO_DECIDE)


_TO_DECIDE = (
    ChangeProposal.needs_decision,
    ~ChangeProposal.checks_address | ChangeProposal.address_confirmed_at.is_not(None),
)


def pending_by_event(event_ids: Collection[int]) -> dict[int, int]:
    """How many proposed changes await a decision at each of these events."""
    counted = (
        select(Registration.event_id, func.count())
        .join(ChangeProposal, ChangeProposal.registration_id == Registration.id)
        .where(Registration.event_id.in_(event_ids), *_TO_DECIDE)
        .group_by(Registration.event_id)
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}


def _as_json(party: Party, *, shared_before: bool) -> dict[str, object]:
    people = [asdict(person) for person in party.people]
    return {
        "locale": party.locale,
        "message": party.message,
        "shares_name": [shared_before, party.shares_name],
        "people": [{k: v for k, v in one.items() if k != "sensitive"} for one in people],
    }


def proposed_party(proposal: ChangeProposal, stored: Party) -> Party:
    """The party that is proposed, for a registration that holds ``stored`` now.

    Whether the name is shared was perhaps said once more since; then the later word counts.
    """
    held = proposal.party
    sensitive = proposal.sensitive or [{} for _person in held["people"]]
    contact, *companions = [
        Person(**one, sensitive=apart) for one, apart in zip(held["people"], sensitive, strict=True)
    ]
    before, wanted = held["shares_name"]
    return Party(
        email=proposal.email,
        locale=held["locale"],
        contact=contact,
        companions=tuple(companions),
        message=held["message"],
        shares_name=wanted if stored.shares_name == before else stored.shares_name,
        privacy_version=stored.privacy_version,
    )
