"""Taking somebody's name out of the texts of others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from event_mgmt.core.text import search_fold

REDACTED: Final = "[…]"
"""What stands where somebody's name or address stood in a text of others."""

_LONGEST: Final = 8
"""Names of more words than this are found by their surname alone."""

_WORD: Final = re.compile(r"[^\W_]+")
"""What hyphens, dots and apostrophes join are several: "Kos’s", "Kos-Delegation", "A.Kos"."""

_WITH_APOSTROPHES: Final = re.compile(r"[^\W_]+(?:['\u2018\u2019\u02bc`\u00b4][^\W_]+)*")
"""What apostrophes join is one: O’Brien, who is OBrien elsewhere."""


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
            for word in (_WORD, _WITH_APOSTROPHES):
                first, last = _folded(given, word), _folded(family, word)
                names |= {(*first, *last), (*last, *first), tuple(last)}
        return cls(frozenset(a.lower() for a in addresses if a), frozenset(names - {()}))

    def __bool__(self) -> bool:
        return bool(self.addresses or self.names)


def _folded(text: str, word: re.Pattern[str]) -> list[str]:
    return [search_fold(found) for found in word.findall(text)]


def redacted(text: str, traces: Traces) -> str:
    """``text`` without the addresses and names in ``traces``; whole words, in any spelling.

    Diacritics and case do not count, nor do transcriptions: "zagar" is found for Žagar, "Mueller"
    for Müller, and "Zagarjeva" is not.
    """
    text = unicodedata.normalize("NFC", text)
    for address in traces.addresses:
        text = re.sub(re.escape(address), REDACTED, text, flags=re.IGNORECASE)
    for word in (_WITH_APOSTROPHES, _WORD):
        words = [(at.start(), at.end(), search_fold(at.group())) for at in word.finditer(text)]
        for start, end in reversed(list(_spans(words, traces))):
            text = text[:start] + REDACTED + text[end:]
    return text


def _spans(words: Sequence[tuple[int, int, str]], traces: Traces) -> Iterable[tuple[int, int]]:
    """Where names begin and end; the longest first, none inside another."""
    place = 0
    while place < len(words):
        length = _name_at([word for _s, _e, word in words[place : place + _LONGEST]], traces)
        if length:
            yield words[place][0], words[place + length - 1][1]
        place += length or 1


def _name_at(words: Sequence[str], traces: Traces) -> int:
    """Of how many words the name is that ``words`` begin with; 0 where there is none."""
    for length in range(len(words), 0, -1):
        if tuple(words[:length]) in traces.names:
            return length
    return 0
