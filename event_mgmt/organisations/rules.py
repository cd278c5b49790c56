"""Decisions about organisations: colours, names in addresses, web addresses, successors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from event_mgmt.core.text import fold

# White text on each of them reads well (contrast of 4.5 and more, WCAG 2.2, 1.4.3), and one is
# told from the other beside it in a stripe. A test computes it.
ACCENTS: Final = (
    "#1d5fa8",
    "#0a7466",
    "#b34f0a",
    "#9b1c31",
    "#2f6b1f",
    "#3b3a8f",
    "#6b3fa0",
    "#8a5a00",
    "#0f6e8c",
    "#a12a7a",
    "#5b4636",
    "#455a64",
)

_NUMBER: Final = 10
"""Characters kept free in a name for addresses, so that the next of the same name finds room."""


def least_used_accent(used: Iterable[str]) -> str:
    """The accent that the fewest organisations have, the earlier one where several tie."""
    counted = Counter(used)
    return min(ACCENTS, key=lambda accent: counted[accent])


def slug_of(name: str, taken: Iterable[str], *, room: int = 80) -> str:
    """What stands for ``name`` in addresses, different from all that are ``taken``.

    ``room`` is how many characters it may have.
    """
    base = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[: room - _NUMBER] or "organisation"
    others, number, slug = set(taken), 2, base
    while slug in others:
        slug, number = f"{base}-{number}", number + 1
    return slug


def is_web_address(text: str) -> bool:
    """Whether ``text`` is a complete http or https address: links to others run no script."""
    if any(c.isspace() or ord(c) < 32 for c in text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "." in parts.netloc


def is_period(first: date | None, last: date | None) -> bool:
    """Whether an organisation can have existed from ``first`` to ``last``, both included."""
    return first is None or last is None or first <= last


def makes_successor_circle(
    organisation_id: int, successor_id: int, successors: Mapping[int, int]
) -> bool:
    """Whether following successors from ``successor_id`` would come back to the organisation."""
    seen: set[int] = set()
    following: int | None = successor_id
    while following is not None and following not in seen:
        if following == organisation_id:
            return True
        seen.add(following)
        following = successors.get(following)
    return False
