"""The reader of markup finds what it is there to find."""

from __future__ import annotations

import pytest

from tests.web.markup import problems_of

PAGE = (
    '<!DOCTYPE html><html lang="de"><head><title>t</title></head><body><h1>h</h1>{}</body></html>'
)


def test_a_sound_page_has_no_problems() -> None:
    sound = '<label for="a">A</label><input id="a" name="a"><a href="#a">up</a>'

    assert problems_of(PAGE.format(sound)) == []


@pytest.mark.parametrize(
    "faulty",
    [
        "<p id='x'></p><p id='x'></p>",
        "<input name='a'>",
        "<label for='nobody'>A</label>",
        "<img src='a.png'>",
        "<p style='color:red'>x</p>",
        "<h1>second</h1>",
        "<div><p>crossed</div></p>",
        "<a href='#nowhere'>x</a>",
    ],
)
def test_faults_are_found(faulty: str) -> None:
    assert problems_of(PAGE.format(faulty)) != []
