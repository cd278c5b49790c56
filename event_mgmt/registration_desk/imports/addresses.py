"""E-mail addresses as people write and paste them into lists."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from event_mgmt.registrations.party import one_line

_ADDRESS: Final = re.compile(
    r"(?<![^\s<>,;:\"()\[\]{}])[^\s<>,;:\"()\[\]{}@]+@"
    r"[^\s<>,;:\"'()\[\]{}@]+(?<!\.)"
)
_LINKED: Final = re.compile(r"#mailto:.*$", re.IGNORECASE)
"""What databases write behind an address that can be clicked."""
_MAILTO: Final = re.compile(r"\bmailto:([^\s?<>]+)(?:\?\S*)?", re.IGNORECASE)
_AT: Final = re.compile(r"\s*[(\[{<]\s*(?:at|ät|afna|@)\s*[)\]}>]\s*", re.IGNORECASE)
_DOT: Final = re.compile(r"\s*[(\[{<]\s*(?:dot|punkt|pika|\.)\s*[)\]}>]\s*", re.IGNORECASE)
_SPELT: Final = re.compile(r"\S+ (?:at|ät|afna) \S+(?: (?:dot|punkt|pika) \S+)*", re.IGNORECASE)
_SPELT_AT: Final = re.compile(r"\s+(?:at|ät|afna)\s+", re.IGNORECASE)
_SPELT_DOT: Final = re.compile(r"\s+(?:dot|punkt|pika)\s+", re.IGNORECASE)
_APART: Final = re.compile(r"\s*@\s*")
_ENDS_APART: Final = re.compile(r"(@[^\s.]+)\s*\.\s*([a-z]{2,12})$", re.IGNORECASE)
_CUT: Final = re.compile(r"(?:^|\s)[a-z]+ \S+@\S+$|\S\s+\S+\s+@")
_QUOTES: Final = " '\"`´‘’‚“”„«»"
_ENDS: Final = f"{_QUOTES}.,;:"
_LONGEST: Final = 600
"""A cell of more is a text in which an address may stand, and no address."""


def addresses_in(cell: str) -> list[str]:
    """The addresses that stand in a cell, in their order; what follows is not yet checked.

    Read are "mailto:" links, "Jörg Weiß <j@example.org>", "j (at) example.org", blanks around the
    sign and full stops and commas behind. Where a blank may have cut an address ("anna
    kos@example.org"), none is: half of it would be somebody else's.
    """
    if len(cell) > _LONGEST:
        return []
    typed = _LINKED.sub("", one_line(cell)).strip(_QUOTES)
    typed = _MAILTO.sub(lambda found: unquote(found[1]), typed)
    typed = _DOT.sub(".", _AT.sub("@", typed))
    if "@" not in typed and _SPELT.fullmatch(typed):
        typed = _SPELT_DOT.sub(".", _SPELT_AT.sub("@", typed))
    if typed.count("@") == 1:
        joined = _ENDS_APART.sub(r"\1.\2", _APART.sub("@", typed).rstrip(_ENDS))
        if _CUT.search(typed) or _CUT.search(joined):
            return []
        typed = joined
    return [found.lstrip(_QUOTES) for found in _ADDRESS.findall(typed)]
