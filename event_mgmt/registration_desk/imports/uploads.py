"""Keeping an uploaded list between the steps of an import. Only its uploader opens it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, delete, select, true

from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing
from event_mgmt.registration_desk.imports import contents
from event_mgmt.registration_desk.imports.models import Upload

LASTS: Final = timedelta(days=1)

_TOKEN_BYTES: Final = 24


@dataclass(frozen=True)
class Choice:
    """How a file is read, as far as somebody has chosen; see Upload."""

    encoding: str = ""
    sheet: int | None = None
    heading: int | None = None
    hidden_rows: bool = False
    hidden_columns: bool = False


def choice_of(upload: Upload) -> Choice:
    """How a kept list is to be read."""
    return Choice(**{**(upload.choice or {}), "encoding": upload.encoding})


@transactional
def keep(contents: bytes, **given: Any) -> Upload:
    """Keep a list instead of the one that this person uploaded for the event before.

    ``given`` are Upload's other columns, ``token`` excepted.
    """
    earlier = delete(Upload).where(
        Upload.user_id == given["user_id"], Upload.event_id == given["event_id"]
    )
    db.session.execute(earlier)
    upload = Upload(token=secrets.token_urlsafe(_TOKEN_BYTES), contents=contents, **given)
    db.session.add(upload)
    db.session.flush()
    return upload


@transactional
def choose(token: str, *, targets: Sequence[str]) -> None:
    """Note what the columns are; Missing once the list is gone."""
    _of(token).targets = list(targets)


@transactional
def read_as(token: str, choice: Choice) -> None:
    """Note how the file is to be read; what was said of its columns and cells no longer holds."""
    upload = _of(token)
    upload.encoding, upload.choice = choice.encoding, asdict(choice)
    upload.targets, upload.mends = [], {}


@transactional
def mend(token: str, cells: Mapping[str, str]) -> None:
    """Note cells that were written anew: {"row-column": text}."""
    upload = _of(token)
    upload.mends = {**(upload.mends or {}), **cells}


def _of(token: str) -> Upload:
    upload = db.session.get(Upload, token)
    if upload is None:
        raise Missing
    return upload


@transactional
def erase(token: str) -> None:
    """Forget a list."""
    db.session.execute(delete(Upload).where(Upload.token == token))


def upload_of(token: str, *, event_id: int, user_id: int, now: datetime) -> Upload:
    """What is kept under ``token``; Missing for anybody else, another event, or too late."""
    upload = db.session.get(Upload, token)
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
    old = Upload.kept_at <= now - LASTS
    if db.session.execute(select(Upload.token).where(old).limit(1)).first() is None:
        return 0
    return _erase_where(old)


def erase_all(events: Select[Any] | None = None, *, holding: str = "") -> int:
    """Forget every list that waits to be imported (of these events; default: of all).

    Whoever is to be erased may stand on any of them, by whatever name. Organisers upload theirs
    again. With ``holding``, an address of whom nothing else is known, only lists that hold it.
    """
    condition = true() if events is None else Upload.event_id.in_(events)
    if holding:
        waiting = select(Upload.token).where(condition)
        tokens = [token for token in db.session.scalars(waiting).all() if _holds(token, holding)]
        condition = Upload.token.in_(tokens)
    return _erase_where(condition)


def _holds(token: str, address: str) -> bool:
    """One list at a time in memory: they may be large."""
    row = db.session.execute(
        select(Upload.contents, Upload.mends).where(Upload.token == token)
    ).one_or_none()
    if row is None:
        return False
    mended = any(address in str(cell).casefold() for cell in (row.mends or {}).values())
    return mended or contents.hold(row.contents, address)


@transactional
def _erase_where(condition: Any) -> int:
    gone = db.session.execute(delete(Upload).where(condition).returning(Upload.token))
    return len(gone.all())
