"""How many pages a list has, and which of them is meant. Pure."""

from __future__ import annotations


def page_count(total: int, size: int) -> int:
    """How many pages ``total`` rows fill, ``size`` to a page; an empty list has one."""
    return max(1, -(-total // size))


def nearest_page(number: int, total: int, size: int) -> int:
    """Page ``number``, counted from 1, or the nearest that a list of ``total`` rows has."""
    return max(1, min(number, page_count(total, size)))
