"""Storing, claiming, discarding, deleting and sweeping files."""

from __future__ import annotations

import hashlib
import io
import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event as sqlalchemy_event, func, select

from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing
from event_mgmt.events.models import Event
from event_mgmt.files import queries, service
from event_mgmt.files.models import FileChunk, FileState, StoredFile
from event_mgmt.files.purposes import FileOwner
from event_mgmt.files.refusals import EmptyFile, FileTooLarge, TooManyFiles
from event_mgmt.files.service import CHUNK_BYTES, UNCLAIMED_LASTS
from tests.builders import an_event, an_organisation
from tests.files.samples import FOR_A_DAY, PURPOSE, claimed, kept, pdf, stored

CONTENT = pdf(CHUNK_BYTES * 2 + 17)


@pytest.fixture
def owner(app: Flask) -> FileOwner:
    return FileOwner(event_id=an_event().id)


def state_of(file_id: str) -> FileState | None:
    db.session.rollback()
    return db.session.scalar(select(StoredFile.state).where(StoredFile.id == file_id))


def chunks() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(FileChunk)) or 0


def read(file_id, now: datetime, purpose=PURPOSE) -> bytes:
    return b"".join(queries.open_chunks(queries.claimed_file(file_id, purpose, now=now)))


def test_what_was_stored_and_claimed_is_read_in_chunks(owner: FileOwner, now: datetime) -> None:
    file_id = kept(CONTENT, owner, now=now)

    file = queries.claimed_file(file_id, PURPOSE, now=now)
    pieces = list(queries.open_chunks(file))

    assert [len(piece) for piece in pieces] == [CHUNK_BYTES, CHUNK_BYTES, 17]
    assert b"".join(pieces) == CONTENT
    assert (file.size, file.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    assert (file.event_id, file.kind) == (owner.event_id, "pdf")


def test_a_stream_that_gives_little_at_a_time_is_stored_whole(
    owner: FileOwner, now: datetime
) -> None:
    class Dripping(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 1, 7000))

    file_id = service.store(Dripping(CONTENT), PURPOSE, owner, now=now)

    assert read(claimed(file_id, now=now), now) == CONTENT
    assert chunks() == 3


def test_equal_contents_are_two_files_with_unlike_ids(owner: FileOwner, now: datetime) -> None:
    first, second = (kept(CONTENT, owner, now=now) for _ in range(2))

    assert first != second
    service.delete([first])
    assert read(second, now) == CONTENT


def test_each_chunk_is_written_in_a_transaction_of_its_own(owner: FileOwner, now: datetime) -> None:
    written: list[int] = []

    def note(_session: object) -> None:
        with db.engine.connect() as other:
            written.append(other.scalar(select(func.count()).select_from(FileChunk)) or 0)

    sqlalchemy_event.listen(db.session, "after_commit", note)
    try:
        stored(CONTENT, owner, now=now)
    finally:
        sqlalchemy_event.remove(db.session, "after_commit", note)

    assert written == [0, 1, 2, 3, 3]


def test_a_file_is_not_stored_inside_of_a_verb(owner: FileOwner, now: datetime) -> None:
    @transactional
    def verb() -> None:
        stored(CONTENT, owner, now=now)

    with pytest.raises(RuntimeError, match="before the verb"):
        verb()


def test_nobody_reads_a_file_that_is_not_claimed(owner: FileOwner, now: datetime) -> None:
    file_id = stored(CONTENT, owner, now=now)

    with pytest.raises(Missing):
        queries.claimed_file(file_id, PURPOSE, now=now)


def test_a_verb_that_fails_claims_nothing(owner: FileOwner, now: datetime) -> None:
    file_id = stored(CONTENT, owner, now=now)

    with pytest.raises(ValueError, match="the rest"):
        claimed(file_id, now=now, fails=True)

    assert state_of(file_id) is FileState.UNCLAIMED


def test_a_block_that_fails_discards_what_was_stored_for_it(
    owner: FileOwner, now: datetime
) -> None:
    with (
        pytest.raises(ValueError, match="the rest"),
        service.stored(io.BytesIO(CONTENT), PURPOSE, owner, now=now) as file_id,
    ):
        claimed(file_id, now=now, fails=True)

    assert state_of(file_id) is FileState.DISCARDED
    assert service.sweep(now) == 1
    assert (state_of(file_id), chunks()) == (None, 0)


