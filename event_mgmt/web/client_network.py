"""Where a request comes from, as a key that limits how often it may come."""

from __future__ import annotations

import hashlib
import hmac
from ipaddress import IPv6Address, ip_address, ip_network

from flask import current_app, request


def client_network() -> str:
    """A key for the sender's network: an IPv4 address, or an IPv6 /64, as a keyed digest.

    '' for this machine's own addresses. Behind a proxy that PROXY_HOPS does not tell of, all
    guests would come from there, and one limit would shut out everybody at once.
    """
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if address.is_loopback:
        return ""
    network = (
        str(ip_network((address, 64), strict=False))
        if isinstance(address, IPv6Address)
        else str(address)
    )
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, network.encode(), hashlib.sha256).hexdigest()[:32]
