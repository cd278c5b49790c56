"""Importing a whole list: one transaction, all of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from event_mgmt.audit import service as audit
from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Refusal
from event_mgmt.events.enums import WaitingListMode
from event_mgmt.events.models import Question
from event_mgmt.events.queries import active_questions
from event_mgmt.mail import outbox
from event_mgmt.mail.outbox import MessageDraft
from event_mgmt.registration_desk import queries
from event_mgmt.registration_desk.imports import expected_statuses, uploads
from event_mgmt.registration_desk.imports.expected_statuses import StatusRequest
from event_mgmt.registration_desk.imports.statuses import WITHOUT_SEAT
from event_mgmt.registrations import rules
from event_mgmt.registrations.enums import OPEN, Source, Status
from event_mgmt.registrations.lifecycle import (
    calendar_entries,
    notifications,
    persistence,
    seats,
)
from event_mgmt.registrations.lifecycle.persistence import NewParty
from event_mgmt.registrations.lifecycle.seats import LockedPool
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.party import Party
from event_mgmt.registrations.questions import answers
from event_mgmt.registrations.refusals import EventFull


class RowRefused(Refusal):
    """One row that cannot be entered; nothing of the list was."""

    def __init__(self, row: int, refusal: Refusal) -> None:
        super().__init__(_l("Row %(row)d: %(words)s", row=row, words=str(refusal)))


@dataclass(frozen=True)
class Imported:
    """How many parties were entered with each status, were there already, and get a mail."""

    entered: Mapping[Status, int]
    known: int
    mailed: int


@transactional
def enter_all(
    event_id: int,
    listed: Sequence[tuple[int, Party]],
    *,
    token: str,
    pool_id: int,
    approved: bool,
    wishes: Mapping[int, Status] | None = None,
    tells: bool = True,
    by: Actor,
    now: datetime,
) -> Imported:
    """Enter the parties of a list, (number of the row, party), in their order.

    ``token`` names the list: entered twice, it is entered once. Who is registered already is
    passed over. ``wishes`` are the statuses that the list names, by row: who called off or was not
    accepted takes no seat and is not written to. The others get a mail unless ``tells`` is
    false, and the uploaded list of that name is forgotten with it. Refusals: RegistrationClosed,
    Missing, and RowRefused with the row that stands for what ``service.register`` would refuse.
    """
    locked = seats.lock_event_pool(event_id, pool_id)
    rules.check_takes_guests(locked.terms)
    wishes = wishes or {}
    fresh = _strangers(event_id, listed, wishes, token)
    questions = active_questions(event_id) if locked.has_questions else ()
    checked = [(row, _checked(questions, row, party)) for row, party in fresh]
    statuses = _statuses(locked, checked, wishes, approved=approved)
    newcomers = [
        NewParty(party, status, f"{token}-{row}")
        for (row, party), status in zip(checked, statuses, strict=True)
    ]
    ids = persistence.insert_parties(
        newcomers, event_id=event_id, pool_id=locked.pool_id, source=Source.IMPORT, now=now
    )
    mailed = _tell(event_id, newcomers, ids, now=now) if tells else 0
    _record(event_id, newcomers, ids, mailed=mailed, by=by, now=now)
    uploads.erase(token)
    return Imported(Counter(statuses), len(listed) - len(fresh), mailed)


def _strangers(
    event_id: int,
    listed: Sequence[tuple[int, Party]],
    wishes: Mapping[int, Status],
    token: str,
) -> list[tuple[int, Party]]:
    """Those of the list who are not registered, by this list or in any other way.

    Who called off once may come in by a list, but is not entered as such twice.
    """
    known = set(queries.registered_contacts(event_id, OPEN).people)
    past = queries.registered_contacts(event_id, WITHOUT_SEAT).people
    nonces = set(
        db.session.scalars(
            select(Registration.nonce).where(
                Registration.event_id == event_id,
                Registration.nonce.startswith(f"{token}-", autoescape=True),
            )
        )
    )
    fresh = []
    for row, party in listed:
        who = (party.email, party.contact.folded_name)
        ended = wishes.get(row) in WITHOUT_SEAT
        if who in known or (ended and who in past) or f"{token}-{row}" in nonces:
            continue
        known.add(who)
        fresh.append((row, party))
    return fresh


def _checked(questions: Sequence[Question], row: int, party: Party) -> Party:
    try:
        rules.check_party(party, largest=None)
        return answers.checked_party(questions, party, requires_answers=False)
    except Refusal as refusal:
        raise RowRefused(row, refusal) from refusal


def _statuses(
    locked: LockedPool,
    checked: Sequence[tuple[int, Party]],
    wishes: Mapping[int, Status],
    *,
    approved: bool,
) -> list[Status]:
    """The status of each party; takes the seats that they need, in one step."""
    waits = rules.before_seats(locked.terms, source=Source.IMPORT, approved=approved)
    expected = expected_statuses.statuses(
        [StatusRequest(party.seats, wishes.get(row)) for row, party in checked],
        locked.pool_id,
        queries.pool_seats(locked.event_id) if waits is None else {},
        WaitingListMode(locked.terms.waiting_list),
        waits,
    )
    found: list[Status] = []
    for (row, _party), status in zip(checked, expected, strict=True):
        if status is None:
            raise RowRefused(row, EventFull())
        found.append(status)
    pairs = zip(checked, found, strict=True)
    wanted = sum(party.seats for (_row, party), s in pairs if s is Status.CONFIRMED)
    if wanted and not seats.claim(locked.pool_id, wanted):
        # The pool is held: what was free a statement ago is free now.
        raise EventFull
    return found


def _tell(
    event_id: int, newcomers: Sequence[NewParty], ids: Sequence[int], *, now: datetime
) -> int:
    """Queue everybody's mail, but for those who do not come; gives how many."""
    recipients = [
        (new, id_)
        for new, id_ in zip(newcomers, ids, strict=True)
        if new.status not in WITHOUT_SEAT
    ]
    outbox.enqueue_all(
        (
            MessageDraft(
                key=notifications.message_key(
                    kind := notifications.STATUS_MAIL_KINDS[new.status], id_, now
                ),
                kind=kind,
                to_address=new.party.email,
                to_name=new.party.contact.full_name,
                locale=new.party.locale,
                event_id=event_id,
                registration_id=id_,
                calendar_sequence=calendar_entries.next_sequence(0, now=now),
            )
            for new, id_ in recipients
        ),
        now=now,
    )
    return len(recipients)


def _record(
    event_id: int,
    newcomers: Sequence[NewParty],
    ids: Sequence[int],
    *,
    mailed: int,
    by: Actor,
    now: datetime,
) -> None:
    audit.record_all(
        "registration.entered",
        by=by,
        now=now,
        subject="registration",
        event_id=event_id,
        changes_of={
            id_: {
                "status": [None, new.status],
                "seats": [None, new.party.seats],
                "source": Source.IMPORT,
            }
            for new, id_ in zip(newcomers, ids, strict=True)
        },
    )
    audit.record(
        "registrations.imported",
        by=by,
        now=now,
        subject="event",
        subject_id=event_id,
        event_id=event_id,
        changes={"parties": len(ids), "told": mailed},
    )
