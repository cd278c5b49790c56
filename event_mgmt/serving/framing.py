"""Where an HTTP request ends: enough to know when all of it is there, and no more.

What a request means is decided by gunicorn's parser alone, once, when a web process has all of it.
Where a request is malformed it counts as complete here, and the parser refuses it: whatever the
parser accepts is complete here with its last byte and not before (a test compares the two).
Nothing that follows a request on its connection is ever answered.
"""

from __future__ import annotations

import re
from typing import Final

LINE_LIMIT: Final = 4094
FIELDS_LIMIT: Final = 60
FIELD_SIZE_LIMIT: Final = 8190
HEAD_LIMIT: Final = 32 * 1024
"""For the whole head: thousands may be waited for, all in memory. Browsers send a few KB."""
MOST_CHUNKS: Final = 20_000
"""Of a body: the parser takes 9 microseconds for each, so that a body of chunks of one byte would
keep a web process busy for half a minute. Libraries send them of 1 to 64 KB.
"""

_HEAD_END: Final = b"\r\n\r\n"
_LONGEST_CHUNK_LINE: Final = FIELD_SIZE_LIMIT
_BARE_LF: Final = re.compile(rb"(?<!\r)\n")
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*0*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
_LENGTH_NAME: Final = re.compile(rb"\r\ncontent-length[ \t]*:", re.IGNORECASE)
_ENCODING_NAME: Final = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)
_CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked[ \t]*\r\n", re.IGNORECASE)
_EXPECTS: Final = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
_HTTP_1_0: Final = re.compile(rb"(?:\r\n)?[^\r\n]* HTTP/1\.0\r\n")
_CHUNK_LINE: Final = re.compile(rb"0*([0-9a-fA-F]{1,15})[ \t]*(?:;[^\r\n]*)?\Z")


class Framing:
    """What is known of one request while its bytes come in."""

    def __init__(self, *, most_body: int) -> None:
        self._most_body = most_body
        self._pending = bytearray()  # of the head, or of a line between chunks
        self._missing = 0  # bytes of the body, or of a chunk with its line end
        self._is_chunked = False
        self._chunks = 0
        self._in_trailer = False
        self.head = b""
        """The head with its empty line, once it is there."""
        self.is_complete = False
        self.is_head_too_long = False
        """Whether the head goes on and on: the parser is not asked."""
        self.is_too_large = False
        """Whether it announces more than any page takes: its body is not waited for."""
        self.expects_continue = False
        self.body_bytes = 0

    @property
    def has_head(self) -> bool:
        """Whether the head is there."""
        return bool(self.head)

    def feed(self, data: bytes) -> None:
        """Take what came next."""
        if self.is_complete:
            return
        if not self.head:
            data = self._feed_head(data)
        if self.head and not self.is_complete:
            self._feed_body(data)

    def _feed_head(self, data: bytes) -> bytes:
        """Gives what belongs to the body."""
        searched = max(0, len(self._pending) - 3)
        self._pending += data
        # An empty line before the request line is skipped by the parser, and here.
        start = 2 if self._pending.startswith(b"\r\n") else 0
        end = self._pending.find(_HEAD_END, max(start, searched))
        if end > HEAD_LIMIT or (end < 0 and len(self._pending) > HEAD_LIMIT):
            self.is_head_too_long = self.is_complete = True
            return b""
        if end < 0:
            # The parser refuses it (RFC 9112 § 2.2), and its end would never come.
            self.is_complete = _BARE_LF.search(self._pending, searched) is not None
            return b""
        self.head = bytes(self._pending[: end + 4])
        rest = bytes(self._pending[end + 4 :])
        self._pending.clear()
        self._read_head()
        return rest

    def _feed_body(self, data: bytes) -> None:
        self.body_bytes += len(data)
        if self._is_chunked:
            self._feed_chunks(data)
        else:
            self._missing -= len(data)
            self.is_complete = self._missing <= 0
        if self.body_bytes > self._most_body and not self.is_complete:
            self.is_too_large = self.is_complete = True

    def _read_head(self) -> None:
        head = self.head
        self.expects_continue = bool(_EXPECTS.search(head)) and not _HTTP_1_0.match(head)
        if _ENCODING_NAME.search(head):
            self._is_chunked = True
            # Another coding, or a length beside it, is refused: there is nothing to wait for.
            is_plain = len(_ENCODING_NAME.findall(head)) == 1 and _CHUNKED.search(head)
            self.is_complete = not is_plain or bool(_LENGTH_NAME.search(head))
        elif found := _LENGTH.search(head):
            self._missing = int(found[1])
            self.is_too_large = self._missing > self._most_body
            self.is_complete = self._missing == 0 or self.is_too_large
        else:
            self.is_complete = True

    def _feed_chunks(self, data: bytes) -> None:
        self._pending += data
        while not self.is_complete:
            if self._missing:
                taken = min(self._missing, len(self._pending))
                del self._pending[:taken]
                self._missing -= taken
                if self._missing:
                    return
            end = self._pending.find(b"\r\n")
            if end < 0:
                is_bare = _BARE_LF.search(self._pending) is not None
                self.is_complete = is_bare or len(self._pending) > _LONGEST_CHUNK_LINE
                return
            line = bytes(self._pending[:end])
            del self._pending[: end + 2]
            self._read_line(line)

    def _read_line(self, line: bytes) -> None:
        """A line between chunks: the next one's size, or one of the trailer, which ends empty."""
        if self._in_trailer:
            self.is_complete = not line
            return
        found = _CHUNK_LINE.match(line)
        if not found:
            self.is_complete = True  # the parser refuses it
            return
        size = int(found[1], 16)
        self._chunks += 1
        if self._chunks > MOST_CHUNKS:
            self.is_too_large = self.is_complete = True
        elif size:
            self._missing = size + 2
        else:
            self._in_trailer = True
