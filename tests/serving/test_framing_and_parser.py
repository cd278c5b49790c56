"""Two read a request: our framing its end, gunicorn's parser its meaning. They must agree."""

from __future__ import annotations

from collections.abc import Iterator

from gunicorn.config import Config
from gunicorn.http import RequestParser
from hypothesis import example, given, settings, strategies as st

from event_mgmt.serving import framing, request_body
from event_mgmt.serving.framing import Framing

CONFIG = Config()
CONFIG.set("limit_request_line", framing.LINE_LIMIT)
CONFIG.set("limit_request_fields", framing.FIELDS_LIMIT)
CONFIG.set("limit_request_field_size", framing.FIELD_SIZE_LIMIT)

REQUEST_LINES = [b"POST /a HTTP/1.1", b"\r\nPOST /a HTTP/1.1", b"POST /a HTTP/1.0", b"POST /a"]
FIELDS = [
    b"Host: x",
    b"Content-Length: 5",
    b"content-length:5",
    b"Content-Length: \t5\t ",
    b"Content-Length: 00000000000000000000005",
    b"Content-Length: 11",
    b"Content-Length: +5",
    b"Content-Length: 5, 5",
    b"Content-Length : 5",
    b"Content-Length: \xb2",
    b"Content_Length: 5",
    b"Content-Length: ",
    b"X: a\r\n Content-Length: 5",
    b"X: a\nContent-Length: 5",
    b"X: a\rContent-Length: 5",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding:chunKed \t",
    b"Transfer-Encoding: gzip, chunked",
    b"Transfer-Encoding: identity",
    b"Transfer-Encoding: chunked, identity",
    b"Transfer-Encoding: \x0bchunked",
    b"Transfer-Encoding : chunked",
    b"Transfer_Encoding: chunked",
    b"Expect: 100-continue",
]
BODIES = [
    b"",
    b"01234",
    b"\r\n",
    b"0\r\n\r\n",
    b"5\r\n01234\r\n0\r\n\r\n",
    b"5\r\n01234\r\n0\r\nX-Trailer: y\r\n\r\n",
    b"0000000000000000005;a=b\r\n01234\r\n0\r\n\r\n",
    b"5 ; a\r\n01234\r\n0\r\n\r\n",
    b"5\n01234\n0\n\n",
    b"5\r\n01234XX0\r\n\r\n",
    b"0x5\r\n01234\r\n0\r\n\r\n",
    b"-1\r\n\r\n",
    b"5\r\n01234\r\n0\r\nContent-Length: 9\r\n\r\n",
    b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
]


def understood(request: bytes) -> tuple[str, bytes] | None:
    """What the parser makes of these bytes, if that is all that comes: path and body, or nothing."""
    pieces: Iterator[bytes] = iter([request])
    try:
        parsed = next(RequestParser(CONFIG, pieces, ("127.0.0.1", 1)))
        request_body.check(parsed)
        return parsed.path, parsed.body.read()
    except Exception:
        return None


def end_of(request: bytes, step: int) -> int | None:
    """After how many bytes the framing calls it complete, if it does."""
    known = Framing(most_body=1000)
    for start in range(0, len(request), step):
        known.feed(request[start : start + step])
        if known.is_complete:
            return min(start + step, len(request))
    return None


@given(
    st.sampled_from(REQUEST_LINES),
    st.lists(st.sampled_from(FIELDS), max_size=4),
    st.lists(st.sampled_from(BODIES), max_size=3).map(b"".join),
    st.sampled_from([1, 2, 5, 1000]),
)
@example(REQUEST_LINES[0], [b"Content-Length: 00000000000000000000005"], b"01234", 1)
@example(REQUEST_LINES[0], [b"Transfer-Encoding: chunked"], BODIES[5], 1)
@settings(max_examples=600, deadline=None, derandomize=True)
def test_what_the_parser_accepts_is_complete_with_its_last_byte_and_not_before(
    line: bytes, fields: list[bytes], body: bytes, step: int
) -> None:
    """Must hold: nothing is served of which a part is missing, nothing whole is waited for, and
    what comes behind changes nothing.
    """
    request = b"\r\n".join([line, *fields, b"", b""]) + body
    whole = understood(request)
    end = end_of(request, step)

    if end is None:
        assert whole is None, "it is waited for though it is whole"
    elif whole is not None:
        assert understood(request[:end]) == whole, "a part of it is missing"
        shorter = end_of(request[: end - 1], 1)
        assert shorter is None or step > 1, "it was complete before"


def test_control_most_of_these_are_refused_and_some_are_not() -> None:
    """Else the comparison would have nothing to compare."""
    requests = [
        b"\r\n".join([REQUEST_LINES[0], field, b"", b""]) + body
        for field in FIELDS
        for body in BODIES
    ]
    accepted = [understood(request) is not None for request in requests]

    assert 50 < sum(accepted) < len(accepted) - 50
