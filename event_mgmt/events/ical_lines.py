"""Lines of a calendar entry that are written once for each guest, and what stands in them.

The library takes longer over one of them than all the words of a letter do.
"""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from typing import Final
from urllib.parse import quote

from event_mgmt.mail.mime_rendering import ascii_address

_OCTETS: Final = 75
_PLAIN_IN_MAILTO: Final = "@!$&'*+=;:"


def whole(text: str) -> bytes:
    """``text`` as a line of its own, with the end of the line before and its own."""
    return b"\r\n" + _folded(text) + b"\r\n"


def attendee(name: str, address: str) -> bytes:
    """The line of the one guest that an entry names, who has said yes."""
    accepted = "PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT;RSVP=FALSE"
    return whole(f'ATTENDEE;CN="{parameter(name)}";{accepted}:{mailto(address)}')


def mailto(address: str) -> str:
    """``address`` as a URI in ASCII: its domain as the DNS knows it (RFC 5891), and what no URI
    holds by its number (RFC 6068, 2).
    """
    with suppress(ValueError):  # no relay takes it, but a calendar may show it
        address = ascii_address(address)
    return "mailto:" + quote(address, safe=_PLAIN_IN_MAILTO)


def parameter(text: str) -> str:
    """``text`` as a parameter's value, which takes neither quotes nor control characters."""
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(c).startswith("C") else c for c in text)
    return " ".join(text.replace('"', "'").split())


def _folded(line: str) -> bytes:
    """``line`` on lines of 75 octets at most (RFC 5545, 3.1), without cutting a character."""
    rest, folded, room = line.encode(), [], _OCTETS
    while len(rest) > room:
        cut = room
        while rest[cut] & 0xC0 == 0x80:
            cut -= 1
        folded.append(rest[:cut])
        rest, room = rest[cut:], _OCTETS - 1
    return b"\r\n ".join([*folded, rest])
