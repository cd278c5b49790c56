"""Erasing a person everywhere. Every verb is one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Select, select, union

from event_mgmt.accounts import erasure as account_erasing, queries as account_queries
from event_mgmt.accounts.models import Membership, User
from event_mgmt.attendee_lists import erasure as list_erasing
from event_mgmt.audit import erasure as history, service as audit
from event_mgmt.audit.service import SYSTEM, Actor
from event_mgmt.core import compaction
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing
from event_mgmt.events.models import Event
from event_mgmt.mail import erasure as mail_erasure
from event_mgmt.mail.models import Message
from event_mgmt.privacy import ledger
from event_mgmt.privacy.redaction import Traces, redacted_value
from event_mgmt.registration_desk.imports import uploads as import_uploads
from event_mgmt.registrations import erasure as party_erasing
from event_mgmt.registrations.lifecycle import proposal_persistence
from event_mgmt.registrations.mails import last_announcements
from event_mgmt.registrations.models import ChangeProposal, Registration

_TELLING_SUBJECTS: Final = ("export",)
"""What history entries are about whose details may name a guest: purposes and searches."""


@dataclass(frozen=True)
class Reach:
    """How far an erasure goes: only events that ``host_ids`` host, only data of ``until``.

    Without them it reaches everything there is, the person's account as well.
    """

    host_ids: frozenset[int] | None = None
    until: datetime | None = None

    @property
    def is_everywhere(self) -> bool:
        """Whether it reaches what belongs to no organisation in particular."""
        return self.host_ids is None

    def events(self) -> Select[Any] | None:
        """The events in reach; None for all, and for what belongs to none."""
        if self.host_ids is None:
            return None
        return select(Event.id).where(Event.host_id.in_(self.host_ids))

    def users(self) -> Select[Any] | None:
        """Whose saved views are in reach; None for everybody's."""
        if self.host_ids is None:
            return None
        return select(Membership.user_id).where(Membership.organisation_id.in_(self.host_ids))


@transactional
def erase_person(
    address: str, *, by: Actor, now: datetime, host_ids: Collection[int] | None = None
) -> dict[str, int]:
    """Erase whoever is behind ``address``; gives what went, by kind of data.

    That is each party registered with the address (called off first where its event is still to
    come, so that the seats go on), the mails to it, the account, lists that wait to be imported,
    and the name wherever staff wrote it down. With ``host_ids`` only at events of these
    organisations, and not the account. The ledger and the history note it without naming
    anybody. Refusals: OwnAccount, StillNeeded; Missing for no address at all.
    """
    address = ledger.normal(address)
    if not address:
        raise Missing
    reach = Reach(None if host_ids is None else frozenset(host_ids))
    if reach.is_everywhere and (user := account_queries.user_by_email(address)):
        account_erasing.check_dispensable(user, by_id=by.user_id)
    counts = _erase(address, reach, by=by, now=now)
    hosts = [None] if reach.host_ids is None else sorted(reach.host_ids)
    ledger.note(address, host_ids=hosts, counts=counts, now=now)
    for host_id in hosts:
        audit.record(
            "privacy.person_erased",
            by=by,
            now=now,
            subject="privacy",
            organisation_id=host_id,
            changes=dict(counts),
        )
    return counts


def erase_again(*, now: datetime) -> int:
    """Erase anew whom the ledger knows; gives how many addresses that concerned.

    For a database that was restored from a backup older than an erasure. Only what was last
    changed before the erasure goes: somebody who came back later stays.
    """
    found = list(ledger.remembered_among(_addresses()))
    return sum(_erase_again(address, remembered, now=now) for address, remembered in found)


@transactional
def _erase_again(address: str, remembered: ledger.Remembered, *, now: datetime) -> bool:
    host_ids = None if remembered.host_id is None else frozenset({remembered.host_id})
    reach = Reach(host_ids, until=remembered.erased_at)
    counts = _erase(address, reach, by=SYSTEM, now=now)
    if not any(counts.values()):
        return False
    audit.record(
        "privacy.person_erased_again",
        by=SYSTEM,
        now=now,
        subject="privacy",
        organisation_id=remembered.host_id,
        changes=dict(counts),
    )
    return True


def _addresses() -> Iterator[str]:
    """Every address that anything is known about, each once."""
    every = union(
        select(Registration.email).where(Registration.erased_at.is_(None)),
        select(Message.to_address).where(Message.to_address != ""),
        select(User.email).where(User.erased_at.is_(None)),
        select(ChangeProposal.email),
    )
    streamed = db.session.execute(every, execution_options={"yield_per": 1000})
    yield from streamed.scalars()


def _erase(address: str, reach: Reach, *, by: Actor, now: datetime) -> dict[str, int]:
    parties = party_erasing.of_address(address, host_ids=reach.host_ids, until=reach.until)
    ids = [party.id for party in parties]
    traces = Traces.of([address], party_erasing.names_in(ids))
    called_off = party_erasing.cancel_upcoming(ids, by=by, now=now)
    counts = party_erasing.erase_people(ids, now=now)
    _note_at_events(parties, by=by, now=now)
    mails = mail_erasure.erase_person(
        address, registration_ids=ids, events=reach.events(), until=reach.until
    )
    last_announcements.delete_for_registrations(ids)
    last_announcements.delete_for_address(address, events=reach.events())
    proposed = proposal_persistence.delete_proposals_with_address(address, event_ids=reach.events())
    has_account = reach.is_everywhere and account_queries.user_by_email(address)
    is_known = bool(ids or mails or proposed or has_account)
    # Of whom nothing is known, only a list that holds the address can hold anything.
    uploads = import_uploads.erase_all(reach.events(), holding="" if is_known else address)
    mentions = _reword({party.event_id for party in parties}, reach, traces)
    accounts = _close_account(address, reach, now=now) if reach.is_everywhere else 0
    compaction.mark_due()
    return {
        **counts,
        "called_off": called_off,
        "mails": mails,
        "uploads": uploads,
        "mentions": mentions,
        "accounts": accounts,
    }


def _note_at_events(
    parties: Sequence[party_erasing.RegistrationRef], *, by: Actor, now: datetime
) -> None:
    """Let each event's history say why a registration has no name any more."""
    for party in parties:
        audit.record(
            "registration.erased",
            by=by,
            now=now,
            subject="registration",
            subject_id=party.id,
            event_id=party.event_id,
        )


def _reword(event_ids: Collection[int], reach: Reach, traces: Traces) -> int:
    """Take name and address out of purposes, searches and subjects; gives in how many places."""
    words = partial(redacted_value, traces=traces)
    return (
        mail_erasure.rewrite_subjects(event_ids, words)
        + list_erasing.reword_exports(event_ids, words)
        + list_erasing.reword_saved(reach.users(), words)
        + history.redact(event_ids, _TELLING_SUBJECTS, words)
    )


def _close_account(address: str, reach: Reach, *, now: datetime) -> int:
    user_id = account_erasing.close(address, until=reach.until, now=now)
    if user_id is None:
        return 0
    list_erasing.forget_user(user_id)
    return 1


@transactional
def note_reading(
    action: str,
    counts: Mapping[str, int],
    *,
    by: Actor,
    now: datetime,
    host_id: int | None,
    sha256: str = "",
) -> None:
    """Note that somebody looked at everything about a person, or took it as a file.

    ``action`` is "read" or "taken"; whose data they were is not written down anew.
    """
    audit.record(
        f"privacy.person_{action}",
        by=by,
        now=now,
        subject="privacy",
        organisation_id=host_id,
        changes={**counts, "sha256": sha256} if sha256 else dict(counts),
    )
