"""A backup file is whole, or it is refused; whatever happens to it, and while it is written."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from event_mgmt.operations import archive
from event_mgmt.operations.archive import Archive, ArchivedColumn, DamagedArchive, Manifest

COLUMNS = (ArchivedColumn("id", "number"), ArchivedColumn("name", "text"))
ROWS = [[number, f"Žagar {number} – „Ständehaus“\n"] for number in range(3000)]


def an_archive(folder: Path) -> Path:
    """A backup of two tables, the second one empty."""
    path = folder / "sample.backup"
    with archive.written(path) as file:
        tables = (
            archive.add_table(file, "guests", COLUMNS, ROWS),
            archive.add_table(file, "nobody", COLUMNS, []),
        )
        manifest = Manifest(
            made_at=datetime(2027, 1, 12, 9, 0, tzinfo=UTC),
            revision="0007",
            database="sqlite",
            key_mark=archive.key_mark("k" * 32),
            tables=tables,
        )
        archive.add_manifest(file, manifest)
    return path


def what_it_says(path: Path) -> object:
    """Everything that reading the archive gives."""
    with Archive(path) as opened:
        tables = opened.manifest.tables
        return opened.manifest, [list(opened.rows(table)) for table in tables]


def test_what_was_written_is_read(tmp_path: Path) -> None:
    manifest, [guests, nobody] = what_it_says(an_archive(tmp_path))

    assert (guests, nobody) == (ROWS, [])
    assert (manifest.revision, manifest.rows) == ("0007", 3000)
    assert manifest.made_at == datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    assert an_archive(tmp_path).stat().st_mode & 0o777 == 0o600


def test_the_key_is_recognised_and_not_given_away(tmp_path: Path) -> None:
    manifest, _rows = what_it_says(an_archive(tmp_path))

    assert manifest.key_mark == archive.key_mark("k" * 32)
    assert manifest.key_mark != archive.key_mark("k" * 31 + "x")
    assert b"k" * 32 not in an_archive(tmp_path).read_bytes()


def test_a_fault_while_writing_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "sample.backup"

    def rows() -> Iterator[list[object]]:
        yield from ROWS
        raise OSError("disk full")

    with pytest.raises(OSError, match="full"), archive.written(path) as file:
        archive.add_table(file, "guests", COLUMNS, rows())

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.7, 0.99, 0.9999])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, share: float) -> None:
    path = an_archive(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])

    with pytest.raises(DamagedArchive):
        what_it_says(path)


def test_a_flipped_bit_is_found_wherever_it_is_or_changes_nothing(tmp_path: Path) -> None:
    path = an_archive(tmp_path)
    content, whole = path.read_bytes(), what_it_says(path)
    chance, refused = random.Random(20270112), 0

    for _ in range(300):
        place = chance.randrange(len(content) * 8)
        broken = bytearray(content)
        broken[place // 8] ^= 1 << place % 8
        path.write_bytes(broken)
        try:
            assert what_it_says(path) == whole, f"bit {place}"
        except DamagedArchive:
            refused += 1

    assert refused > 280


@pytest.mark.parametrize("claimed", ["guests", "hosts"])
def test_a_table_that_is_shortened_or_missing_is_found(tmp_path: Path, claimed: str) -> None:
    """The archive itself is sound; what it says of itself is not true."""
    path = tmp_path / "short.backup"
    with archive.written(path) as file:
        whole = archive.add_table(file, "guests", COLUMNS, ROWS[:-1])
        said = archive.ArchivedTable(claimed, COLUMNS, whole.rows + 1, "0" * 64)
        manifest = Manifest(datetime(2027, 1, 12, tzinfo=UTC), "1", "sqlite", "", (said,))
        archive.add_manifest(file, manifest)

    with pytest.raises(DamagedArchive, match=f"damaged in {claimed}"):
        what_it_says(path)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04" + b"\0" * 400])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "holiday.jpg"
    path.write_bytes(content)

    with pytest.raises(DamagedArchive):
        what_it_says(path)


def test_a_format_of_the_future_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as later:
        later.setattr(archive, "FORMAT", 2)
        path = an_archive(tmp_path)

    with pytest.raises(DamagedArchive, match="format 2"):
        what_it_says(path)
