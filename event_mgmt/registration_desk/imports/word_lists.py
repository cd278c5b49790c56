"""Word lists as they are best read: in one text, apart by a bar or by blanks."""

from __future__ import annotations


def by_bars(text: str) -> frozenset[str]:
    """The entries of "one|of several words"."""
    return frozenset(text.split("|"))


def by_blanks(text: str) -> frozenset[str]:
    """The words of "one two"."""
    return frozenset(text.split())
