"""Names of folders as IMAP spells them."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Final

_BEYOND_ASCII: Final = re.compile(r"[^\x20-\x7e]+")


def in_modified_utf7(name: str) -> str:
    """``name`` in modified UTF-7 (RFC 3501, 5.1.3), which every server understands."""
    return _BEYOND_ASCII.sub(_shifted, name.replace("&", "&-"))


def _shifted(found: re.Match[str]) -> str:
    encoded = b64encode(found[0].encode("utf-16-be")).decode().rstrip("=")
    return f"&{encoded.replace('/', ',')}-"
