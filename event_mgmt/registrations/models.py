"""Tables of registrations, attendees and their sensitive answers."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TypedDict

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from event_mgmt.core.database import Model
from event_mgmt.core.text import full_name, sort_key
from event_mgmt.core.tokens import first_version
from event_mgmt.core.types import UtcDateTime, enum_column, key_text
from event_mgmt.events.enums import EventStatus
from event_mgmt.registrations.enums import Source, Status
from event_mgmt.registrations.party import Answer
from event_mgmt.registrations.people.mailboxes import mailbox_of


def new_calendar_uid() -> str:
    """The identity of a new entry in somebody's calendar, as RFC 7986, 5.3 asks for it."""
    return str(uuid.uuid4())


def _parameters(context: DefaultExecutionContext) -> dict[str, str | None]:
    """The columns of the row that is being written."""
    return context.get_current_parameters()  # type: ignore[no-untyped-call]  # SQLAlchemy has no types for it


def _mailbox(context: DefaultExecutionContext) -> str:
    return mailbox_of(_parameters(context).get("email") or "")


class Consent(TypedDict):
    """Which version of a notice was shown, and when (ISO 8601)."""

    version: str
    at: str


class ProposedPerson(TypedDict):
    """A person of a proposed party, without the sensitive answers."""

    given_name: str
    family_name: str
    form_of_address: str
    academic_title: str
    function: str
    organisation: str
    country: str
    phone: str
    answers: dict[str, Answer]


class ProposedParty(TypedDict):
    """A proposed party as it is stored; ``shares_name`` is what it was, and what is wanted."""

    locale: str
    message: str
    shares_name: list[bool]
    people: list[ProposedPerson]


class Registration(Model):
    """One party: a contact with companions.

    ``mailbox`` follows the address: what its spellings have in common. ``address_confirmed_at`` is
    when somebody showed, through a personal link, to be the one who reads it.

    ``nonce`` is unique per event, so that a form sent twice is one registration. ``link_version``
    rises to revoke the personal link. ``consents`` is {kind: {version, at}}. ``queued_at`` orders
    the waiting list. ``erased_at`` is when the people's data went; what is left holds seats and
    counts, and nobody's name. ``calendar_uid`` and ``calendar_sequence`` are the identity and the
    newest version of the entry in the contact's calendar (calendar_entries.py).
    """

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("event_id", "nonce"),
        CheckConstraint("seats >= 1", name="seats"),
        Index("ix_registrations_event_id_status_queued_at", "event_id", "status", "queued_at"),
        Index("ix_registrations_event_id_email", "event_id", "email"),
        Index("ix_registrations_email", "email"),
        Index("ix_registrations_mailbox", "mailbox"),
        Index("ix_registrations_status_offer_expires_at", "status", "offer_expires_at"),
        Index("ix_registrations_pool_id_status", "pool_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    pool_id: Mapped[int] = mapped_column(ForeignKey("seat_pools.id"))
    status: Mapped[Status] = mapped_column(enum_column(Status))
    email: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(2))
    seats: Mapped[int]
    source: Mapped[Source] = mapped_column(enum_column(Source), default=Source.WEB)
    nonce: Mapped[str] = mapped_column(String(64))
    link_version: Mapped[int] = mapped_column(default=first_version)
    consents: Mapped[dict[str, Consent]] = mapped_column(JSON, default=dict)
    shares_name: Mapped[bool] = mapped_column(default=False)
    message: Mapped[str] = mapped_column(Text, default="")
    staff_note: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    mailbox: Mapped[str] = mapped_column(String(254), default=_mailbox, server_default="")
    address_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address_failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    queued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offer_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    calendar_uid: Mapped[str | None] = mapped_column(String(300), default=new_calendar_uid)
    calendar_sequence: Mapped[int] = mapped_column(default=0, server_default="0")

    attendees: Mapped[list[Attendee]] = relationship(
        cascade="all, delete-orphan", order_by="Attendee.position", back_populates="registration"
    )

    @property
    def privacy_version(self) -> str:
        """Which privacy notice the contact was shown; '' where none was."""
        shown = self.consents.get("privacy")
        return shown["version"] if shown else ""

    @property
    def is_anybody_checked_in(self) -> bool:
        """Whether somebody of the party has come already."""
        return any(attendee.checked_in_at is not None for attendee in self.attendees)

    @validates("email")
    def _follow_the_address(self, _name: str, email: str) -> str:
        if mailbox_of(email) != self.mailbox:
            self.mailbox = mailbox_of(email)
            self.address_confirmed_at = None
        return email


def _organisation_key(context: DefaultExecutionContext) -> str:
    return sort_key("sl", _parameters(context).get("organisation") or "")


