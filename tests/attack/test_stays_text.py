"""Scripts, markup, templates and placeholders in every text: all of it stays the text that it is."""

from __future__ import annotations

import email
import json
import re
from collections.abc import Iterator
from email.policy import default
from html import unescape
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pypdf
import pytest
from flask import Flask

from event_mgmt.core.database import db
from event_mgmt.web.rich_text import html_of
from tests.attack.poison import a_poisoned_house, mails_of
from tests.attack.stage import House, a_house, browser, csrf_header, routes_of, url_of
from tests.web.sign_in import submit

SCRIPT = "<script>alert(7331)</script>"
TEXTS = {
    "script": f"\"'>{SCRIPT}<img src=x onerror=alert(7331)>",
    "ends": f"</title></textarea></style></script></option>--><svg/onload=alert(7331)>{SCRIPT}",
    "templates": "{{1337*1337}}{0.__class__}{event.__init__}%(x)s${1337*1337}#(1337*1337)"
    "#{1337*1337}{% raw %}{{config}}{{''.__class__}}{}%s%n#read(\"/etc/passwd\")\\#let a=1",
    "markup": "&lt;u&gt;<evil-tag>&amp;&#60;i&#62;[k](javascript:alert(7331))![b](x)"
    "<javascript:alert(7331)><math><mi/><style>@import'x'[d](data:text/html,x)",
}
WORKED_OUT = ("1787569", "1.787.569", "<class", "root:", "SECRET_KEY", "Undefined")
LISTED = ("xlsx", "csv", "sign_in", "door", "protocol", "pdf", "vcf", "json")
SAFE_SCHEMES = ("http:", "https:", "mailto:", "tel:")
HAS_ADDRESS = ("href", "src", "action", "formaction", "poster", "xlink:href", "srcdoc")
FOREIGN_TAGS = {"math", "mi", "evil-tag", "object", "embed", "iframe", "base", "frame"}


