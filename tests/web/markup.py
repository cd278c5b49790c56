"""A browser for tests that reads the markup of every page it fetches."""

from __future__ import annotations

from collections import Counter
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import g, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_TOLERATED = {"unknown-named-character-reference"}
_NEEDS_LABEL = {"input", "select", "textarea"}


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
    """Everything that is wrong with a page's markup."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(html)
    problems = [
        f"line {position[0]}: {code} {details}"
        for position, code, details in parser.errors
        if code not in _TOLERATED
    ]
    ids = Counter(node.get("id") for node in tree.iter() if node.get("id"))
    problems += [f"id used twice: {name}" for name, count in ids.items() if count > 1]
    problems += _references(tree, set(ids))
    problems += _labels(tree)
    problems += [
        f"image without alt: {image.get('src')}"
        for image in tree.iter("img")
        if image.get("alt") is None
    ]
    problems += [f"inline style on <{n.tag}>" for n in tree.iter() if n.get("style") is not None]
    if len(list(tree.iter("h1"))) != 1:
        problems.append("a page has one h1")
    root = tree if tree.tag == "html" else next(tree.iter("html"))
    if not root.get("lang"):
        problems.append("html without lang")
    return problems


def _references(tree: Element, ids: set[str]) -> list[str]:
    wrong = []
    for node in tree.iter():
        if not isinstance(node.tag, str):
            continue
        for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            wrong += [
                f"{attribute} names nothing: {name}"
                for name in (node.get(attribute) or "").split()
                if name not in ids
            ]
        href = node.get("href") or ""
        if node.tag == "a" and href.startswith("#") and len(href) > 1 and href[1:] not in ids:
            wrong.append(f"link to nothing: {href}")
    return wrong


def _labels(tree: Element) -> list[str]:
    labelled = {label.get("for") for label in tree.iter("label")}
    wrapped = {id(child) for label in tree.iter("label") for child in label.iter()}
    return [
        f"no label: {node.get('name')}"
        for node in tree.iter()
        if node.tag in _NEEDS_LABEL
        and node.get("type") not in {"hidden", "submit", "button"}
        and node.get("id") not in labelled
        and id(node) not in wrapped
        and not node.get("aria-label")
        and not node.get("aria-labelledby")
    ]
