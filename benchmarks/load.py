"""Clients that call a server as fast as it answers, and check every answer."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Course:
    """What came of one run: how many per second, how long each took (seconds), what went wrong."""

    seconds: float
    times: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Answers per second."""
        return len(self.times) / self.seconds

    def quantile(self, share: float) -> float:
        """The time (milliseconds) within which ``share`` of the answers came."""
        return statistics.quantiles(self.times, n=100)[round(share * 100) - 1] * 1000


Visit = Callable[["Caller"], None]
"""One unit of work of one client; raises on a wrong answer."""


class Caller:
    """One client: a connection per request, as the server closes it, and cookies that it keeps.

    ``network`` is the address that a proxy would tell of it.
    """

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self.cookie = ""
        self.network = ""

    def call(
        self, method: str, path: str, body: str | None = None, *, expect: int = 200
    ) -> tuple[str, str]:
        """The answer's text and Location; AssertionError for another status than ``expect``."""
        connection = http.client.HTTPConnection(self._host, self._port, timeout=30)
        headers = {"Accept-Language": "de"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        if self.network:
            headers["X-Forwarded-For"] = self.network
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        if set_cookie := answer.getheader("Set-Cookie"):
            self.cookie = set_cookie.split(";")[0]
        connection.close()
        assert answer.status == expect, f"{method} {path}: {answer.status}"
        return text, answer.getheader("Location", "")

    def see(self, path: str, *, length: int) -> None:
        """Get a page; AssertionError unless it is whole: about as long as it should be."""
        text, _location = self.call("GET", path)
        assert abs(len(text) - length) < length / 5, f"GET {path}: {len(text)} characters"


def run(host: str, port: int, visit: Visit, *, clients: int, seconds: float) -> Course:
    """Let ``clients`` repeat ``visit`` for ``seconds``; a short warm-up comes first.

    AssertionError when any answer was wrong: a quick wrong answer is no figure.
    """
    _round(host, port, visit, clients=clients, seconds=min(1.0, seconds / 4))
    course = _round(host, port, visit, clients=clients, seconds=seconds)
    assert not course.faults, f"{len(course.faults)} wrong answers: {course.faults[:3]}"
    return course


def _round(host: str, port: int, visit: Visit, *, clients: int, seconds: float) -> Course:
    begun = time.perf_counter()
    courses = [Course(seconds) for _ in range(clients)]

    def work(course: Course) -> None:
        while time.perf_counter() - begun < seconds:
            caller = Caller(host, port)
            started = time.perf_counter()
            try:
                visit(caller)
            except (AssertionError, OSError) as fault:
                course.faults.append(str(fault))
            else:
                course.times.append(time.perf_counter() - started)

    threads = [threading.Thread(target=work, args=(course,)) for course in courses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = Course(time.perf_counter() - begun)
    for course in courses:
        whole.times += course.times
        whole.faults += course.faults
    return whole
