"""The ledger of erasures: writing it, and carrying it over into a restored database.

An entry holds no personal data: the address is kept as an HMAC-SHA256 under SECRET_KEY, with
which one can tell whether a given address was erased, and nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypedDict

from flask import current_app
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from event_mgmt.core.database import db, transactional
from event_mgmt.privacy.models import Erasure

_PURPOSE: Final = b"event_mgmt.erasures\x00"


def normalized(address: str) -> str:
    """The address as people are compared by it: without surrounding space, without case."""
    return address.strip().lower()


def digest(address: str) -> str:
    """What stands for ``address`` in the ledger."""
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, _PURPOSE + normalized(address).encode(), hashlib.sha256).hexdigest()


def record(
    address: str, *, host_ids: Iterable[int | None], counts: Mapping[str, int], now: datetime
) -> None:
    """Write in the running transaction that ``address`` was erased; one entry for each host."""
    for host_id in host_ids:
        db.session.add(
            Erasure(
                key=secrets.token_hex(16),
                erased_at=now,
                address_digest=digest(address),
                host_id=host_id,
                counts=dict(counts),
            )
        )


class PlainEntry(TypedDict):
    """An erasure as plain values for JSON; the instant in UTC."""

    key: str
    erased_at: str
    address_digest: str
    host_id: int | None
    counts: dict[str, int]


def entries() -> list[PlainEntry]:
    """The whole ledger, the oldest first."""
    found = db.session.scalars(select(Erasure).order_by(Erasure.erased_at, Erasure.id))
    return [
        {
            "key": each.key,
            "erased_at": each.erased_at.isoformat(),
            "address_digest": each.address_digest,
            "host_id": each.host_id,
            "counts": each.counts,
        }
        for each in found
    ]


@transactional
def import_entries(given: Iterable[Mapping[str, object]]) -> int:
    """Take in entries of another copy of this database; gives how many were new.

    What is there already stays as it is, so that admitting twice changes nothing. ValueError for
    what is no entry.
    """
    rows = [_row(entry) for entry in given]
    if not rows:
        return 0
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Erasure).on_conflict_do_nothing(index_elements=[Erasure.key])
    admitted = db.session.execute(statement.returning(Erasure.id), rows)
    return len(admitted.all())


def _row(entry: Mapping[str, object]) -> dict[str, object]:
    try:
        host_id, counts = entry["host_id"], entry["counts"]
        if not isinstance(counts, Mapping):
            raise TypeError("no counts")
        return {
            "key": str(entry["key"]),
            "erased_at": datetime.fromisoformat(str(entry["erased_at"])).astimezone(UTC),
            "address_digest": str(entry["address_digest"]),
            "host_id": None if host_id is None else int(str(host_id)),
            "counts": {str(kind): int(count) for kind, count in counts.items()},
        }
    except (KeyError, TypeError) as error:
        raise ValueError(f"not an entry of the ledger: {error}") from None


@dataclass(frozen=True)
class LedgerEntry:
    """One digest that the ledger holds: until when it reached which hosts (None: everything)."""

    erased_at: datetime
    host_id: int | None


def by_digest() -> dict[str, list[LedgerEntry]]:
    """The ledger for looking up: of one address and host the latest erasure counts."""
    latest: dict[tuple[str, int | None], datetime] = {}
    rows = db.session.execute(select(Erasure.address_digest, Erasure.host_id, Erasure.erased_at))
    for digested, host_id, erased_at in rows:
        known = latest.get((digested, host_id))
        latest[digested, host_id] = max(known, erased_at) if known else erased_at
    found: dict[str, list[LedgerEntry]] = {}
    for (digested, host_id), erased_at in latest.items():
        found.setdefault(digested, []).append(LedgerEntry(erased_at, host_id))
    return found


def found_among(addresses: Iterable[str]) -> Iterator[tuple[str, LedgerEntry]]:
    """Which of ``addresses`` the ledger knows, each with how far it was erased."""
    known = by_digest()
    if not known:
        return
    for address in addresses:
        for each in known.get(digest(address), ()):
            yield address, each
