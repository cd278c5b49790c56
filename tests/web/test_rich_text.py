from __future__ import annotations

import pytest

from event_mgmt.web.rich_text import html_of


def test_paragraphs_lists_and_emphasis_are_drawn():
    html = html_of("Ein *Abend*,\nzwei Länder.\n\n1. eins\n2. **zwei**")

    assert "<p>Ein <em>Abend</em>,<br>\nzwei Länder.</p>" in html
    assert "<li><strong>zwei</strong></li>" in html


def test_headings_stand_below_those_of_the_page():
    assert "<h1" not in html_of("# Groß")
    assert html_of("# Groß") == "<h3>Groß</h3>\n"
    assert html_of("### Klein") == "<h4>Klein</h4>\n"


def test_tables_are_drawn():
    assert "<th>Zeit</th>" in html_of("| Zeit | Ort |\n| --- | --- |\n| 9 | Köln |")


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://example.org/pixel.gif)",
        '<a href="https://example.org" onclick="alert(1)">x</a>',
        "<style>body{display:none}</style>",
        '[x](https://example.org "a\\" onmouseover=alert(1)")',
    ],
)
def test_nothing_runs_or_is_fetched(attack):
    html = html_of(attack)

    for tag in (
        "<script",
        "<img",
        "<style",
        'href="javascript',
        'href="data',
        " onmouseover=alert(1)>",
    ):
        assert tag not in html


def test_links_neither_tell_nor_recommend():
    html = html_of("[Ort](https://example.org)")

    assert html == (
        '<p><a href="https://example.org" rel="noopener noreferrer nofollow">Ort</a></p>\n'
    )


def test_nothing_becomes_nothing():
    assert html_of("") == ""
