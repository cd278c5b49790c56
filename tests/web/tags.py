"""The tags of a page, read by patterns: quick, and exact where the markup is sound.

Whether a parser of HTML finds a fault hangs on the tags, their attributes and their order, hardly
on the words between them. So a page has a `shape`: its source, with the same letter for each text
and each value that no parser stumbles over. Of pages that share a shape one needs to be parsed.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from html import unescape

_SAFE = r"!-%'-;=?-~\u00a1-\ud7ff\ue000-\ufdcf\ufdf0-\ufffc"  # none of & < > and no control
_TOKEN = re.compile(
    r"""(?P<text>[^<]+)
        | <(?P<name>[a-z][a-z0-9-]*)(?P<rest>(?:\s+[^\s"'<>/=]+(?:="[^"]*"|='[^']*')?)*\s*/?)>
        | </(?P<closed>[a-z][a-z0-9-]*)>
        | (?P<other><!DOCTYPE\ html>|<!--[\w\s,.:]*-->)""",
    re.VERBOSE | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""\s+([^\s"'<>/=]+)(?:=(?:"([^"]*)"|'([^']*)'))?""")
_PLAIN = re.compile(rf"[ \t\n\r\u00a0>{_SAFE}]*")
_SOUND_REFERENCE = re.compile("&(?:amp|lt|gt|quot|#34|#39);")
_PLAIN_VALUE = re.compile(rf"[ \t\n<>{_SAFE}]*")
_TELLING = {"type", "charset", "http-equiv", "content", "encoding", "xmlns", "xmlns:xlink"}
"""Attributes whose values a parser looks at."""
_RAW = {"script", "style", "textarea", "title", "iframe", "noembed", "noframes", "xmp", "plaintext"}
"""Elements in which a tag would be text."""


class UnreadableError(ValueError):
    """The source has something that the patterns do not know."""


@dataclass(frozen=True, eq=False)
class Tag:
    """One tag: its name in small letters, and its attributes, empty where it closes."""

    name: str
    attributes: dict[str, str]
    is_end: bool
    shape: str

    def get(self, attribute: str) -> str | None:
        """The value of an attribute, None where it is missing."""
        return self.attributes.get(attribute)


def tags_of(source: str) -> tuple[list[Tag], str]:
    """The tags of a page in their order, and the page's shape.

    Raises UnreadableError where only a parser knows what is meant.
    """
    tags: list[Tag] = []
    shape: list[str] = []
    at = 0
    raw = ""
    for token in _TOKEN.finditer(source):
        if token.start() != at:
            break
        at = token.end()
        kind = token.lastgroup
        if kind == "text":
            shape.append(_text(token[0]))
        elif kind == "other":
            if raw:
                break
            shape.append(token[0])
        else:
            tag = _tag(token[0])
            if raw and not (tag.is_end and tag.name == raw):
                break
            raw = tag.name if tag.name in _RAW and not tag.is_end else ""
            tags.append(tag)
            shape.append(tag.shape)
    if at != len(source) or raw:
        raise UnreadableError(source[at : at + 80])
    return tags, "".join(shape)


def _text(text: str) -> str:
    if not text.strip(" \t\n\r"):
        return " "
    return "x" if _PLAIN.fullmatch(_SOUND_REFERENCE.sub("", text)) else text


@functools.lru_cache(maxsize=20_000)
def _tag(source: str) -> Tag:
    token = _TOKEN.fullmatch(source)
    assert token is not None
    if closed := token["closed"]:
        return Tag(closed.lower(), {}, True, source)
    attributes: dict[str, str] = {}
    shape = [token["name"]]
    for name, quoted, single in _ATTRIBUTE.findall(token["rest"]):
        value = quoted or single
        attributes.setdefault(name.lower(), unescape(value))
        without = _SOUND_REFERENCE.sub("", value)
        is_plain = name.lower() not in _TELLING and _PLAIN_VALUE.fullmatch(without)
        shape.append(name if is_plain else f"{name}={value!r}")
    ends = "/" if token["rest"].endswith("/") else ""
    return Tag(token["name"].lower(), attributes, False, f"<{' '.join(shape)}{ends}>")
