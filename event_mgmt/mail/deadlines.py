"""One deadline for a whole conversation with a mail server, instead of one for each read."""

from __future__ import annotations

import socket
import ssl
import time

from event_mgmt.mail.server_faults import Stage


class DeadlineClient:
    """A client that is done by its deadline, and knows how far it has come.

    With ``wrap``, connections are secured from their first byte.
    """

    def __init__(self, wrap: ssl.SSLContext | None) -> None:
        self._wrap = wrap
        self._ends_at = 0.0
        self.stage = Stage.CONNECTING

    def allow(self, seconds: float) -> None:
        """Give the conversation so long from now on."""
        self._ends_at = time.monotonic() + seconds

    def remaining(self) -> float:
        """Seconds until the deadline; TimeoutError when it has passed."""
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        return left

    def connected(self, host: str, port: int) -> socket.socket:
        """A connection to a server that has yet to greet; raises OSError."""
        sock = socket.create_connection((host, port), self.remaining())
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._wrap is not None:
            self.stage = Stage.TLS
            sock.settimeout(self.remaining())
            sock = self._wrap.wrap_socket(sock, server_hostname=host)
        self.stage = Stage.GREETING
        return sock
