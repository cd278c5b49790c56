"""Erasing a person everywhere. Every verb is one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import union

from event_mgmt.audit import service as audit
from event_mgmt.audit.service import SYSTEM, Actor
from event_mgmt.core import compaction
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing
from event_mgmt.privacy import erasure, ledger


@transactional
def erase_person(
    address: str, *, by: Actor, now: datetime, host_ids: Collection[int] | None = None
) -> dict[str, int]:
    """Erase whoever is behind ``address``; gives what went, by kind of data.

    That is each party registered with the address (called off first where its event is still to
    come, so that the seats go on), the mails to it, the account, lists that wait to be imported,
    and the name wherever staff wrote it down. With ``host_ids`` only at events of these
    organisations, and not the account. The ledger and the history note it without naming
    anybody. Refusals: OwnAccount, AccountStillNeeded; Missing for no address at all.
    """
    address = ledger.normalized(address)
    if not address:
        raise Missing
    reach = erasure.reach_of(host_ids)
    subject = erasure.find(address, reach)
    for data in erasure.declared():
        if data.check_erasable:
            data.check_erasable(subject, by)
    counts = erasure.erase(subject, reach, by=by, now=now)
    compaction.mark_due()
    hosts = [None] if reach.host_ids is None else sorted(reach.host_ids)
    ledger.record(address, host_ids=hosts, counts=counts, now=now)
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
    found = list(ledger.found_among(_addresses()))
    return sum(_erase_again(address, entry, now=now) for address, entry in found)


@transactional
def _erase_again(address: str, entry: ledger.LedgerEntry, *, now: datetime) -> bool:
    host_ids = None if entry.host_id is None else frozenset({entry.host_id})
    reach = erasure.reach_of(host_ids, until=entry.erased_at)
    counts = erasure.erase(erasure.find(address, reach), reach, by=SYSTEM, now=now)
    compaction.mark_due()
    if not any(counts.values()):
        return False
    audit.record(
        "privacy.person_erased_again",
        by=SYSTEM,
        now=now,
        subject="privacy",
        organisation_id=entry.host_id,
        changes=dict(counts),
    )
    return True


def _addresses() -> Iterator[str]:
    """Every address that anything is known about, each once."""
    every = union(*(data.addresses() for data in erasure.declared() if data.addresses))
    streamed = db.session.execute(every, execution_options={"yield_per": 1000})
    yield from streamed.scalars()


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
