"""Decisions of data protection: pure, with time as an argument."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from event_mgmt.core.text import fold

REDACTED: Final = "[…]"
"""What stands where somebody's name or address stood in a text of others."""

_WORD: Final = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


@dataclass(frozen=True)
class Traces:
    """By what a person could still be recognised in a text: addresses and names, folded."""

    addresses: frozenset[str] = frozenset()
    names: frozenset[tuple[str, ...]] = field(default_factory=frozenset)

    @classmethod
    def of(cls, addresses: Iterable[str], people: Iterable[tuple[str, str]]) -> Traces:
        """The traces of ``addresses`` and of people as (given name, family name)."""
        names: set[tuple[str, ...]] = set()
        for given, family in people:
            first, last = _folded(given), _folded(family)
            names |= {(*first, *last), (*last, *first), tuple(last)}
        return cls(frozenset(a.lower() for a in addresses if a), frozenset(names - {()}))

    def __bool__(self) -> bool:
        return bool(self.addresses or self.names)


def _folded(text: str) -> list[str]:
    return [fold(word) for word in _WORD.findall(text)]


def redacted(text: str, traces: Traces) -> str:
    """``text`` without the addresses and names in ``traces``; whole words, in any spelling.

    Diacritics and case do not count: "zagar" is found for Žagar, and "Zagarjeva" is not.
    """
    for address in traces.addresses:
        text = re.sub(re.escape(address), REDACTED, text, flags=re.IGNORECASE)
    words = [(found.start(), found.end(), fold(found.group())) for found in _WORD.finditer(text)]
    spans = list(_spans(words, sorted(traces.names, key=len, reverse=True)))
    for start, end in reversed(spans):
        text = text[:start] + REDACTED + text[end:]
    return text


def _spans(
    words: Sequence[tuple[int, int, str]], names: Sequence[tuple[str, ...]]
) -> Iterable[tuple[int, int]]:
    place = 0
    while place < len(words):
        for name in names:
            if tuple(word for _s, _e, word in words[place : place + len(name)]) == name:
                yield words[place][0], words[place + len(name) - 1][1]
                place += len(name)
                break
        else:
            place += 1


def redacted_value(value: object, traces: Traces) -> object:
    """``redacted`` for every text inside a JSON value."""
    match value:
        case str():
            return redacted(value, traces)
        case dict():
            return {key: redacted_value(inner, traces) for key, inner in value.items()}
        case list():
            return [redacted_value(inner, traces) for inner in value]
        case _:
            return value
