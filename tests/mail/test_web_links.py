"""Addresses in an organiser's words become links, and nothing else does."""

from __future__ import annotations

import html
import time

import html5lib
import pytest
from flask import Flask
from hypothesis import given, strategies

from event_mgmt.mail.html_rendering import render_letter
from event_mgmt.mail.letters import Button, Facts, Paragraph, Quote
from event_mgmt.mail.web_links import linked
from tests.mail.samples import a_letter


def _links(markup: str) -> list[tuple[str, str]]:
    tree = html5lib.parse(markup, namespaceHTMLElements=False)
    return [(a.get("href"), "".join(a.itertext())) for a in tree.iter("a")]


def _seen(text: str) -> str:
    return text.replace("\u200b", "")


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
        ("[https://x.org/a]", "https://x.org/a"),
        ("{https://x.org/a}", "https://x.org/a"),
        ("‹https://x.org/a›", "https://x.org/a"),
        ("[Anfahrt](https://x.org/a)", "https://x.org/a"),
        ("(https://x.org/a).", "https://x.org/a"),
        ("https://x.org/a:", "https://x.org/a"),
        ("https://x.org/a —", "https://x.org/a"),
        ("https://x.org/a— und", "https://x.org/a"),
        ("_https://x.org/a_", "https://x.org/a"),
        ("*https://x.org/a*", "https://x.org/a"),
        ("**https://x.org/a**.", "https://x.org/a"),
        ("~https://x.org/a~", "https://x.org/a"),
        ("`https://x.org/a`", "https://x.org/a"),
        ("_Siehe https://x.org/a_", "https://x.org/a"),
        ("=https://x.org/a", "https://x.org/a"),
        ("Link=https://x.org/a", "https://x.org/a"),
        ("Link:https://x.org/a", "https://x.org/a"),
        ("https://x.org/a_b_c", "https://x.org/a_b_c"),
        ("https://x.org/_a_", "https://x.org/_a_"),
        ("https://x.org/?u=https://y.org/@a,@b", "https://x.org/?u=https://y.org/@a,@b"),
        ("https://https://x.org/a", "https://x.org/a"),
        ("https://BÜRO.example.org", "https://BÜRO.example.org"),
        ("https://xn--bro-hoa.example.org", "https://xn--bro-hoa.example.org"),
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
        ("www.büro.example.org/a", "www.büro.example.org/a", "https://www.büro.example.org/a"),
        ("_www.x.org_", "www.x.org", "https://www.x.org"),
        ("_ana@x.org_", "ana@x.org", "mailto:ana@x.org"),
        ("Web:www.x.org", "www.x.org", "https://www.x.org"),
        ("E-Mail:ana@x.org", "ana@x.org", "mailto:ana@x.org"),
        ("mailto:ana@x.org", "mailto:ana@x.org", "mailto:ana@x.org"),
    ],
)
def test_what_has_no_scheme_gets_one(text: str, shown: str, url: str) -> None:
    assert _links(linked(text)) == [(url, shown)]


@pytest.mark.parametrize(
    "text", ["ana@x.org,eva@x.org", "ana@x.org; eva@x.org", "ana@x.org/eva@x.org"]
)
def test_several_addresses_of_mail_are_as_many_links(text: str) -> None:
    assert [shown for _url, shown in _links(linked(text))] == ["ana@x.org", "eva@x.org"]
    assert _text(linked(text)) == text


@pytest.mark.parametrize("sign", "\u00ad\u200b\u200c\u200d\u2060\ufeff")
@pytest.mark.parametrize("address", ["https://x.org/a", "www.x.org/a", "ana@x.org"])
def test_signs_that_nobody_sees_are_no_part_of_an_address(sign: str, address: str) -> None:
    whole = [address.removeprefix("https://").removeprefix("www.")]
    for text in (
        f"{sign}{address}",
        f"{address}{sign}",
        f"{sign}({address}{sign}).",
        f"{address[:-3]}{sign}{address[-3:]}",
    ):
        ((url, shown),) = _links(linked(text))
        assert (shown, [url.split("//")[-1].removeprefix("www.").removeprefix("mailto:")]) == (
            address,
            whole,
        )


@pytest.mark.parametrize("mark", "\u061c\u200e\u200f\u202a\u202e\u202c\u2066\u2067\u2069")
def test_a_mark_of_direction_ends_an_address_and_shows_no_other_one(mark: str) -> None:
    text = f"{mark}https://x.org/a{mark}gpj.exe und {mark}ana@x.org{mark}"

    assert [shown for _url, shown in _links(linked(text))] == ["https://x.org/a", "ana@x.org"]
    assert _text(linked(text)) == text


def test_much_that_looks_like_a_beginning_takes_no_time() -> None:
    began = time.process_time()

    linked("_a @b www. :// " * 2000)

    assert time.process_time() - began < 2.0


@pytest.mark.parametrize(
    "text",
    [
        "Ende um 18 Uhr im Saal.Am Abend mehr. example.org",
        "javascript:alert(1) ftp://x.org data:text/html,x //x.org",
        "a@b und @ana und www. und ://",
        "xwww.example.org",
        "www.a www..org",
        "sip:a@x.org sips:a@x.org xmpp:a@x.org callto:a@x.org skype:a@x.org",
        "SIP:a@x.org data:a@x.org tel:1@x.org",
        "webcal://x.org/a.ics",
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
    ["https://", "www.", "x.org", "a@", "<", ">", '"', "'", "&", "(", ")", "/", " ", "“", "ž", ":", "?", "_", "*", "\u200b", "\u202e", "sip:", ","]
)).map("".join))  # fmt: skip
def test_whatever_is_written_reads_the_same_and_links_only_where_it_says(text: str) -> None:
    assert _seen(_text(f"<p>{linked(text)}")) == _seen(text)
    for url, shown in _links(linked(text)):
        assert url.endswith(shown)
        assert shown == _seen(shown)
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

    words = render_letter(letter, "de")
    links = _links(words.html)
    assert [shown for link, shown in links if link == url] == [url] * 4 + ["c", url]
    assert "<a" not in words.text
