"""Bodies that a parser lets through although they cannot be read."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from gunicorn.http.body import Body, LengthReader
from gunicorn.http.errors import InvalidChunkSize, UnsupportedTransferCoding
from gunicorn.http.unreader import IterUnreader

from event_mgmt.serving import request_body
from event_mgmt.serving.request_body import CheckedReader


def request(*codings: str) -> SimpleNamespace:
    """One with these transfer codings."""
    reader = LengthReader(IterUnreader([b"abc"]), 3)
    headers = [("HOST", "x"), *(("TRANSFER-ENCODING", coding) for coding in codings)]
    return SimpleNamespace(headers=headers, body=Body(reader))


@pytest.mark.parametrize(
    "codings", [("gzip, chunked",), ("identity", "chunked"), ("identity",), ("chunked, chunked",)]
)
def test_a_coding_that_nobody_undoes_is_refused(codings: tuple[str, ...]) -> None:
    with pytest.raises(UnsupportedTransferCoding):
        request_body.check(request(*codings))


@pytest.mark.parametrize("codings", [(), ("chunked",), ("Chunked",)])
def test_plain_chunks_and_plain_lengths_are_read(codings: tuple[str, ...]) -> None:
    plain = request(*codings)
    request_body.check(plain)

    assert (plain.body.read(), plain.body.reader.is_at_end) == (b"abc", True)


def test_a_body_that_ends_early_or_is_malformed_is_told_as_a_broken_line() -> None:
    class Malformed:
        def read(self, _size: int) -> bytes:
            raise InvalidChunkSize(b"zz")

    with pytest.raises(OSError, match="shorter"):
        CheckedReader(LengthReader(IterUnreader([b"abc"]), 4)).read(4)
    with pytest.raises(OSError, match="malformed"):
        CheckedReader(Malformed()).read(4)
