"""Where a request ends, whatever pieces it comes in."""

from __future__ import annotations

import pytest

from event_mgmt.serving.framing import HEAD_LIMIT, MOST_CHUNKS, Framing

HEAD = b"POST /login HTTP/1.1\r\nHost: x\r\n"


def fed(request: bytes, *, step: int = 0, most_body: int = 1000) -> Framing:
    """The framing of what came in pieces of ``step`` bytes."""
    framing = Framing(most_body=most_body)
    for start in range(0, len(request), step or len(request)):
        assert not framing.is_complete
        framing.feed(request[start : start + (step or len(request))])
    return framing


@pytest.mark.parametrize("step", [0, 1, 3, 7])
@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
        HEAD + b"Content-Length: 0\r\n\r\n",
        HEAD + b"content-LENGTH:5\r\n\r\nabcde",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD
        + b"Transfer-Encoding: Chunked\r\n\r\n5;a=b\r\nab\r\nc\r\n0A\r\n0123456789\r\n0\r\nX: y\r\n\r\n",
    ],
)
def test_it_is_complete_with_its_last_byte_and_not_before(request_bytes: bytes, step: int) -> None:
    assert not fed(request_bytes[:-1], step=step).is_complete
    assert fed(request_bytes, step=step).is_complete


@pytest.mark.parametrize(
    "lines",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: gzip\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n",
        b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: x\r\n",
    ],
)
def test_what_the_parser_will_refuse_is_not_waited_for(lines: bytes) -> None:
    assert fed(HEAD + lines + b"\r\n").is_complete


def test_a_broken_chunk_and_an_endless_line_end_it() -> None:
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    assert fed(chunked + b"zz\r\n").is_complete
    assert fed(chunked + b"1" * 9000).is_complete


def test_a_head_without_end_is_too_long_whether_its_end_comes_or_not() -> None:
    long = b"GET / HTTP/1.1\r\nX: " + b"a" * HEAD_LIMIT
    for request_bytes in (long, long + b"\r\n\r\n"):
        framing = fed(request_bytes)
        assert (framing.is_complete, framing.is_head_too_long) == (True, True)


def test_a_line_that_ends_with_a_bare_line_feed_is_not_waited_for() -> None:
    assert fed(b"GET / HTTP/1.1\r\nHost: x\n").is_complete
    assert not fed(b"GET / HTTP/1.1\r\nHost: x\r\n", step=1).is_complete


def test_a_body_in_more_chunks_than_the_parser_should_read_is_too_large() -> None:
    head = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    few = fed(head + b"1\r\na\r\n" * MOST_CHUNKS, most_body=10**9)
    many = fed(head + b"1\r\na\r\n" * (MOST_CHUNKS + 1), most_body=10**9)

    assert (few.is_complete, many.is_complete, many.is_too_large) == (False, True, True)


@pytest.mark.parametrize(
    "request_bytes",
    [
        HEAD + b"Content-Length: 1001\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n500\r\n" + b"a" * 1001,
    ],
)
def test_more_than_any_page_takes_is_not_waited_for(request_bytes: bytes) -> None:
    framing = fed(request_bytes)

    assert (framing.is_complete, framing.is_too_large) == (True, True)


def test_it_knows_who_asks_before_sending() -> None:
    assert fed(HEAD + b"Expect: 100-Continue\r\nContent-Length: 5\r\n\r\n").expects_continue
    assert not fed(HEAD + b"X-Expect: 100-continue\r\nContent-Length: 5\r\n\r\n").expects_continue
    old = HEAD.replace(b"1.1", b"1.0") + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n"
    assert not fed(old).expects_continue  # RFC 9110 § 10.1.1
