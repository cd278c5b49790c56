"""TLS to mail servers: whom we trust, and what a port speaks when it does not do as expected."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Final

_PROBE_SECONDS: Final = 3.0


def strict(ca_file: Path | None = None) -> ssl.SSLContext:
    """TLS with a certificate that the machine, or ``ca_file``, vouches for."""
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # one server's own certificate, too
    return context


def lenient() -> ssl.SSLContext:
    """TLS where there is no secret to lose: any certificate is better than none (RFC 7435)."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def is_loopback(host: str) -> bool:
    """Whether what is said to ``host`` stays on this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def begins_with_tls(host: str, port: int) -> bool:
    """Whether somebody at this port answers a TLS greeting; asked once others have failed."""
    with suppress(OSError), socket.create_connection((host, port), _PROBE_SECONDS) as sock:
        try:
            with lenient().wrap_socket(sock, server_hostname=host):
                return True
        except ssl.SSLError as error:
            # An alert of theirs (no version or cipher in common) is TLS as well.
            return "ALERT" in (error.reason or "")
    return False


def first_words(host: str, port: int) -> bytes:
    """What this port says by itself, without TLS; nothing when it waits for us to speak."""
    with suppress(OSError), socket.create_connection((host, port), _PROBE_SECONDS) as sock:
        return sock.recv(512)
    return b""
