"""Addresses in somebody's words as links: of the web, also without their scheme, and of mail.

Bare names such as "example.org" stay text: "Saal.Am Abend" is one of them too. What surrounds an
address in people's texts (brackets, quotation marks, _emphasis_, signs that nobody sees and that
came with copying) is no part of it.
"""

from __future__ import annotations

import re
from typing import Final

from linkify_it import LinkifyIt
from linkify_it.main import Match
from markupsafe import Markup

_BEGINNINGS: Final = ("://", "www.", "@")
_CLOSING: Final = "“”„‟‘’‚‛«»‹›…:–—|"
"""What may close a sentence or a quotation, and ends no address."""

_UNSEEN: Final = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Within an address left out: web pages and office programs put these where a line may break."""

_DIRECTIONS: Final = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Marks of the direction of writing: none is part of an address, it would show another one."""

_BLANK: Final = str.maketrans(_DIRECTIONS, " " * len(_DIRECTIONS))
_BEFORE: Final = r"(?<![^\s(\[{<„“\"'»«,;:])"
_AFTER: Final = r"(?![^\s)\]}>“”\"'»«,;:.!?…])"
_EMPHASIS: Final = re.compile(
    rf"{_BEFORE}([_*~`]{{1,3}})(?=[^\s_*~`])(.{{0,300}}?[^\s_*~`])(\1){_AFTER}"
)
_SIGNS_BEFORE: Final = re.compile(r"(?<!\S)(\w*[_*~`=|]+)(?=https?://|www\.)", re.IGNORECASE)
_TWICE: Final = re.compile(r"https?://(?=https?://)", re.IGNORECASE)
_SEVERAL: Final = re.compile(r"[,;|/](?=[^\s,;|/@]+@)")
_MAILTO: Final = "mailto:"
_NO_MAIL: Final = frozenset(
    {"acct", "callto", "cid", "data", "ftp", "im", "matrix", "mid", "msteams", "news", "sftp"}
    | {"sip", "sips", "skype", "ssh", "tel", "urn", "xmpp"}
)
"""Schemes whose addresses have an @ and are none of mail."""

_LINK: Final = Markup('<a href="{}" style="color:#0f4c75">{}</a>')


def linked(text: str) -> Markup:
    """``text`` as HTML on one line; what is no address is text, whatever it looks like."""
    lowered = text.lower()
    if not any(beginning in lowered for beginning in _BEGINNINGS):
        return Markup.escape(text)
    seen = [place for place, sign in enumerate(text) if sign not in _UNSEEN]
    plain = "".join(text[place] for place in seen)
    parts, end = [], 0
    for found in _finder.match(_without_surroundings(plain)) or ():
        link = _link_of(found.text, found.url)
        if link is None:
            continue
        url, shown = link
        first = found.index + found.text.rindex(shown)
        begins, ends = seen[first], seen[first + len(shown) - 1] + 1
        parts += [Markup.escape(text[end:begins]), _LINK.format(url, shown)]
        end = ends
    return Markup().join([*parts, Markup.escape(text[end:])])


def _without_surroundings(text: str) -> str:
    """``text``, equally long, with spaces for what only surrounds or parts addresses."""
    text = text.translate(_BLANK)
    text = _EMPHASIS.sub(lambda m: f"{_spaces(m[1])}{m[2]}{_spaces(m[3])}", text)
    for surroundings in (_SIGNS_BEFORE, _TWICE):
        text = surroundings.sub(lambda m: _spaces(m[0]), text)
    return "".join(map(_addresses_apart, re.split(r"(\s+)", text)))


def _addresses_apart(word: str) -> str:
    is_of_mail = word.count("@") > 1 and "://" not in word and "www." not in word.lower()
    return _SEVERAL.sub(" ", word) if is_of_mail else word


def _spaces(text: str) -> str:
    return " " * len(text)


def _link_of(found: str, url: str) -> tuple[str, str] | None:
    """The address that a link leads to and the one that it shows, of what was found; or None."""
    shown = found.rstrip(_CLOSING)
    url = url[: len(url) - (len(found) - len(shown))]
    if not url.lower().startswith(_MAILTO) or shown.lower().startswith(_MAILTO):
        return url, shown
    before, _colon, address = shown.rpartition(":")  # "E-Mail:ana@example.org", "sip:…"
    if before.rpartition(":")[2].lower() in _NO_MAIL:
        return None
    return _MAILTO + address, address


def _made() -> LinkifyIt:
    finder = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": True, "fuzzy_ip": False})
    finder.add("ftp:", None).add("//", None)
    finder.add("www.", {"validate": _host_and_path(finder), "normalize": _with_scheme})
    return finder


def _host_and_path(finder: LinkifyIt) -> str:
    """A host of two names at least: "www.a" is none."""
    two_names = r"^(?=[^\s/?#]*[^\s/?#.]\.[^\s/?#.])"
    return two_names + finder.re["src_host_port_strict"] + finder.re["src_path"]


def _with_scheme(_finder: LinkifyIt, found: Match) -> None:
    found.url = f"https://{found.url}"


_finder: Final = _made()
