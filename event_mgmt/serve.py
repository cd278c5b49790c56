"""One command that runs everything: web processes and mail workers under one supervisor."""

from __future__ import annotations


def main() -> None:
    """Serve until stopped."""
    raise NotImplementedError
