"""The words and tones in which enumerations show themselves: ``{{ event.status | word }}``."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Literal

Tone = Literal["neutral", "ok", "warn", "danger", "brand"]

_Key = tuple[type[StrEnum], str]
_words: Final[dict[_Key, object]] = {}
_tones: Final[dict[_Key, Tone]] = {}


def _key(member: StrEnum) -> _Key:
    """Members of two enumerations that share a value are equal; here they must not be."""
    return type(member), member.value


def teach(member: StrEnum, word: object, tone: Tone = "neutral") -> None:
    """Let a room say what one of its words is called on screen, and in which tone."""
    _words[_key(member)] = word
    _tones[_key(member)] = tone


def word(member: StrEnum) -> str:
    """The reader's word for ``member``."""
    return str(_words[_key(member)])


def tone(member: StrEnum) -> Tone:
    """The tone of the tag that shows ``member``."""
    return _tones[_key(member)]
