"""How slow a client may be, and what it may take of a server meanwhile. Pure; times are seconds."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

HEAD_SECONDS: Final = 15.0
"""For all of the head, from the connection on."""
BODY_GRACE_SECONDS: Final = 20.0
ANSWER_GRACE_SECONDS: Final = 30.0
LEAST_RATE: Final = 4 * 1024
"""Bytes a second, on average, once the grace is over; a slow mobile network has 10 KB/s."""
LINGER_SECONDS: Final = 30.0
LINGER_SILENCE_SECONDS: Final = 5.0

MOST_CONNECTIONS: Final = 4000
MOST_CONNECTIONS_OF_ONE: Final = 1000
MOST_WAITING_FOR_A_WEB_PROCESS: Final = 1000

_FORWARDED: Final = re.compile(rb"\r\nx-forwarded-for:([^\r]*)(?=\r\n)", re.IGNORECASE)


def deadline(begun: float, done: int, *, grace: float) -> float:
    """By when more must have come (or been taken), ``done`` bytes being through since ``begun``."""
    return begun + grace + done / LEAST_RATE


def client_of(peer: str, head: bytes, *, proxy_hops: int) -> str:
    """Whom to count a connection for: an IPv4 address, or the network (/64) of an IPv6 one.

    Behind proxies of one's own it is the address that the outermost of them saw; nothing where
    that is not known (yet): a proxy's connections are not one client's.
    """
    if proxy_hops:
        named = b",".join(_FORWARDED.findall(head)).split(b",")
        if len(named) < proxy_hops:
            return ""
        peer = named[-proxy_hops].strip().decode("latin-1")
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
