"""Cooperation agreements: add them and keep them true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from event_mgmt.audit import differences
from event_mgmt.audit.service import Actor, record
from event_mgmt.core.database import db, transactional
from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Missing
from event_mgmt.organisations import queries, refusals
from event_mgmt.organisations.models import Agreement, Organisation


@dataclass(frozen=True)
class AgreementTerms:
    """Who agreed, when and where, and what it is called."""

    title: Localized
    signed_on: date
    place: str
    party_ids: frozenset[int]


@transactional
def add(terms: AgreementTerms, *, by: Actor, now: datetime) -> Agreement:
    """Add a cooperation agreement. Raises FewParties."""
    agreement = Agreement()
    _write(agreement, terms)
    db.session.add(agreement)
    db.session.flush()
    facts = differences.between({}, _terms_of(agreement))
    _record("agreement_added", agreement, facts, by=by, now=now)
    return agreement


@transactional
def edit(agreement_id: int, terms: AgreementTerms, *, by: Actor, now: datetime) -> None:
    """Change an agreement's words, date or parties. Raises FewParties and Missing."""
    agreement = db.session.get(Agreement, agreement_id)
    if agreement is None:
        raise Missing
    before = _terms_of(agreement)
    _write(agreement, terms)
    changes = differences.between(before, _terms_of(agreement))
    if changes:
        _record("agreement_edited", agreement, changes, by=by, now=now)


def _write(agreement: Agreement, terms: AgreementTerms) -> None:
    if len(terms.party_ids) < 2:
        raise refusals.FewParties
    agreement.title, agreement.place = terms.title, terms.place
    agreement.signed_on = terms.signed_on
    agreement.parties = queries.rows_by_ids(Organisation, terms.party_ids)


def _terms_of(agreement: Agreement) -> dict[str, object]:
    return {
        "title": agreement.title,
        "signed_on": agreement.signed_on,
        "place": agreement.place,
        "parties": sorted(party.slug for party in agreement.parties),
    }


def _record(
    action: str, agreement: Agreement, changes: dict[str, object], *, by: Actor, now: datetime
) -> None:
    record(
        action,
        by=by,
        now=now,
        subject="agreement",
        subject_id=agreement.id,
        changes=changes,
    )
