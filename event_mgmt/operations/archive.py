"""The backup file: one ZIP archive with a manifest, which is whole or refused.

``manifest.json`` says what the archive holds and how it can be told whole; ``tables/<name>.jsonl``
holds one row a line, as a JSON list in the order of the manifest's columns. How values are
written stands in values.py. Nothing in it depends on the database that it came from.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from event_mgmt.core.refusals import Refusal

FORMAT: Final = 1
_MANIFEST: Final = "manifest.json"
_LEVEL: Final = 1  # names and addresses shrink to a fifth even so, at a third of the time
_CHUNK: Final = 1 << 20


class DamagedArchive(Refusal):
    """The file is no whole backup."""


@dataclass(frozen=True)
class ArchivedColumn:
    """One column: its name, and what kind of values it has (see values.py)."""

    name: str
    kind: str


@dataclass(frozen=True)
class ArchivedTable:
    """One table of the archive; ``sha256`` is that of its uncompressed lines."""

    name: str
    columns: tuple[ArchivedColumn, ...]
    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself.

    ``made_at``: the instant of its snapshot (UTC). ``revision``: of the schema. ``key_mark``
    recognises the SECRET_KEY without giving it away.
    """

    made_at: datetime
    revision: str
    database: str
    key_mark: str
    tables: tuple[ArchivedTable, ...]

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(table.rows for table in self.tables)


def key_mark(secret_key: str) -> str:
    """What a manifest keeps of SECRET_KEY."""
    return hashlib.sha256(b"event_mgmt.backup\x00" + secret_key.encode()).hexdigest()[:16]


@contextmanager
def written(path: Path) -> Iterator[zipfile.ZipFile]:
    """A new archive, which stands at ``path`` only when it is whole and on the disk.

    Until then it has another name and nobody else may read it. Whatever goes wrong leaves no file
    behind; a kill leaves one that is no archive yet.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
                yield archive
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def clear_drafts(folder: Path, pattern: str, *, before: datetime) -> int:
    """Delete what killed backups of these names left in ``folder`` until then; gives how many.

    They hold personal data, and no clock would reach them.
    """
    old = [
        draft
        for draft in folder.glob(f".{pattern}.*.part")
        if draft.stat().st_mtime < before.timestamp()
    ]
    for draft in old:
        draft.unlink(missing_ok=True)
    return len(old)


def add_table(
    archive: zipfile.ZipFile,
    name: str,
    columns: tuple[ArchivedColumn, ...],
    rows: Iterable[list[object]],
) -> ArchivedTable:
    """Write one table's rows; gives what the manifest says of it."""
    digest, count = hashlib.sha256(), 0
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    with archive.open(_member(name), "w", force_zip64=True) as file:
        for row in rows:
            line = encode(row).encode() + b"\n"
            digest.update(line)
            file.write(line)
            count += 1
    return ArchivedTable(name, columns, count, digest.hexdigest())


def add_manifest(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Write the manifest, the last thing of all."""
    facts = {"format": FORMAT, **asdict(manifest), "made_at": manifest.made_at.isoformat()}
    archive.writestr(_MANIFEST, json.dumps(facts, indent=1))


class Archive:
    """A backup that was read whole and found sound; DamagedArchive where it is not."""

    def __init__(self, path: Path, *, tell: Callable[[str], None] = lambda _table: None) -> None:
        self._tell = tell
        try:
            self._zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as error:
            raise DamagedArchive(f"{path} is no backup: {error}") from None
        try:
            self.manifest = self._read_manifest()
            self._check()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def rows(self, table: ArchivedTable) -> Iterator[list[object]]:
        """The rows of one table, each a list in the order of its columns."""
        with self._zip.open(_member(table.name)) as file:
            for line in file:
                yield json.loads(line)

    def _read_manifest(self) -> Manifest:
        try:
            facts = json.loads(self._zip.read(_MANIFEST))
            form = facts.pop("format")
            if form != FORMAT:
                raise DamagedArchive(f"The backup has format {form}; this version reads {FORMAT}.")
            tables = tuple(
                ArchivedTable(
                    **{
                        **table,
                        "columns": tuple(ArchivedColumn(**each) for each in table["columns"]),
                    }
                )
                for table in facts.pop("tables")
            )
            made_at = datetime.fromisoformat(facts.pop("made_at"))
            return Manifest(made_at=made_at, tables=tables, **facts)
        except _UNREADABLE as error:
            raise DamagedArchive(f"The backup's manifest cannot be read: {error}") from None

    def _check(self) -> None:
        for table in self.manifest.tables:
            self._tell(table.name)
            try:
                digest = self._digest_of(table)
            except _UNREADABLE as error:
                raise DamagedArchive(f"The backup is damaged in {table.name}: {error}") from None
            if digest != table.sha256:
                raise DamagedArchive(
                    f"The backup is damaged in {table.name}: its checksum differs."
                )

    def _digest_of(self, table: ArchivedTable) -> str:
        digest = hashlib.sha256()
        with self._zip.open(_member(table.name)) as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()


_UNREADABLE: Final = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    NotImplementedError,  # a flipped bit in the header can name an unknown compression
    RuntimeError,  # … or say that the member is encrypted
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
)


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"