def test_a_block_that_fails_after_the_claim_leaves_the_file(
    owner: FileOwner, now: datetime
) -> None:
    def begun(ids: list[str]) -> None:
        with service.stored(io.BytesIO(CONTENT), PURPOSE, owner, now=now) as file_id:
            ids.append(claimed(file_id, now=now))
            raise ValueError("later")

    ids: list[str] = []
    with pytest.raises(ValueError, match="later"):
        begun(ids)

    assert state_of(ids[0]) is FileState.CLAIMED


def test_a_file_is_claimed_once_for_its_purpose_and_in_time(
    owner: FileOwner, now: datetime
) -> None:
    file_id = stored(CONTENT, owner, now=now)

    with pytest.raises(Missing):
        claimed(file_id, now=now, purpose=FOR_A_DAY)
    with pytest.raises(Missing):
        claimed(file_id, now=now + UNCLAIMED_LASTS)
    claimed(file_id, now=now)
    with pytest.raises(Missing):
        claimed(file_id, now=now)


def test_a_file_of_another_purpose_is_not_opened(owner: FileOwner, now: datetime) -> None:
    file_id = kept(CONTENT, owner, now=now)

    with pytest.raises(Missing):
        queries.claimed_file(file_id, FOR_A_DAY, now=now)


def test_an_empty_file_is_refused(owner: FileOwner, now: datetime) -> None:
    with pytest.raises(EmptyFile):
        stored(b"", owner, now=now)


def test_a_file_above_the_limit_is_refused_and_goes_with_the_next_sweep(
    owner: FileOwner, now: datetime
) -> None:
    exact = kept(pdf(PURPOSE.most_bytes), owner, now=now)
    before = chunks()

    with pytest.raises(FileTooLarge, match="4"):
        stored(pdf(PURPOSE.most_bytes + 1), owner, now=now)

    assert service.sweep(now) == 1
    assert chunks() == before
    assert state_of(exact) is FileState.CLAIMED


def test_so_many_files_of_an_owner_count_at_a_time(owner: FileOwner, now: datetime) -> None:
    kept_ids = [kept(CONTENT, owner, now=now) for _ in range(PURPOSE.most_files)]
    one_more = stored(CONTENT, owner, now=now)

    with pytest.raises(TooManyFiles, match="3"):
        claimed(one_more, now=now)
    kept(CONTENT, FileOwner(event_id=an_event().id), now=now)
    service.discard(kept_ids[:1], now=now)
    claimed(one_more, now=now)


def test_what_nobody_claims_does_not_pile_up_without_end(owner: FileOwner, now: datetime) -> None:
    for _ in range(PURPOSE.most_files + 5):
        stored(b"%PDF-1.7", owner, now=now)

    with pytest.raises(TooManyFiles):
        stored(b"%PDF-1.7", owner, now=now)
    stored(b"%PDF-1.7", owner, now=now + UNCLAIMED_LASTS)


