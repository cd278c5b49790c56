"""How many pages a list has, and which one is meant by a number."""

from __future__ import annotations

import pytest

from event_mgmt.core.pages import nearest_page, page_count


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (50, 1), (51, 2), (100, 2)])
def test_a_list_has_as_many_pages_as_its_rows_fill_and_one_when_it_is_empty(
    total: int, pages: int
) -> None:
    assert page_count(total, 50) == pages


@pytest.mark.parametrize(("number", "page"), [(-3, 1), (0, 1), (1, 1), (2, 2), (3, 3), (4, 3)])
def test_a_number_beyond_either_end_means_the_page_there(number: int, page: int) -> None:
    assert nearest_page(number, 101, 50) == page


def test_an_empty_list_has_only_its_first_page() -> None:
    assert nearest_page(7, 0, 50) == 1
