"""An audience: which of an event's parties mails go to, said once for all who write to many."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, func, select, true

from event_mgmt.core.database import db
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.models import Attendee, Registration
from event_mgmt.registrations.recipient_kinds import REGISTRATION


@dataclass(frozen=True)
class Audience:
    """Parties by where they stand, by contingent, and by their contact's country ("" for any).

    Those that were ``picked`` by their ids are meant instead, wherever they stand. Parties that
    want no mail never are; those whose address a relay refused for good, where
    ``even_unreachable``.
    """

    statuses: Collection[Status] = ()
    pool_id: int | None = None
    country: str = ""
    picked: tuple[int, ...] = ()
    even_unreachable: bool = False


IS_CONTACT: Final = and_(Attendee.registration_id == Registration.id, Attendee.position == 0)
"""Whether an attendee is whom a registration's mails are addressed to."""


def is_written_to(*, even_unreachable: bool = False) -> ColumnElement[bool]:
    """Whether a registration wants mail, and whether mail reaches it."""
    is_reachable = true() if even_unreachable else Registration.address_failed_at.is_(None)
    return and_(REGISTRATION.wants_mail(), is_reachable)


def is_meant(event_id: int, audience: Audience) -> ColumnElement[bool]:
    """Whether a registration is in the audience, as far as it says so itself: not by country."""
    if audience.picked:
        is_chosen: ColumnElement[bool] = Registration.id.in_(audience.picked)
    else:
        is_chosen = Registration.status.in_(audience.statuses)
        if audience.pool_id is not None:
            is_chosen = and_(is_chosen, Registration.pool_id == audience.pool_id)
    is_reached = is_written_to(even_unreachable=audience.even_unreachable)
    return and_(Registration.event_id == event_id, is_reached, is_chosen)


def contacts(event_id: int, audience: Audience) -> Select[int, str, str, str]:
    """Whom to write to: each registration's id, language and address, its contact's ``name``."""
    statement = (
        select(
            Registration.id,
            Registration.locale,
            Registration.email,
            Attendee.full_name.label("name"),
        )
        .join(Attendee, IS_CONTACT)
        .where(is_meant(event_id, audience))
    )
    if audience.country and not audience.picked:
        statement = statement.where(Attendee.country == audience.country)
    return statement


def count_contacts(event_id: int, audience: Audience) -> int:
    """How many people mails would reach; nobody where nothing was chosen."""
    found = contacts(event_id, audience).subquery()
    return db.session.execute(select(func.count()).select_from(found)).scalar_one()
