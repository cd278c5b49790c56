"""The tables of lists between upload and import."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from event_mgmt.core.database import Model
from event_mgmt.core.types import UtcDateTime
from event_mgmt.files import queries as files
from event_mgmt.files.models import FileId, StoredFile


class Upload(Model):
    """A list that somebody is about to import, and what has been chosen for it, in either table.

    It lies in the database so that any machine can go on where another began, and is gone once
    it is used, a day has passed, or the same person uploads another list for the event.
    ``targets`` is what the columns are, once that was chosen by hand; ``tells`` whether the
    people on the list get their mail. ``choice`` is how the file is read as far as somebody has
    chosen (see uploads.Choice), ``mends`` the cells that were written anew on the page:
    {"row-column": text}.
    """

    __abstract__ = True

    token: Mapped[str] = mapped_column(String(32), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    file_name: Mapped[str] = mapped_column(String(120))
    pool_id: Mapped[int] = mapped_column(ForeignKey("seat_pools.id", ondelete="CASCADE"))
    locale: Mapped[str] = mapped_column(String(2))
    approved: Mapped[bool] = mapped_column(default=False)
    tells: Mapped[bool] = mapped_column(default=True)
    encoding: Mapped[str] = mapped_column(String(20), default="")
    targets: Mapped[list[str]] = mapped_column(JSON, default=list)
    choice: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    mends: Mapped[dict[str, str] | None] = mapped_column(JSON)

    @property
    def contents(self) -> bytes:
        """The file as it was sent: lists are small (sheets.MOST_BYTES), and are read as a whole."""
        raise NotImplementedError


class ImportList(Upload):
    """A list whose content is a file of the purpose ``uploads.LIST``; it goes with that file."""

    __tablename__ = "import_lists"

    file_id: Mapped[FileId] = mapped_column(ForeignKey("files.id", ondelete="CASCADE"), index=True)
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)

    @property
    def contents(self) -> bytes:
        """The file as it was sent."""
        return b"".join(files.open_chunks(self.file))


class FormerUpload(Upload):
    """A list that the version before took in; nothing is added here any more.

    While both versions serve during an upgrade, what was uploaded under the old one can still be
    imported under either. A day later the table is empty.
    """

    __tablename__ = "import_uploads"

    contents: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
