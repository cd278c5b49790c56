"""What members of enumerations are called on screen: ``{{ event.status | enum_label }}``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal, cast

from flask import Flask, current_app

Tone = Literal["neutral", "ok", "warn", "danger", "brand"]

_KEY: Final = "enum_labels"


@dataclass(frozen=True)
class EnumLabel:
    """A member's label for readers (translated when shown), and the tone of a tag with it."""

    member: StrEnum
    label: object
    tone: Tone = "neutral"


_Labels = dict[tuple[type[StrEnum], str], EnumLabel]
"""By type and value: members of two enumerations that share a value are equal."""


def init_app(app: Flask, labels: Iterable[EnumLabel]) -> None:
    """Give ``app`` the labels that its rooms declare, and its templates the two filters."""
    app.extensions[_KEY] = {(type(each.member), each.member.value): each for each in labels}
    app.jinja_env.filters.update(enum_label=enum_label, tone=tone)


def enum_label(member: StrEnum) -> str:
    """The label of ``member`` in the reader's language; KeyError where no room declares one."""
    return str(_of(member).label)


def tone(member: StrEnum) -> Tone:
    """The tone of the tag that shows ``member``."""
    return _of(member).tone


def has_label(member: StrEnum) -> bool:
    """Whether a room declares a label for ``member``."""
    return (type(member), member.value) in _labels()


def _of(member: StrEnum) -> EnumLabel:
    return _labels()[type(member), member.value]


def _labels() -> _Labels:
    return cast(_Labels, current_app.extensions[_KEY])
