"""The reader of markup finds what it is there to find, also where it need not parse."""

from __future__ import annotations

import pytest

from tests.web import markup
from tests.web.markup import parsed_problems_of, problems_of
from tests.web.tags import UnreadableError, tags_of

PAGE = (
    '<!DOCTYPE html><html lang="de"><head><title>t</title></head><body><h1>h</h1>{}</body></html>'
)
SOUND = '<label for="a">A</label><input id="a" name="a"><a href="#a">up</a>'
FAULTY = [
    "<p id='x'></p><p id='x'></p>",
    "<input name='a'>",
    "<label></label><input name='a'>",
    "<label for='nobody'>A</label>",
    "<p aria-describedby='nobody'></p>",
    "<img src='a.png'>",
    "<p style='color:red'>x</p>",
    "<p style>x</p>",
    "<h1>second</h1>",
    "<div><p>crossed</div></p>",
    "<p><div></div></p>",
    "<table><p></p></table>",
    "<ul><li>a</ul></li>",
    "<b>open",
    "<form><form></form></form>",
    "<a href='#nowhere'>x</a>",
    "<a href='a'><a href='b'>in a link</a></a>",
    "<p class='a' class='b'></p>",
    "<p class=a'b></p>",
    "<p class='a'title='b'></p>",
    "<p class='a'/>",
    "<p>&#0;</p>",
    "<p title='&#x80;'></p>",
    "<p>\0</p>",
    "<p>\x85</p>",
    "a < b <",
    "<!-- a -- b --",
    "<textarea>",
    "<textarea><p></textarea></p>",
    "</p>",
    "</nothing>",
]


def test_a_sound_page_has_no_problems() -> None:
    assert problems_of(PAGE.format(SOUND)) == []
    assert problems_of(PAGE.format("<label>A <input name='a'></label>")) == []


@pytest.mark.parametrize("faulty", FAULTY)
def test_faults_are_found(faulty: str) -> None:
    assert problems_of(PAGE.format(faulty)) != []


@pytest.mark.parametrize("faulty", FAULTY)
def test_faults_are_found_between_what_is_known_to_be_sound(faulty: str) -> None:
    assert problems_of(PAGE.format(SOUND)) == []

    found = problems_of(PAGE.format(SOUND + faulty))

    assert found != []
    assert found == parsed_problems_of(PAGE.format(SOUND + faulty))


def test_a_page_without_its_language_or_heading_is_faulty() -> None:
    assert problems_of(PAGE.format("").replace(' lang="de"', "")) == ["html without lang"]
    assert problems_of(PAGE.format("").replace("h1", "h2")) == ["a page has one h1"]
    assert problems_of(PAGE.format("").replace("<!DOCTYPE html>", "")) != []


@pytest.mark.parametrize(
    ("sound", "faulty"),
    [
        ("<p id='x1'></p><p id='x2'></p>", "<p id='x1'></p><p id='x1'></p>"),
        ("<a href='#y' id='y'>x</a>", "<a href='#z' id='y'>x</a>"),
        ("<label for='f'>A</label><input id='f'>", "<label for='g'>A</label><input id='f'>"),
        ("<input aria-label='a'>", "<input aria-label=''>"),
        ("<p aria-controls='c' id='c'></p>", "<p aria-controls='d' id='c'></p>"),
    ],
)
def test_names_are_compared_also_on_a_page_of_a_known_shape(sound: str, faulty: str) -> None:
    assert tags_of(PAGE.format(sound))[1] == tags_of(PAGE.format(faulty))[1]
    assert problems_of(PAGE.format(sound)) == []
    assert problems_of(PAGE.format(faulty)) != []


def test_a_page_of_a_known_shape_is_not_parsed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    page = PAGE.format("<p title='{}'>{}</p>")
    assert problems_of(page.format("ein Satz", "Erstes")) == []
    monkeypatch.setattr(markup, "parsed_problems_of", lambda _html: ["parsed"])

    assert problems_of(page.format("&amp; noch 1", "Žiga &lt; > „Zwei“")) == []
    assert problems_of(page.format("x", "")) == ["parsed"]
    assert problems_of(page.format("x", "&nbsp;")) == ["parsed"]
    assert problems_of(page.format("x", "<b></b>")) == ["parsed"]


@pytest.mark.parametrize(
    "odd", ["<p class=a></p>", "<!-- a > b -->", "<style>a<b</style>", "a < b", "<?x?>", "<p"]
)
def test_only_a_parser_reads_what_is_out_of_the_ordinary(odd: str) -> None:
    with pytest.raises(UnreadableError):
        tags_of(PAGE.format(odd))
