"""A browser without scripts that speaks HTTP to a running system."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, Self
from urllib.parse import urlencode


@dataclass
class Answer:
    """What a server said."""

    status: int
    text: str
    location: str
    retry_after: str
    seconds: float


class NoAnswer(Exception):
    """The line went dead before the answer was there: nobody knows what was done."""


class Place(Protocol):
    """Where a server listens."""

    address: str
    port: int


@dataclass
class Guest:
    """Keeps cookies, and a connection for one request; ``headers`` are those of its proxy."""

    port: int
    address: str = "127.0.0.1"
    patience: float = 30.0
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def at(self, place: Place) -> Self:
        """The same browser, led to another server of the same name."""
        return replace(self, address=place.address, port=place.port)

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._call("GET", path, None)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form."""
        return self._call("POST", path, urlencode(fields))

    def form(self, path: str) -> dict[str, str]:
        """Open a page and give the hidden fields of its form."""
        page = self.get(path)
        assert page.status == 200, page.status
        return dict(re.findall(r'name="(csrf_token|nonce)"[^>]*? value="([^"]+)"', page.text))

    def submit(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Open a page, fill in its form, and send it."""
        return self.post(path, {**self.form(path), **fields})

    def send_and_leave(self, path: str, fields: Mapping[str, str]) -> None:
        """Send a form and hang up without reading the answer."""
        self._ask("POST", path, urlencode(fields)).close()

    def _call(self, method: str, path: str, body: str | None) -> Answer:
        started = time.monotonic()
        try:
            connection = self._ask(method, path, body)
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(type(error).__name__) from error
        connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(
            answer.status,
            text,
            answer.getheader("Location", ""),
            answer.getheader("Retry-After", ""),
            time.monotonic() - started,
        )

    def _ask(self, method: str, path: str, body: str | None) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(self.address, self.port, timeout=self.patience)
        headers = {"Accept-Language": "en", **self.headers}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        return connection
