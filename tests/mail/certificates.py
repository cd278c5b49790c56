"""Certificates made by the test: an authority of its own, and what it signs for servers."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    """A server's certificate (with its issuer's) and key."""

    chain: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """What a server needs to show it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context


class Authority:
    """An authority that no machine trusts by itself; ``file`` is what an operator may trust."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.file = folder / "authority.pem"
        self._key = folder / "authority.key"
        _openssl(
            "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority"
            f" -addext basicConstraints=critical,CA:TRUE -keyout {self._key} -out {self.file}"
        )

    def signs(self, name: str, *, names: str = "IP:127.0.0.1", days: int = 2) -> Certificate:
        """A certificate for ``names``; with ``days`` of -1 it ended yesterday."""
        key, request = self._folder / f"{name}.key", self._folder / f"{name}.csr"
        chain, extensions = self._folder / f"{name}.pem", self._folder / f"{name}.cnf"
        extensions.write_text(f"subjectAltName={names}\n")
        _openssl(f"req -newkey rsa:2048 -nodes -subj /CN={name} -keyout {key} -out {request}")
        _openssl(
            f"x509 -req -in {request} -CA {self.file} -CAkey {self._key} -CAcreateserial"
            f" -days {days} -extfile {extensions} -out {chain}"
        )
        return Certificate(chain, key)


def _openssl(arguments: str) -> None:
    subprocess.run(["openssl", *arguments.split()], check=True, capture_output=True)
