"""How slow a client may be, and what it may take of a server meanwhile. Pure; times are seconds."""

from __future__ import annotations

import ipaddress
import math
import re
from dataclasses import dataclass
from typing import Final

_FORWARDED: Final = re.compile(rb"\r\nx-forwarded-for:([^\r]*)(?=\r\n)", re.IGNORECASE)
_GIBIBYTE: Final = 1024**3


@dataclass(frozen=True)
class Limits:
    """What is borne. The defaults are those of docs/decisions/0012-slow-clients.md."""

    head_seconds: float = 15.0  # for all of the head, from the connection on
    body_grace_seconds: float = 20.0
    body_silence_seconds: float = 60.0  # however quick a sender was before
    answer_grace_seconds: float = 30.0
    least_rate: float = 4 * 1024  # bytes a second, on average; a slow mobile network has 10 KB/s
    linger_seconds: float = 30.0
    linger_silence_seconds: float = 5.0
    connections: int = 4000
    connections_of_one: int = 1000
    waiting_for_a_web_process: int = 1000
    on_disk: int = 2 * _GIBIBYTE  # or half of what was free at the start; one client: half of that


class RateAllowance:
    """By when more must have come (or been taken): ``until``.

    It begins with a grace; each byte earns its time at the least rate, up to ``silence`` from then
    on. So who sent much at once cannot rest for long on what that earned, and go on holding it.
    """

    def __init__(
        self, now: float, *, grace: float, rate: float, silence: float = math.inf, done: int = 0
    ) -> None:
        self.until = now + grace + done / rate
        self._rate = rate
        self._silence = silence

    def earn(self, now: float, size: int) -> None:
        """So many bytes came (or were taken) now."""
        self.until = min(self.until + size / self._rate, now + self._silence)


def forwarded_in(head: bytes) -> str:
    """What the proxies wrote into this head: all X-Forwarded-For, in their order."""
    return b",".join(_FORWARDED.findall(head)).decode("latin-1")


def client_of(peer: str, forwarded: str, *, proxy_hops: int) -> str:
    """Whom to count a connection for: an IPv4 address, or the network (/64) of an IPv6 one.

    Behind proxies of one's own it is the address that the outermost of them saw; nothing where
    that is not known (yet): a proxy's connections are not one client's.
    """
    if proxy_hops:
        named = forwarded.split(",")
        if len(named) < proxy_hops:
            return ""
        peer = named[-proxy_hops].strip()
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