class Attendee(Model):
    """One body, one badge. Position 0 is the contact, the others are companions.

    Of people with one name ``given_name`` is empty; ``full_name`` is a column of queries too.

    ``answers`` is {question id as text: answer}; the sensitive ones are kept apart. The sort keys
    order by surname for German and English (``sort_key``) and Slovenian readers; the key of the
    organisation follows it by itself. ``decided_name`` is the name under which an organiser decided
    about somebody whom a guest has corrected since (decided.py).
    """

    __tablename__ = "attendees"
    __table_args__ = (
        UniqueConstraint("registration_id", "position"),
        Index("ix_attendees_event_id_sort_key", "event_id", "sort_key", "id"),
        Index("ix_attendees_event_id_sort_key_sl", "event_id", "sort_key_sl", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    position: Mapped[int] = mapped_column(default=0)
    form_of_address: Mapped[str] = mapped_column(String(20), default="")
    academic_title: Mapped[str] = mapped_column(String(40), default="")
    given_name: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))
    function: Mapped[str] = mapped_column(String(160), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    answers: Mapped[dict[str, Answer]] = mapped_column(JSON, default=dict)
    search_text: Mapped[str] = mapped_column(Text, default="")
    sort_key: Mapped[str] = mapped_column(key_text(255), default="")
    sort_key_sl: Mapped[str] = mapped_column(key_text(255), default="")
    organisation_key: Mapped[str] = mapped_column(key_text(255), default=_organisation_key)
    decided_name: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    checked_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    registration: Mapped[Registration] = relationship(back_populates="attendees")
    sensitive: Mapped[SensitiveAnswers | None] = relationship(cascade="all, delete-orphan")

    @validates("organisation")
    def _keep_the_key(self, _name: str, organisation: str) -> str:
        self.organisation_key = sort_key("sl", organisation)
        return organisation

    @hybrid_property
    def full_name(self) -> str:
        """Given and family name, or the only one; '' of those whose data have gone."""
        return full_name(self.given_name, self.family_name)

    @full_name.inplace.expression
    @classmethod
    def _full_name_in_queries(cls) -> ColumnElement[str]:
        return func.trim(cls.given_name + " " + cls.family_name)

    @property
    def is_companion(self) -> bool:
        """Whether the person comes along with the contact."""
        return self.position > 0


class SensitiveAnswers(Model):
    """Answers that may touch health or belief (Art. 9 GDPR); erased sooner than the rest."""

    __tablename__ = "sensitive_answers"

    attendee_id: Mapped[int] = mapped_column(
        ForeignKey("attendees.id", ondelete="CASCADE"), primary_key=True
    )
    answers: Mapped[dict[str, Answer]] = mapped_column(JSON, default=dict)


class ChangeProposal(Model):
    """What a guest wants to change, and what is not in force yet; see ``proposal_commands``.

    ``party`` is the whole party as it would be, without the sensitive answers; those stand apart,
    person by person. ``version`` is another one with each proposal, and what decides about one,
    or confirms its ``email``, names it.
    """

    __tablename__ = "change_proposals"
    __table_args__ = (Index("ix_change_proposals_email", "email"),)

    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registrations.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    version: Mapped[int] = mapped_column(default=first_version)
    email: Mapped[str] = mapped_column(String(254))
    party: Mapped[ProposedParty] = mapped_column(JSON)
    sensitive: Mapped[list[dict[str, Answer]]] = mapped_column(JSON)
    needs_decision: Mapped[bool]
    checks_address: Mapped[bool]
    address_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def awaits_address(self) -> bool:
        """Whether its new address is to be confirmed first."""
        return self.checks_address and self.address_confirmed_at is None

    @property
    def awaits_decision(self) -> bool:
        """Whether organisers decide about it now."""
        return self.needs_decision and not self.awaits_address


class LastAnnouncement(Model):
    """What the last mail that a relay took for an address said (``mails.last_announcements``).

    It belongs to registration and address: a corrected address was told nothing. ``online_url`` is
    ``None`` while no mail has told it. ``is_doubtful``: since then a mail may have arrived, or may
    not. Refers to its registration without a foreign key, as messages do: writing down what a
    relay has taken waits for nobody who holds the registration.
    """

    __tablename__ = "last_told"
    __table_args__ = (Index("ix_last_told_address", "address"),)

    registration_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    status: Mapped[EventStatus] = mapped_column(enum_column(EventStatus))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    time_zone: Mapped[str] = mapped_column(String(60))
    venue_name: Mapped[str] = mapped_column(String(200))
    venue_address: Mapped[str] = mapped_column(String(300))
    city: Mapped[str] = mapped_column(String(120))
    country: Mapped[str] = mapped_column(String(2))
    online_url: Mapped[str | None] = mapped_column(String(500))
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_doubtful: Mapped[bool] = mapped_column(default=False)


class AnonymousCount(Model):
    """How many people of one country were at an event whose data have gone.

    Counted by contingent and status before the countries go, and not together with anything else
    that could tell who it was.
    """

    __tablename__ = "kept_numbers"

    event_id: Mapped[int] = mapped_column(
        ForeignKey("events.id", ondelete="CASCADE"), primary_key=True
    )
    pool_id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[Status] = mapped_column(enum_column(Status), primary_key=True)
    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    people: Mapped[int]
