"""Ids of rows in addresses and forms: numbers that an INTEGER column can hold, nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, ValidationError

LARGEST_ID: Final = 2**31 - 1
"""What an INTEGER column holds on PostgreSQL; a larger number is an error there, not a miss."""

ROW_NUMBER: Final = "[0-9]{1,6}"
"""A pattern for the number of a row within a form."""

_DIGITS: Final = 10


def row_id(text: str | None) -> int | None:
    """A row's id from an address or a form; ``None`` for what no database could hold as one."""
    text = text or ""
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        return None
    return number if (number := int(text)) <= LARGEST_ID else None


def row_ids(words: Iterable[str]) -> list[int]:
    """The ids among ``words``, in their order."""
    return [number for word in words if (number := row_id(word)) is not None]


class RowIdConverter(IntegerConverter):
    """``<int:…>`` in an address: an id that there could be; others lead to no page."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)

    def to_python(self, value: str) -> int:
        """The id; ValidationError where it is none."""
        if len(value) > _DIGITS:
            raise ValidationError
        return int(super().to_python(value))


def init_app(app: Flask) -> None:
    """Let every ``<int:…>`` be an id; before any address is registered."""
    app.url_map.converters["int"] = RowIdConverter
