"""Keeping an uploaded list between the steps of an import. Only its uploader opens it."""

from __future__ import annotations

import io
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, delete, select, true
from sqlalchemy.sql import ColumnElement

from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing
from event_mgmt.files import service as files
from event_mgmt.files.models import FileId
from event_mgmt.files.purposes import FileOwner, FilePurpose, FileRetention
from event_mgmt.registration_desk.imports import upload_search
from event_mgmt.registration_desk.imports.models import FormerUpload, ImportList, Upload
from event_mgmt.registration_desk.imports.sheets import MOST_BYTES

LASTS: Final = timedelta(days=1)
LIST: Final = FilePurpose("import_list", MOST_BYTES, 1, FileRetention.DAY)
"""An uploaded list. Of what kind it is, ``file_reader`` has said before it is stored."""

_TABLES: Final[tuple[type[Upload], ...]] = (ImportList, FormerUpload)

_TOKEN_BYTES: Final = 24


@dataclass(frozen=True)
class ReadingChoice:
    """How a file is read, as far as somebody has chosen; see Upload."""

    encoding: str = ""
    sheet: int | None = None
    heading: int | None = None
    hidden_rows: bool = False
    hidden_columns: bool = False


def choice_of(upload: Upload) -> ReadingChoice:
    """How an uploaded list is to be read."""
    return ReadingChoice(**{**(upload.choice or {}), "encoding": upload.encoding})


def keep(contents: bytes, **given: Any) -> ImportList:
    """Keep a list instead of the one that this person uploaded for the event before.

    ``given`` are ImportList's other columns, ``token`` and ``file_id`` excepted.
    """
    owner = FileOwner(event_id=given["event_id"], user_id=given["user_id"])
    with files.stored(io.BytesIO(contents), LIST, owner, now=given["kept_at"]) as file_id:
        return _keep(file_id, given)


@transactional
def _keep(file_id: FileId, given: Mapping[str, Any]) -> ImportList:
    for table in _TABLES:
        _erase_from(table, table.user_id == given["user_id"], table.event_id == given["event_id"])
    files.claim(file_id, LIST, now=given["kept_at"])
    upload = ImportList(token=secrets.token_urlsafe(_TOKEN_BYTES), file_id=file_id, **given)
    db.session.add(upload)
    db.session.flush()
    return upload


@transactional
def choose_columns(token: str, *, targets: Sequence[str]) -> None:
    """Note what the columns are; Missing once the list is gone."""
    _of(token).targets = list(targets)


@transactional
def choose_reading(token: str, choice: ReadingChoice) -> None:
    """Note how the file is to be read; what was said of its columns and cells no longer holds."""
    upload = _of(token)
    upload.encoding, upload.choice = choice.encoding, asdict(choice)
    upload.targets, upload.mends = [], {}


@transactional
def correct_cells(token: str, cells: Mapping[str, str]) -> None:
    """Store cells that were corrected on the page: {"row-column": text}."""
    upload = _of(token)
    upload.mends = {**(upload.mends or {}), **cells}


def _of(token: str) -> Upload:
    upload = _found(token)
    if upload is None:
        raise Missing
    return upload


def _found(token: str) -> Upload | None:
    return db.session.get(ImportList, token) or db.session.get(FormerUpload, token)


@transactional
def erase(token: str) -> None:
    """Forget the list of that name with its content; harmless where there is none."""
    for table in _TABLES:
        _erase_from(table, table.token == token)


def upload_of(token: str, *, event_id: int, user_id: int, now: datetime) -> Upload:
    """The list of that name; Missing for anybody else, another event, or too late."""
    upload = _found(token)
    if (
        upload is None
        or (upload.event_id, upload.user_id) != (event_id, user_id)
        or upload.kept_at + LASTS <= now
    ):
        raise Missing
    return upload


def forget_old_uploads(now: datetime) -> int:
    """The background job that erases lists nobody used in time; gives how many.

    Looks first, and takes the database's write lock only when there is something to erase.
    """
    return sum(
        _erase(table, old)
        for table in _TABLES
        if db.session.execute(
            select(table.token).where(old := table.kept_at <= now - LASTS).limit(1)
        ).first()
    )


def erase_all(events: Select[Any] | None = None, *, holding: str = "") -> int:
    """Forget every list that waits to be imported (of these events; default: of all).

    Whoever is to be erased may stand on any of them, by whatever name. Organisers upload theirs
    again. With ``holding``, an address of whom nothing else is known, only lists that hold it.
    """
    return sum(_erase_all(table, events, holding) for table in _TABLES)


def _erase_all(table: type[Upload], events: Select[Any] | None, holding: str) -> int:
    condition = true() if events is None else table.event_id.in_(events)
    if holding:
        waiting = db.session.scalars(select(table.token).where(condition)).all()
        condition = table.token.in_([token for token in waiting if _holds(token, holding)])
    return _erase(table, condition)


def _holds(token: str, address: str) -> bool:
    """One list at a time in memory: they may be large."""
    upload = _found(token)
    if upload is None:
        return False
    cells = (upload.mends or {}).values()
    found = any(
        address in str(cell).casefold() for cell in cells
    ) or upload_search.contains_address(upload.contents, address)
    db.session.expunge(upload)
    return found


@transactional
def _erase(table: type[Upload], *which: ColumnElement[bool]) -> int:
    return _erase_from(table, *which)


def _erase_from(table: type[Upload], *which: ColumnElement[bool]) -> int:
    """Delete these lists with their content; gives how many."""
    wanted = ImportList.file_id if table is ImportList else table.token
    gone = db.session.scalars(delete(table).where(*which).returning(wanted)).all()
    if table is ImportList:
        files.delete([FileId(file_id) for file_id in gone])
    return len(gone)
