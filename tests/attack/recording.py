"""A look over the shoulder of every view: which parameters and fields it asks a request for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from flask import Flask, Request, request
from werkzeug.datastructures import ImmutableMultiDict

from tests.web.sign_in import forms_of

Asked = defaultdict[str, set[str]]


class _Noting(ImmutableMultiDict):
    """Parameters that note what they are asked for, by endpoint."""

    asked: ClassVar[Asked] = defaultdict(set)

    def _note(self, name: object) -> None:
        if isinstance(name, str) and request and request.endpoint:
            self.asked[request.endpoint].add(name)

    def get(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        self._note(key)
        return super().get(key, *args, **kwargs)

    def getlist(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        self._note(key)
        return super().getlist(key, *args, **kwargs)

    def __getitem__(self, key: Any) -> Any:
        self._note(key)
        return super().__getitem__(key)

    def __contains__(self, key: Any) -> bool:
        self._note(key)
        return super().__contains__(key)


class _NotingRequest(Request):
    parameter_storage_class = _Noting


@contextmanager
def noting(app: Flask) -> Iterator[Asked]:
    """Let every view's questions be noted: {endpoint: names}."""
    _Noting.asked = defaultdict(set)
    before, app.request_class = app.request_class, _NotingRequest
    try:
        yield _Noting.asked
    finally:
        app.request_class = before


def names_on(page: str) -> set[str]:
    """The parameters that a page's own links and searches carry."""
    links = re.findall(r'href="([^"]*\?[^"]*)"', page)
    found = {name for link in links for name, _v in parse_qsl(urlsplit(unescape(link)).query)}
    return found.union(*(form.names for form in forms_of(page) if form.method == "get"), set())
