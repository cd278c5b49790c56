"""The system as ``flask serve`` runs it, on a test's database; its processes can be killed."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask

from event_mgmt.core.database import db
from tests.journeys.system import ROOT, free_port, until


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


@dataclass
class Guest:
    """A browser without scripts: keeps cookies, and a connection for one request."""

    port: int
    patience: float = 30.0
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._call("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form."""
        return self._call("POST", path, urlencode(fields))

    def form(self, path: str) -> dict[str, str]:
        """Open a page and give the hidden fields of its form."""
        page = self.get(path)
        assert page.status == 200, page.status
        return dict(re.findall(r'name="(csrf_token|nonce)"[^>]*? value="([^"]+)"', page.text))

    def send_and_leave(self, path: str, fields: dict[str, str]) -> None:
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
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        headers = {"Accept-Language": "en"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        return connection


@dataclass
class Server:
    """A running ``flask serve``."""

    port: int
    log: Path
    environ: dict[str, str]
    command: list[str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers at all (be it with 503)."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env={**os.environ, **self.environ},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until(self._answers, f"no answer; see {self.log}")

    def web_processes(self) -> list[int]:
        """The processes that answer requests, at this moment."""
        assert self.process is not None
        masters = [pid for pid in _children(self.process.pid) if _name(pid) == "events web"]
        return [worker for master in masters for worker in _children(master)]

    def kill_everything(self) -> None:
        """SIGKILL to every process at once."""
        assert self.process is not None
        family = [self.process.pid]
        for pid in family:
            family += _children(pid)
        for pid in family:
            kill(pid)
        self.process.wait(20)
        until(lambda: not any(map(is_alive, family)), "a killed process lives on")

    def stop(self) -> None:
        """Stop it as an operator does."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(40)

    def guest(self) -> Guest:
        """A browser of its own."""
        return Guest(self.port)

    def _answers(self) -> bool:
        with suppress(NoAnswer):
            return self.guest().get("/health").status in {200, 503}
        return False


@contextmanager
def served(app: Flask, folder: Path, *, way: str = "", **environ: str) -> Iterator[Server]:
    """``flask serve`` on the database of ``app``; ``way`` names a fault of tests.faults.flawed."""
    db.session.remove()
    port = free_port()
    settings = {
        "INSTANCE_DIR": app.instance_path,
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "BIND": f"127.0.0.1:{port}",
        "MAIL_WORKERS": "0",
        "FLAW": way,
        **environ,
    }
    module = "tests.faults.flawed" if way else "app"
    command = [sys.executable, "-m", "flask", "--app", module, "serve"]
    server = Server(port, folder / "serve.log", settings, command)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def kill(pid: int) -> None:
    """SIGKILL, which asks nobody."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def is_alive(pid: int) -> bool:
    """Whether the process is there and no corpse."""
    return state_of(pid) not in {"", "Z"}


def state_of(pid: int) -> str:
    """The letter that ``ps`` shows: R and S for one at work, T for a stopped one; '' for none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def _children(pid: int) -> list[int]:
    try:
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""
