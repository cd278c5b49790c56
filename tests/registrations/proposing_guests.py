"""How a guest proposes a change, and an organiser decides about it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from event_mgmt.audit.service import PARTICIPANT, Actor
from event_mgmt.core.database import db
from event_mgmt.mail.models import Message
from event_mgmt.registrations import commands
from event_mgmt.registrations.changes import proposal_commands
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.lifecycle import proposal_persistence
from event_mgmt.registrations.models import ChangeProposal, Registration
from event_mgmt.registrations.party import Party
from tests.builders import an_event
from tests.readers import fresh
from tests.registrations.parties import a_party, enter

DESK = Actor.user(1)


def accepted(now: datetime, party: Party | None = None, **given: object) -> Registration:
    """A guest whom the organiser has accepted."""
    event = an_event(**{"approval_needed": True, **given})
    registration = enter(event, party or a_party(), now, approved=True)
    assert registration.status is Status.CONFIRMED
    return registration


def ask(registration: Registration, party: Party, now: datetime) -> ChangeProposal | None:
    """The guest sends the form for changes; gives what is proposed then."""
    commands.change(registration.id, party, by=PARTICIPANT, now=now)
    return proposal_persistence.find_proposal(registration.id)


def stamp(registration: Registration) -> str:
    """What an organiser sees who opens the page now."""
    proposal = proposal_persistence.find_proposal(registration.id)
    assert proposal is not None
    return proposal_commands.version_stamp(proposal, fresh(registration))


def decide(
    registration: Registration, now: datetime, *, accept: bool = True, seen: str = ""
) -> None:
    """An organiser decides about what is proposed at this moment."""
    seen = seen or stamp(registration)
    reason = "" if accept else "Der Saal ist klein."
    proposal_commands.decide_proposal(
        registration.id, seen, accept=accept, reason=reason, by=DESK, now=now
    )


def mail_of(kind: str) -> Message:
    """The one mail of that kind."""
    return db.session.scalars(select(Message).where(Message.kind == kind)).one()


def mails_of(kind: str) -> list[Message]:
    """All mails of that kind."""
    return list(db.session.scalars(select(Message).where(Message.kind == kind)))
