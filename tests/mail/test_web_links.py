"""Addresses in an organiser's words become links, and nothing else does."""

from __future__ import annotations

import html

import html5lib
import pytest
from flask import Flask
from hypothesis import given, strategies

from event_mgmt.mail.drawing import words_of
from event_mgmt.mail.letters import Button, Facts, Paragraph, Quote
from event_mgmt.mail.web_links import linked
from tests.mail.samples import a_letter


def _links(markup: str) -> list[tuple[str, str]]:
    tree = html5lib.parse(markup, namespaceHTMLElements=False)
    return [(a.get("href"), "".join(a.itertext())) for a in tree.iter("a")]


def _text(markup: str) -> str:
    return "".join(html5lib.parse(markup, namespaceHTMLElements=False).itertext())


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Siehe https://x.org/a.", "https://x.org/a"),
        ("Siehe http://x.org/a?b=1&c=2!", "http://x.org/a?b=1&c=2"),
        ("(https://x.org/a)", "https://x.org/a"),
        ("(siehe https://x.org/a_(b))", "https://x.org/a_(b)"),
        ("„https://x.org/a“, sagt sie", "https://x.org/a"),
        ("»https://x.org/a«", "https://x.org/a"),
        ("https://x.org/a…", "https://x.org/a"),
        ("<https://x.org/a>", "https://x.org/a"),
        ('"https://x.org/a"', "https://x.org/a"),
        ("https://x.org/a; https", "https://x.org/a"),
        ("HTTPS://X.ORG/A", "HTTPS://X.ORG/A"),
        ("https://büro.example.org/čšž", "https://büro.example.org/čšž"),
        ("http://10.0.0.1:8080/x", "http://10.0.0.1:8080/x"),
    ],
)
def test_an_address_of_the_web_is_a_link_without_what_closes_the_sentence(
    text: str, address: str
) -> None:
    assert _links(linked(text)) == [(address, address)]
    assert _text(linked(text)) == text


@pytest.mark.parametrize(
    ("text", "shown", "url"),
    [
        ("auf www.example.org.", "www.example.org", "https://www.example.org"),
        ("WWW.example.org/a?b=c,", "WWW.example.org/a?b=c", "https://WWW.example.org/a?b=c"),
        ("an ana.kos@example.org.", "ana.kos@example.org", "mailto:ana.kos@example.org"),
        ("(ana@büro.example.org)", "ana@büro.example.org", "mailto:ana@büro.example.org"),
    ],
)
def test_what_has_no_scheme_gets_one(text: str, shown: str, url: str) -> None:
    assert _links(linked(text)) == [(url, shown)]


@pytest.mark.parametrize(
    "text",
    [
        "Ende um 18 Uhr im Saal.Am Abend mehr. example.org",
        "javascript:alert(1) ftp://x.org data:text/html,x //x.org",
        "a@b und @ana und www. und ://",
        "xwww.example.org",
    ],
)
def test_what_is_no_address_stays_text(text: str) -> None:
    assert linked(text) == html.escape(text)


@pytest.mark.parametrize(
    "text",
    [
        '<a href="https://x.org">hier</a>',
        "https://x.org/\"onmouseover='alert(1)'",
        "https://x.org/<script>alert(1)</script>",
        "www.x.org/'style='x:expression(1)",
        'ana@x.org"><img src=x onerror=alert(1)>',
    ],
)
def test_no_markup_gets_in_with_an_address(text: str) -> None:
    tree = html5lib.parse(linked(text), namespaceHTMLElements=False)

    assert {element.tag for element in tree.iter()} <= {"html", "head", "body", "a"}
    assert all(set(a.keys()) == {"href", "style"} for a in tree.iter("a"))
    assert _text(linked(text)) == text


@given(strategies.lists(strategies.sampled_from(
    ["https://", "www.", "x.org", "a@", "<", ">", '"', "'", "&", "(", ")", "/", " ", "“", "ž", ":", "?"]
)).map("".join))  # fmt: skip
def test_whatever_is_written_reads_the_same_and_links_only_where_it_says(text: str) -> None:
    assert _text(f"<p>{linked(text)}") == text
    for url, shown in _links(linked(text)):
        assert url.endswith(shown)
        assert url.startswith(("http://", "https://", "mailto:"))


def test_every_block_links_the_addresses_in_it(sqlite_app: Flask) -> None:
    url = "https://x.org/a"
    letter = a_letter(
        blocks=(
            Paragraph(f"a {url}"),
            Quote(f"b\n{url}"),
            Facts((("Wo", f"Saal 3, {url}"), ("Online", url))),
            Button("c", url),
        ),
        footer_links=(),
    )

    words = words_of(letter, "de")
    links = _links(words.html)
    assert [shown for link, shown in links if link == url] == [url] * 4 + ["c", url]
    assert "<a" not in words.text
