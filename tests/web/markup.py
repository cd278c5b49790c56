"""A browser for tests that reads the markup of every page it fetches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import g, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.tags import Tag, UnreadableError, tags_of

_TOLERATED = {"unknown-named-character-reference"}
_NEEDS_LABEL = {"input", "select", "textarea"}
_REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls")
_sound_shapes: set[bytes] = set()


class ReadingClient(FlaskClient):
    """A test client for which a page with faulty markup is a failed test."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if has_app_context():  # a test's own; what one request kept there is not the next one's
            for name in list(g):
                g.pop(name)
        response = super().open(*args, **kwargs)
        kind = response.headers.get("Content-Type", "").lower()
        assert kind.count("charset=") <= 1, kind
        assert "charset=" in kind or not kind.startswith("text/"), kind
        if response.mimetype == "text/html" and response.status_code not in {301, 302, 303, 307}:
            problems = problems_of(response.text)
            assert problems == [], f"{response.request.path}: {problems}"
            assert "Content-Security-Policy" in response.headers
        return response


def problems_of(html: str) -> list[str]:
    """Everything that is wrong with a page's markup.

    A page of a shape in which the parser has found nothing is not parsed again: the rest is read
    from its tags. `parsed_problems_of` has the last word where that says too little.
    """
    try:
        tags, shape = tags_of(html)
    except UnreadableError:
        return parsed_problems_of(html)
    key = blake2b(shape.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    if key not in _sound_shapes:
        if problems := parsed_problems_of(html):
            return problems
        _sound_shapes.add(key)
    return _problems_among(tags)


def parsed_problems_of(html: str) -> list[str]:
    """Everything that is wrong with a page's markup, as a parser of HTML reads it."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(html)
    faults = [
        f"line {position[0]}: {code} {details}"
        for position, code, details in parser.errors
        if code not in _TOLERATED
    ]
    return faults + _problems_among(list(_walked(tree)))


def _walked(node: Element) -> Iterator[Tag]:
    if isinstance(node.tag, str):
        attributes = {str(name): value for name, value in node.attrib.items()}
        yield Tag(node.tag, attributes, False, "")
    for child in node:
        yield from _walked(child)
    if isinstance(node.tag, str):
        yield Tag(node.tag, {}, True, "")


def _problems_among(tags: list[Tag]) -> list[str]:
    """What is wrong with elements whose markup a parser accepts."""
    elements = [tag for tag in tags if not tag.is_end]
    ids = Counter(element.get("id") for element in elements if element.get("id"))
    problems = [f"id used twice: {name}" for name, count in ids.items() if count > 1]
    problems += _references(elements, set(ids))
    problems += _labels(tags)
    problems += [
        f"image without alt: {element.get('src')}"
        for element in elements
        if element.name == "img" and element.get("alt") is None
    ]
    problems += [f"inline style on <{e.name}>" for e in elements if e.get("style") is not None]
    if len([element for element in elements if element.name == "h1"]) != 1:
        problems.append("a page has one h1")
    if not any(element.get("lang") for element in elements if element.name == "html"):
        problems.append("html without lang")
    return problems


def _references(elements: list[Tag], ids: set[str | None]) -> list[str]:
    wrong = []
    for element in elements:
        for attribute in _REFERENCES:
            wrong += [
                f"{attribute} names nothing: {name}"
                for name in (element.get(attribute) or "").split()
                if name not in ids
            ]
        href = element.get("href") or ""
        if element.name == "a" and href[:1] == "#" and len(href) > 1 and href[1:] not in ids:
            wrong.append(f"link to nothing: {href}")
    return wrong


def _labels(tags: list[Tag]) -> list[str]:
    """Fields that neither a label names, nor one around them, nor a word of their own."""
    labelled = {tag.get("for") for tag in tags if tag.name == "label"} - {None}
    wrong = []
    depth = 0
    for tag in tags:
        if tag.name == "label":
            depth += -1 if tag.is_end else 1
        if tag.is_end or tag.name not in _NEEDS_LABEL or depth:
            continue
        is_silent = tag.get("type") in {"hidden", "submit", "button"}
        is_named = tag.get("id") in labelled or tag.get("aria-label") or tag.get("aria-labelledby")
        if not (is_silent or is_named):
            wrong.append(f"no label: {tag.get('name')}")
    return wrong
