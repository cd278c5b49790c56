"""Pages of a long list, as the pagination component draws them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

from event_mgmt.core.pages import page_count

_FURTHEST = 10_000


def page_number() -> int:
    """Which page the address asks for, from 1."""
    asked = request.args.get("page", type=int) or 1
    return max(1, min(asked, _FURTHEST))


@dataclass(frozen=True)
class PageLink:
    """One page's number and address; without address where numbers are left out."""

    number: int
    url: str | None
    is_current: bool = False


@dataclass(frozen=True)
class Pagination:
    """Page ``number`` of ``total`` rows, ``size`` to a page."""

    total: int
    number: int
    size: int

    @property
    def first(self) -> int:
        """The first row's number."""
        return min((self.number - 1) * self.size + 1, self.total)

    @property
    def last(self) -> int:
        """The last row's number."""
        return min(self.number * self.size, self.total)

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return page_count(self.total, self.size)

    @property
    def previous_url(self) -> str | None:
        """The page before."""
        return _url(self.number - 1) if self.number > 1 else None

    @property
    def next_url(self) -> str | None:
        """The page after."""
        return _url(self.number + 1) if self.number < self.pages else None

    @property
    def links(self) -> list[PageLink]:
        """The first, the last and the nearest pages."""
        return list(self._links())

    def _links(self) -> Iterator[PageLink]:
        near = {1, self.pages, self.number - 1, self.number, self.number + 1}
        before = 0
        for number in sorted(n for n in near if 1 <= n <= self.pages):
            if number > before + 1:
                yield PageLink(0, None)
            yield PageLink(number, _url(number), number == self.number)
            before = number


def _url(number: int) -> str:
    """A query alone, which keeps the path as the browser has it."""
    args = {**request.args.to_dict(flat=False), "page": [str(number)]}
    return f"?{urlencode(args, doseq=True)}"