@pytest.fixture(params=TEXTS.values(), ids=TEXTS)
def text(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _faults(html: str) -> Iterator[str]:
    """What in a page would run, load or look other than the page's makers meant."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    for node in tree.iter():
        if isinstance(node.tag, str):
            tag = node.tag.rpartition("}")[2]
            yield from _faults_of_element(tag, node)
            yield from _faults_of_attributes(tag, node)
    if "7331" in "".join(_script_texts(tree)):
        yield "text inside a script"


def _faults_of_element(tag: str, node: Element) -> Iterator[str]:
    if tag == "script" and not (node.get("src") or node.get("nonce")):
        yield f"script: {node.text}"
    if tag == "script" and node.get("type") == "application/ld+json":
        json.loads(node.text or "")
    if tag in FOREIGN_TAGS or (tag == "style" and "@import" in (node.text or "")):
        yield f"element {tag}"


def _faults_of_attributes(tag: str, node: Element) -> Iterator[str]:
    for name, value in node.attrib.items():
        plain = str(name).rpartition("}")[2].lower()
        if plain.startswith("on"):
            yield f"{tag} {name}"
        if plain in HAS_ADDRESS and not _is_safe(value):
            yield f"{tag} {name}={value}"
        if plain == "src" and value == "x":
            yield "image"


def _script_texts(tree: Element) -> Iterator[str]:
    for node in tree.iter("script"):
        if node.get("type") != "application/ld+json":
            yield node.text or ""


def _is_safe(address: str) -> bool:
    bare = re.sub(r"[\x00-\x20]", "", address).lower()
    scheme = re.match(r"[a-z][a-z0-9+.-]*:", bare)
    return scheme is None or bare.startswith(SAFE_SCHEMES) or bare.startswith("data:image/")


def _pages(app: Flask, house: House) -> Iterator[tuple[str, str]]:
    staff = browser(app, house.user, registrations={str(house.registration.id): 1})
    for rule, method in routes_of(app):
        if method != "GET":
            continue
        answer = staff.get(url_of(app, rule, house.values))
        if answer.mimetype in {"text/html", "application/xml", "text/plain"}:
            yield str(rule), answer.text
    url = f"/desk/events/{house.event.id}"
    for path, form in (
        (f"{url}/registrations/{house.registration.id}/sensitive", {}),
        (f"{url}/registrations/decide", {"registration_ids": house.registration.id}),
    ):
        yield path, staff.post(path, data=form, headers=csrf_header(app)).text


def test_every_text_is_shown_on_every_page_as_text(attacked: Flask, text: str) -> None:
    house = a_poisoned_house(attacked, text)
    faults = []
    shown = set()

    for where, page in _pages(attacked, house):
        faults += [(where, fault) for fault in _faults(page)]
        faults += [(where, word) for word in WORKED_OUT if word in page]
        if text[:60] in unescape(page):
            shown.add(where)

    assert faults == []
    assert len(shown) >= 15, "the poison must have been served"


def test_the_reading_finds_what_a_page_must_not_have() -> None:
    """The control: each of these is noticed."""
    assert list(_faults(SCRIPT))
    assert list(_faults('<a href=" java&#10;script:alert(1)">x</a>'))
    assert list(_faults("<svg onload=alert(1)>"))
    assert list(_faults("<img src=x>"))
    assert not list(_faults('<a href="/x">&lt;script&gt;</a>'))


def test_every_text_is_text_in_every_mail(attacked: Flask, text: str) -> None:
    house = a_poisoned_house(attacked, text)
    shown = set()

    for kind, wire in mails_of(house, text):
        mail = email.message_from_bytes(wire, policy=default)
        html = mail.get_body(("html",)).get_content()
        plain = mail.get_body(("plain",)).get_content()
        assert list(_faults(html)) == [], kind
        for word in WORKED_OUT:
            assert word not in html + plain + str(mail["Subject"]), (kind, word)
        if text[:20] in " ".join(plain.split()) or text[:20] in str(mail["Subject"]):
            shown.add(kind)

    assert len(shown) >= 15


def _text_of_pdf(body: bytes, tmp_path: Path) -> str:
    path = tmp_path / "list.pdf"
    path.write_bytes(body)
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def test_every_text_is_text_on_paper_and_in_files(
    attacked: Flask, text: str, tmp_path: Path
) -> None:
    house = a_poisoned_house(attacked, text)
    client = browser(attacked, house.user)
    url = f"/desk/events/{house.event.id}/attendee-list/export"

    for form in LISTED:
        asked = {"format": form, "purpose": text[:200]}
        answer = client.post(url, data=asked, headers=csrf_header(attacked))
        assert answer.status_code == 200, form
        body = answer.data
        if answer.mimetype == "application/pdf":
            said = _text_of_pdf(body, tmp_path).replace("\u200b", "")  # where words may break
            assert b"/JavaScript" not in body
            assert b"/Launch" not in body
            assert "".join(text[:6].split()) in "".join(said.split()), form
        else:
            said = body.decode("utf-8", "replace")
        for word in WORKED_OUT:
            assert word not in said, (form, word)


def test_structured_data_and_previews_of_links_cannot_be_left(attacked: Flask, text: str) -> None:
    house = a_poisoned_house(attacked, text)
    page = browser(attacked).get(f"/events/{house.event.slug}").text

    (data,) = re.findall(
        r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL
    )
    assert json.loads(data)["name"] == text
    assert not re.search(r"[<>&]", data)
    previews = re.findall(r'<meta property="og:title" content="([^"]*)"', page)
    assert [unescape(preview) for preview in previews] in ([text], [])
    (title,) = re.findall(r"<title>(.*?)</title>", page, re.DOTALL)
    assert text in unescape(title)
    assert "<" not in title


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example.net\\@x",
    ],
)
def test_markdown_makes_no_link_that_runs(link: str) -> None:
    for form in (
        "[k]({})",
        "<{}>",
        "[k]: {}\n\n[k]",
        "![k]({})",
        "[k](<{}>)",
        '<a href="{}">k</a>',
    ):
        html = html_of(form.format(link))

        assert list(_faults(html)) == [], html


LINKS = (
    "javascript:alert(1)",
    "JAVASCRIPT:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,x",
    "http:/\\evil",
    "https://",
    "//example.org",
    "ftp://example.org/x",
    'https://example.org/"onmouseover="alert(1)',
    "https://example.org/\nX",
)


@pytest.mark.parametrize("link", LINKS)
def test_an_address_that_is_none_is_taken_by_no_form(attacked: Flask, link: str) -> None:
    house = a_house(attacked, "H")
    client = browser(attacked, house.user)

    def stored() -> tuple[str, str]:
        db.session.rollback()
        db.session.expire_all()
        return house.organisation.website, house.event.online_url

    here = f"/desk/organisations/{house.organisation.id}"
    submit(client, here, website=link)
    submit(client, f"/desk/events/{house.event.id}/edit", online_url=link)

    for address in stored():
        assert not address or re.fullmatch(r"https?://[\w.-]+\.[a-z]+(/[^\x00-\x1f]*)?", address)
