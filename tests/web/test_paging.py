"""Pages of a long list."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest

from event_mgmt.web.paging import Pagination, page_number


@pytest.mark.parametrize(
    ("query", "number"), [("", 1), ("page=3", 3), ("page=0", 1), ("page=-2", 1), ("page=x", 1)]
)
def test_an_odd_page_number_is_the_first_page(sqlite_app, query, number):
    with sqlite_app.test_request_context(f"/list?{query}"):
        assert page_number() == number


def test_a_page_knows_its_rows_and_its_neighbours(sqlite_app):
    with sqlite_app.test_request_context("/list?q=a+b&page=5"):
        page = Pagination(total=203, number=5, size=25)

        assert (page.first, page.last, page.pages) == (101, 125, 9)
        assert page.previous_url == "?q=a+b&page=4"
        assert page.next_url == "?q=a+b&page=6"
        assert [link.number for link in page.links] == [1, 0, 4, 5, 6, 0, 9]
        assert [link.number for link in page.links if link.is_current] == [5]


def test_a_single_page_has_no_neighbours(sqlite_app):
    with sqlite_app.test_request_context("/list"):
        page = Pagination(total=0, number=1, size=25)
        assert (page.first, page.last, page.previous_url, page.next_url) == (0, 0, None, None)
        assert len(page.links) == 1


def test_the_next_page_is_at_the_same_address_whatever_that_is(sqlite_app):
    address = "https://events.example.org/list/50%25%3F"
    with sqlite_app.test_request_context(path=address):
        page = Pagination(total=60, number=1, size=25)

        assert urljoin(address, page.next_url or "") == f"{address}?page=2"
