"""Reading organisations, sectors and agreements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing
from event_mgmt.core.text import fold
from event_mgmt.organisations.models import Agreement, Logo, Organisation, Sector, agreement_parties


def organisation(organisation_id: int) -> Organisation:
    """The organisation with this id; Missing where there is none."""
    found = db.session.get(Organisation, organisation_id)
    if found is None:
        raise Missing
    return found


def organisation_by_slug(slug: str) -> Organisation:
    """The organisation of this slug; Missing where there is none."""
    found = db.session.scalars(select(Organisation).where(Organisation.slug == slug)).one_or_none()
    if found is None:
        raise Missing
    return found


def organisations_by_ids(ids: Iterable[int]) -> dict[int, Organisation]:
    """The organisations of ``ids`` by id, in one statement; ids that do not exist are left out."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = db.session.scalars(select(Organisation).where(Organisation.id.in_(wanted)))
    return {row.id: row for row in rows}


def organisations_active(on: date) -> list[Organisation]:
    """The organisations that exist ``on`` that day, in the order in which they joined."""
    return list(
        db.session.scalars(
            select(Organisation)
            .where(
                or_(Organisation.valid_from.is_(None), Organisation.valid_from <= on),
                or_(Organisation.valid_to.is_(None), Organisation.valid_to >= on),
            )
            .options(selectinload(Organisation.sectors))
            .order_by(Organisation.id)
        )
    )


def organisations() -> list[Organisation]:
    """All organisations, former ones included, in the order in which they joined."""
    return list(
        db.session.scalars(
            select(Organisation)
            .options(selectinload(Organisation.sectors))
            .order_by(Organisation.id)
        )
    )


def sectors(locale: str) -> list[Sector]:
    """All sectors, by their name in ``locale``."""
    rows = db.session.scalars(select(Sector))
    return sorted(rows, key=lambda sector: (fold(sector.name.into(locale)), sector.code))


def sector(sector_id: int) -> Sector:
    """The sector with this id; Missing where there is none."""
    found = db.session.get(Sector, sector_id)
    if found is None:
        raise Missing
    return found


def agreements(*, party_id: int | None = None) -> list[Agreement]:
    """Cooperation agreements with their parties, newest first; of one party if it is named."""
    query = select(Agreement).options(selectinload(Agreement.parties))
    if party_id is not None:
        query = query.where(
            Agreement.id.in_(
                select(agreement_parties.c.agreement_id).where(
                    agreement_parties.c.organisation_id == party_id
                )
            )
        )
    return list(db.session.scalars(query.order_by(Agreement.signed_on.desc(), Agreement.id)))


def agreement(agreement_id: int) -> Agreement:
    """The agreement with this id; Missing where there is none."""
    found = db.session.scalars(
        select(Agreement)
        .where(Agreement.id == agreement_id)
        .options(selectinload(Agreement.parties))
    ).one_or_none()
    if found is None:
        raise Missing
    return found


Row = TypeVar("Row", Organisation, Sector)


def rows_by_ids(table: type[Row], ids: Iterable[int]) -> list[Row]:
    """The rows of ``table`` with these ids, by id; Missing where one of them does not exist."""
    wanted = set(ids)
    rows = list(db.session.scalars(select(table).where(table.id.in_(wanted)).order_by(table.id)))
    if len(rows) != len(wanted):
        raise Missing
    return rows


def logo(name: str) -> bytes:
    """The picture of this name; Missing where there is none."""
    found = db.session.get(Logo, name)
    if found is None:
        raise Missing
    return found.content
