"""Addresses in somebody's words as links: of the web, also without their scheme, and of mail.

Bare names such as "example.org" stay text: "Saal.Am Abend" is one of them too.
"""

from __future__ import annotations

from typing import Any, Final

from linkify_it import LinkifyIt
from markupsafe import Markup

_BEGINNINGS: Final = ("://", "www.", "@")
_QUOTES: Final = "“”„‟‘’‚‛«»‹›…"
"""What may close a sentence or a quotation, and ends no address."""

_LINK: Final = Markup('<a href="{}" style="color:#0f4c75">{}</a>')


def linked(text: str) -> Markup:
    """``text`` as HTML on one line; what is no address is text, whatever it looks like."""
    lowered = text.lower()
    if not any(beginning in lowered for beginning in _BEGINNINGS):
        return Markup.escape(text)
    parts, end = [], 0
    for found in _finder.match(text) or ():
        address = found.text.rstrip(_QUOTES)
        closed = len(found.text) - len(address)
        url = found.url[:-closed] if closed else found.url
        parts += [Markup.escape(text[end : found.index]), _LINK.format(url, address)]
        end = found.last_index - closed
    return Markup().join([*parts, Markup.escape(text[end:])])


def _made() -> LinkifyIt:
    finder = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": True, "fuzzy_ip": False})
    finder.add("ftp:", None).add("//", None)
    finder.add("www.", {"validate": _host_and_path(finder), "normalize": _with_scheme})
    return finder


def _host_and_path(finder: LinkifyIt) -> str:
    return "^" + finder.re["src_host_port_strict"] + finder.re["src_path"]


def _with_scheme(_finder: LinkifyIt, found: Any) -> None:
    found.url = f"https://{found.url}"


_finder: Final = _made()