@pytest.mark.processes
def test_two_claims_at_once_do_not_both_take_the_last_place(
    app: Flask, owner: FileOwner, now: datetime
) -> None:
    one = replace(PURPOSE, most_files=1)
    ids = [stored(CONTENT, owner, now=now, purpose=one) for _ in range(4)]
    db.session.remove()
    refused: list[Exception] = []
    together = threading.Barrier(len(ids))

    def claim(file_id) -> None:
        with app.app_context():
            together.wait(20)
            try:
                claimed(file_id, now=now, purpose=one)
            except TooManyFiles as refusal:
                refused.append(refusal)

    threads = [threading.Thread(target=claim, args=(file_id,)) for file_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 3
    assert sorted(map(state_of, ids)) == ["claimed", *["unclaimed"] * 3]


def test_the_sweep_leaves_what_is_arriving_claimed_or_still_in_time(
    owner: FileOwner, now: datetime
) -> None:
    ids = [stored(CONTENT, owner, now=now), kept(CONTENT, owner, now=now)]

    assert service.sweep(now + UNCLAIMED_LASTS - timedelta(seconds=1)) == 0
    assert [state_of(file_id) for file_id in ids] == [FileState.UNCLAIMED, FileState.CLAIMED]
    assert service.sweep(now + UNCLAIMED_LASTS) == 1
    assert [state_of(file_id) for file_id in ids] == [None, FileState.CLAIMED]


def test_a_file_for_a_day_is_gone_after_it(owner: FileOwner, now: datetime) -> None:
    file_id = kept(CONTENT, owner, now=now, purpose=FOR_A_DAY)
    later = now + timedelta(days=1)

    assert read(file_id, later - timedelta(seconds=1), FOR_A_DAY) == CONTENT
    with pytest.raises(Missing):
        queries.claimed_file(file_id, FOR_A_DAY, now=later)
    assert service.sweep(later) == 1
    assert chunks() == 0


def test_nobody_reads_a_discarded_file(owner: FileOwner, now: datetime) -> None:
    file_id = kept(CONTENT, owner, now=now)

    assert service.discard([file_id], now=now) == 1
    assert service.discard([file_id], now=now) == 0
    with pytest.raises(Missing):
        queries.claimed_file(file_id, PURPOSE, now=now)


def test_a_deleted_file_leaves_no_chunk_behind(owner: FileOwner, now: datetime) -> None:
    file_id = kept(CONTENT, owner, now=now)

    assert service.delete([file_id]) == 1
    assert (state_of(file_id), chunks()) == (None, 0)


def test_a_file_goes_with_its_owner(owner: FileOwner, now: datetime) -> None:
    organisation = an_organisation()
    kept(CONTENT, FileOwner(organisation_id=organisation.id), now=now)
    other = kept(CONTENT, owner, now=now)

    @transactional
    def remove() -> None:
        db.session.delete(db.session.get_one(type(organisation), organisation.id))

    remove()

    assert chunks() == 3
    assert read(other, now) == CONTENT


def test_a_file_has_an_owner(app: Flask, now: datetime) -> None:
    with pytest.raises(Exception, match="ck_files_owner"):
        stored(CONTENT, FileOwner(), now=now)


@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_a_damaged_file_is_never_given_to_its_end(
    owner: FileOwner, now: datetime, damage: str
) -> None:
    file_id = kept(CONTENT, owner, now=now)

    @transactional
    def spoil() -> None:
        chunk = db.session.get_one(FileChunk, (file_id, 1))
        if damage == "missing":
            db.session.delete(chunk)
        else:
            chunk.content = b"x" * CHUNK_BYTES

    spoil()

    given: list[bytes] = []
    with pytest.raises(queries.FileDamaged):
        given.extend(queries.open_chunks(queries.claimed_file(file_id, PURPOSE, now=now)))
    assert len(b"".join(given)) < len(CONTENT)


def test_a_reader_holds_no_transaction_between_two_chunks(owner: FileOwner, now: datetime) -> None:
    file_id = kept(CONTENT, owner, now=now)
    db.session.rollback()
    held = db.engine.pool.checkedout()  # by whoever watches commits
    reading = queries.open_chunks(queries.claimed_file(file_id, PURPOSE, now=now))
    next(reading)
    db.session.rollback()

    assert db.engine.pool.checkedout() == held
    assert db.session.get(Event, owner.event_id) is not None
    assert len(b"".join(reading)) == len(CONTENT) - CHUNK_BYTES


def test_the_state_of_files_tells_what_is_damaged_and_what_was_not_swept(
    owner: FileOwner, now: datetime
) -> None:
    kept(CONTENT, owner, now=now)
    broken = kept(CONTENT, owner, now=now)
    stored(CONTENT, owner, now=now)
    well = queries.state_of_files(now=now)

    @transactional
    def spoil() -> None:
        db.session.delete(db.session.get_one(FileChunk, (broken, 1)))

    spoil()
    later = queries.state_of_files(now=now + UNCLAIMED_LASTS + timedelta(hours=3))

    assert (well.number, well.size, well.damaged) == (2, 2 * len(CONTENT), 0)
    assert (later.damaged, later.overdue) == (1, timedelta(hours=3))
