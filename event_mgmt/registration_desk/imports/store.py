"""An uploaded list between the steps of an import: a file that only its uploader opens.

It lies in the instance folder, readable by the system's own account alone, until it is used, a
day has passed, or the same person uploads another list for the event.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from event_mgmt.core.refusals import Missing

FOLDER: Final = "uploads"
LASTS: Final = timedelta(days=1)

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True)
class Upload:
    """What is kept with a list: whose it is, and what has been chosen for it.

    ``targets`` is what the columns are, once that was chosen by hand.
    """

    token: str
    event_id: int
    user_id: int
    kept_at: datetime
    file_name: str
    pool_id: int
    locale: str
    approved: bool = False
    encoding: str = ""
    targets: tuple[str, ...] = ()


def tidy(instance: Path) -> Callable[[datetime], None]:
    """The background job that forgets old uploads below the folder ``instance``."""

    def forget_old_uploads(now: datetime) -> None:
        Store(instance / FOLDER).erase_old(now)

    return forget_old_uploads


class Store:
    """The folder of uploads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, contents: bytes, upload: Upload) -> Upload:
        """Keep a list instead of the one that this person uploaded for the event before."""
        for earlier in list(self._all()):
            if (earlier.user_id, earlier.event_id) == (upload.user_id, upload.event_id):
                self.erase(earlier.token)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        upload = replace(upload, token=secrets.token_urlsafe(24))
        self._write(self._contents(upload.token), contents)
        self.note(upload)
        return upload

    def note(self, upload: Upload) -> None:
        """Keep what has been chosen meanwhile."""
        noted = {**asdict(upload), "kept_at": upload.kept_at.isoformat()}
        self._write(self._notes(upload.token), json.dumps(noted).encode())

    def open(self, token: str, *, event_id: int, user_id: int, now: datetime) -> Upload:
        """What is kept under ``token``; Missing for anybody else, another event, or too late."""
        upload = self._read(token)
        if (
            upload is None
            or (upload.event_id, upload.user_id) != (event_id, user_id)
            or upload.kept_at + LASTS <= now
        ):
            raise Missing
        return upload

    def contents(self, upload: Upload) -> bytes:
        """The list itself; Missing when it was used meanwhile."""
        try:
            return self._contents(upload.token).read_bytes()
        except OSError:
            raise Missing from None

    def erase(self, token: str) -> None:
        """Forget a list."""
        for path in (self._contents(token), self._notes(token)):
            path.unlink(missing_ok=True)

    def erase_old(self, now: datetime) -> int:
        """Forget the lists that nobody used in time, and what broken uploads left behind."""
        erased = 0
        for path in self.folder.glob("*"):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime + LASTS.total_seconds() <= now.timestamp():
                    path.unlink()
                    erased += 1
        return erased

    def _all(self) -> Iterator[Upload]:
        for path in self.folder.glob("*.json"):
            if (upload := self._read(path.stem)) is not None:
                yield upload

    def _read(self, token: str) -> Upload | None:
        if not _TOKEN.fullmatch(token):
            return None
        try:
            noted = json.loads(self._notes(token).read_bytes())
            kept_at = datetime.fromisoformat(noted.pop("kept_at"))
            targets = tuple(noted.pop("targets"))
            return Upload(**noted, kept_at=kept_at, targets=targets)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def _contents(self, token: str) -> Path:
        return self.folder / f"{token}.list"

    def _notes(self, token: str) -> Path:
        return self.folder / f"{token}.json"

    def _write(self, path: Path, contents: bytes) -> None:
        """All of it or nothing, and for nobody else's eyes."""
        part = path.with_suffix(f".{secrets.token_hex(4)}")
        part.touch(mode=0o600)
        part.write_bytes(contents)
        part.replace(path)
