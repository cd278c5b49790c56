"""Tables of organisations, sectors and cooperation agreements."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, Column, ForeignKey, LargeBinary, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from event_mgmt.core.database import Model
from event_mgmt.core.localized import Localized, LocalizedText
from event_mgmt.core.types import enum_column

SECTOR_CODE_LENGTH: Final = 40


class OrganisationKind(StrEnum):
    """What an organisation is."""

    CLUSTER = "cluster"
    CHAMBER = "chamber"
    CONSULATE = "consulate"
    ASSOCIATION = "association"
    INSTITUTION = "institution"
    COMPANY = "company"


organisation_sectors = Table(
    "organisation_sectors",
    Model.metadata,
    Column("organisation_id", ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True),
    Column("sector_id", ForeignKey("sectors.id", ondelete="CASCADE"), primary_key=True),
)
agreement_parties = Table(
    "agreement_parties",
    Model.metadata,
    Column("agreement_id", ForeignKey("agreements.id", ondelete="CASCADE"), primary_key=True),
    Column("organisation_id", ForeignKey("organisations.id"), primary_key=True),
)


class Sector(Model):
    """A branch of industry or public life, by which guests look for events."""

    __tablename__ = "sectors"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(SECTOR_CODE_LENGTH), unique=True)
    name: Mapped[Localized] = mapped_column(LocalizedText)


class Organisation(Model):
    """A body that hosts or co-hosts events, and is a controller of its guests' data."""

    __tablename__ = "organisations"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[OrganisationKind] = mapped_column(enum_column(OrganisationKind))
    name: Mapped[Localized] = mapped_column(LocalizedText)
    short_name: Mapped[Localized] = mapped_column(LocalizedText)
    initials: Mapped[str] = mapped_column(String(4))
    accent: Mapped[str] = mapped_column(String(7))
    country: Mapped[str] = mapped_column(String(2))
    city: Mapped[str] = mapped_column(String(120), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    privacy_contact: Mapped[str] = mapped_column(String(300), default="")
    about: Mapped[Localized] = mapped_column(LocalizedText, default=Localized)
    logo: Mapped[str] = mapped_column(String(80), default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))

    sectors: Mapped[list[Sector]] = relationship(
        secondary=organisation_sectors, order_by=Sector.code
    )


class Logo(Model):
    """A logo's picture, named by its content.

    It is kept in the database, so that backups and several machines have it too.
    """

    __tablename__ = "logos"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Agreement(Model):
    """A cooperation agreement under which organisations act together."""

    __tablename__ = "agreements"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[Localized] = mapped_column(LocalizedText)
    signed_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(120), default="")

    parties: Mapped[list[Organisation]] = relationship(
        secondary=agreement_parties, order_by=Organisation.id
    )
