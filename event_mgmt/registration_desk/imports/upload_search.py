"""Whether a file that waits to be imported holds an address, without reading it as a list."""

from __future__ import annotations

import html
import io
import re
import zipfile
from typing import Final

from event_mgmt.core.sizes import MEGABYTE

_MOST_BYTES: Final = 64 * MEGABYTE
"""What an archive may hold unpacked; a list that is larger is refused by the import as well."""

_TAGS: Final = re.compile(r"<[^>]*>")
_ENCODINGS: Final = ("utf-8", "utf-16-le", "utf-16-be")


def contains_address(contents: bytes, address: str) -> bool:
    """Whether ``address`` stands in ``contents``, in any case and encoding.

    Workbooks are archives of XML, where letters may be written as references or stand in runs of
    their own; one that cannot be unpacked cannot be imported either, and holds nothing.
    """
    address = address.casefold()
    if not contents.startswith(b"PK"):
        return _in_bytes(contents, address)
    left = _MOST_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(contents)) as archive:
            for member in archive.infolist():
                if left <= 0:
                    return False
                with archive.open(member) as file:
                    piece = file.read(left)
                left -= len(piece)
                if _in_bytes(piece, address):
                    return True
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        return False
    return False


def _in_bytes(piece: bytes, address: str) -> bool:
    lower = piece.lower()
    if any(address.encode(encoding) in lower for encoding in _ENCODINGS):
        return True
    text = piece.decode("utf-8", "ignore")
    return "<" in text and address in html.unescape(_TAGS.sub("", text)).casefold()
