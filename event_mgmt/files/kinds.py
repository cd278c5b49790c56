"""What a file is, by its first bytes alone: never by its name or what its sender says."""

from __future__ import annotations

import codecs
from enum import StrEnum
from typing import Final


class FileKind(StrEnum):
    """Kinds that matter to somebody; each is stored as its word."""

    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    PDF = "pdf"
    ZIP = "zip"  # office documents since 2007 are ZIP archives too
    TEXT = "text"
    OTHER = "other"


_BEGINNINGS: Final = (
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"%PDF-", FileKind.PDF),
    (b"PK\x03\x04", FileKind.ZIP),
)
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROLS: Final = frozenset(range(32)) - frozenset(b"\t\n\f\r\x1a")


def kind_of(head: bytes) -> FileKind:
    """The kind of a file that begins with ``head``; a few hundred bytes are enough.

    TEXT is whatever holds no control characters, in any encoding that keeps ASCII as it is, or
    UTF-16 that says so by its byte order mark.
    """
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return FileKind.WEBP
    is_text = head.startswith(_UTF16) or _CONTROLS.isdisjoint(head)
    return FileKind.TEXT if is_text else FileKind.OTHER
