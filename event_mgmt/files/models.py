"""The tables of uploaded and made files, and of their content in chunks."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from event_mgmt.core.database import Model
from event_mgmt.core.types import UtcDateTime, enum_column
from event_mgmt.files.kinds import FileKind

FileId = NewType("FileId", str)
"""A file's random id: 32 characters that fit into a URL, and that nobody guesses."""

ID_LENGTH = 32


class FileState(StrEnum):
    """How far a file has come."""

    ARRIVING = "arriving"  # its chunks are being written
    UNCLAIMED = "unclaimed"  # whole, and no verb has made it count yet
    CLAIMED = "claimed"  # it counts, and may be read
    DISCARDED = "discarded"  # nobody reads it any more; its chunks are on their way out


class StoredFile(Model):
    """A file: whose it is, what for, and how its content can be told whole.

    ``size`` (bytes) and ``sha256`` are those of the whole content, known once it is UNCLAIMED.
    The digest is for integrity alone: it is no address and has no index. Equal contents of two
    owners are two files, since one shared content would tell who has what, and outlive erasure.
    ``expires_at``: when the sweep may take the file; NULL for as long as its owner has it.
    """

    __tablename__ = "files"
    __table_args__ = (
        CheckConstraint(
            "organisation_id IS NOT NULL OR event_id IS NOT NULL OR user_id IS NOT NULL",
            name="owner",
        ),
    )

    id: Mapped[FileId] = mapped_column(String(ID_LENGTH), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(32))
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    event_id: Mapped[int | None] = mapped_column(
        ForeignKey("events.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[FileKind] = mapped_column(enum_column(FileKind))
    state: Mapped[FileState] = mapped_column(enum_column(FileState))
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class FileChunk(Model):
    """A piece of a file's content, at most CHUNK_BYTES; the first is number 0."""

    __tablename__ = "file_chunks"

    file_id: Mapped[FileId] = mapped_column(
        ForeignKey("files.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)
