"""Tables of events: texts, times, places, partners, programme, questions and seat pools."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from event_mgmt.accounts.policy import AttendeeScope, EventParties, PartnerAccess
from event_mgmt.core.database import Model
from event_mgmt.core.localized import Localized, LocalizedText
from event_mgmt.core.types import UtcDateTime, enum_column
from event_mgmt.events.enums import (
    AttendeeAccess,
    EventKind,
    EventStatus,
    PartnerStatus,
    QuestionKind,
    Visibility,
    WaitingListMode,
)
from event_mgmt.organisations.models import Agreement, Organisation, Sector

event_sectors = Table(
    "event_sectors",
    Model.metadata,
    Column("event_id", ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    Column("sector_id", ForeignKey("sectors.id"), primary_key=True, index=True),
)


class Event(Model):
    """One event.

    ``revision`` rises with every change that guests must hear of (RFC 5545 SEQUENCE); ``version``
    with every change at all, so that two editors notice each other. ``nonce`` is that of the form
    it was made with, so that a form sent twice is one event. ``postponed_from`` is the last start
    that was announced and no longer holds.
    """

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="times"),
        CheckConstraint("largest_party >= 1", name="largest_party"),
        Index("ix_events_status_visibility_starts_at", "status", "visibility", "starts_at"),
        Index("ix_events_visibility_ends_at", "visibility", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[EventKind] = mapped_column(enum_column(EventKind))
    status: Mapped[EventStatus] = mapped_column(enum_column(EventStatus), default=EventStatus.DRAFT)
    visibility: Mapped[Visibility] = mapped_column(
        enum_column(Visibility), default=Visibility.PUBLIC
    )
    host_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreements.id"))

    title: Mapped[Localized] = mapped_column(LocalizedText)
    summary: Mapped[Localized] = mapped_column(LocalizedText, default=Localized)
    description: Mapped[Localized] = mapped_column(LocalizedText, default=Localized)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    search_text: Mapped[str] = mapped_column(Text, default="")

    time_zone: Mapped[str] = mapped_column(String(60), default="Europe/Berlin")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    postponed_from: Mapped[datetime | None] = mapped_column(UtcDateTime)

    venue_name: Mapped[str] = mapped_column(String(200), default="")
    venue_address: Mapped[str] = mapped_column(String(300), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    country: Mapped[str] = mapped_column(String(2), default="DE")
    directions: Mapped[Localized] = mapped_column(LocalizedText, default=Localized)
    online_url: Mapped[str] = mapped_column(String(500), default="")

    registration_opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    registration_closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changes_close_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approval_needed: Mapped[bool] = mapped_column(default=False)
    address_check: Mapped[bool] = mapped_column(default=False)
    largest_party: Mapped[int] = mapped_column(default=4)
    waiting_list: Mapped[WaitingListMode] = mapped_column(
        enum_column(WaitingListMode), default=WaitingListMode.OFFER
    )
    offer_hours: Mapped[int] = mapped_column(default=24)
    fee_note: Mapped[Localized] = mapped_column(LocalizedText, default=Localized)
    reply_to: Mapped[str] = mapped_column(String(254), default="")
    retention_months: Mapped[int] = mapped_column(default=12)
    sensitive_days: Mapped[int] = mapped_column(default=14)

    revision: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    cancel_reason: Mapped[Localized] = mapped_column(LocalizedText, default=Localized)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    nonce: Mapped[str | None] = mapped_column(String(64), unique=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    host: Mapped[Organisation] = relationship()
    agreement: Mapped[Agreement | None] = relationship()
    sectors: Mapped[list[Sector]] = relationship(secondary=event_sectors, order_by=Sector.code)
    partners: Mapped[list[Partner]] = relationship(
        cascade="all, delete-orphan", order_by="Partner.id", back_populates="event"
    )
    programme: Mapped[list[ProgrammeItem]] = relationship(
        cascade="all, delete-orphan", order_by="ProgrammeItem.starts_at, ProgrammeItem.id"
    )
    questions: Mapped[list[Question]] = relationship(
        cascade="all, delete-orphan", order_by="Question.position, Question.id"
    )
    pools: Mapped[list[SeatPool]] = relationship(
        cascade="all, delete-orphan", order_by="SeatPool.id"
    )

    @property
    def hosts(self) -> list[Organisation]:
        """The host and the co-hosts that have accepted, in this order."""
        return [self.host, *(partner.organisation for partner in self.accepted_partners)]

    @property
    def accepted_partners(self) -> list[Partner]:
        """The co-hosts that have accepted."""
        return [partner for partner in self.partners if partner.status is PartnerStatus.ACCEPTED]

    @property
    def expected_hosts(self) -> list[Organisation]:
        """The host and the co-hosts that have not declined."""
        invited = [p.organisation for p in self.partners if p.status is not PartnerStatus.DECLINED]
        return [self.host, *invited]

    @property
    def is_draft(self) -> bool:
        """Whether only its organisers see it."""
        return self.status is EventStatus.DRAFT

    @property
    def is_published(self) -> bool:
        """Whether it is online with a date that holds."""
        return self.status is EventStatus.PUBLISHED

    @property
    def is_postponed(self) -> bool:
        """Whether it is online without a date that holds."""
        return self.status is EventStatus.POSTPONED

    def parties(self) -> EventParties:
        """What the policy must know of this event."""
        return EventParties(
            host_id=self.host_id,
            partners={
                partner.organisation_id: PartnerAccess(
                    accepted=partner.status is PartnerStatus.ACCEPTED,
                    declined=partner.status is PartnerStatus.DECLINED,
                    attendee_scope=AttendeeScope(partner.attendee_access.value),
                )
                for partner in self.partners
            },
        )


class Partner(Model):
    """A co-host: it is invited, answers on its own desk, and sees what it was granted."""

    __tablename__ = "event_partners"
    __table_args__ = (UniqueConstraint("event_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    status: Mapped[PartnerStatus] = mapped_column(
        enum_column(PartnerStatus), default=PartnerStatus.INVITED
    )
    attendee_access: Mapped[AttendeeAccess] = mapped_column(
        enum_column(AttendeeAccess), default=AttendeeAccess.NONE
    )
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    event: Mapped[Event] = relationship(back_populates="partners")
    organisation: Mapped[Organisation] = relationship()


class ProgrammeItem(Model):
    """One point of the programme; ``speakers`` is a list of {name, function, organisation}."""

    __tablename__ = "programme_items"
    __table_args__ = (CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="times"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    title: Mapped[Localized] = mapped_column(LocalizedText)
    description: Mapped[Localized] = mapped_column(LocalizedText, default=Localized)
    place: Mapped[str] = mapped_column(String(200), default="")
    speakers: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)


class Question(Model):
    """A question of the organiser's own.

    ``options`` is a list of {key, label: {de, sl, en}}; ``retired_options`` are those that are
    offered no more, so that answers given with them keep their words. It is asked only if
    ``shown_if_question`` was answered with ``shown_if_value``. ``revision`` rises when its wording
    changes; a question with answers is retired, not deleted.
    """

    __tablename__ = "questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[QuestionKind] = mapped_column(enum_column(QuestionKind))
    label: Mapped[Localized] = mapped_column(LocalizedText)
    help: Mapped[Localized] = mapped_column(LocalizedText, default=Localized)
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    retired_options: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, default=list, server_default="[]"
    )
    is_required: Mapped[bool] = mapped_column(default=False)
    is_sensitive: Mapped[bool] = mapped_column(default=False)
    asks_companions: Mapped[bool] = mapped_column(default=False)
    shown_if_question: Mapped[int | None] = mapped_column(ForeignKey("questions.id"))
    shown_if_value: Mapped[str] = mapped_column(String(200), default="")
    revision: Mapped[int] = mapped_column(default=1)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SeatPool(Model):
    """A contingent of seats: the general one, or an organisation's own.

    ``taken`` always equals the seats of live registrations; the CHECK is the last line of defence.
    """

    __tablename__ = "seat_pools"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND taken <= capacity", name="seats"),
        UniqueConstraint("event_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)

    organisation: Mapped[Organisation | None] = relationship()
