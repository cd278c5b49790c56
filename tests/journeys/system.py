"""The system as `make run` starts it, with a real SMTP server beside it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar

from aiosmtpd.controller import Controller
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import make_app

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
NO_BROWSER = "no Chromium found; on Debian and Ubuntu: apt install chromium"


def until(what: Callable[[], T], words: str, patience: float = PATIENCE) -> T:
    """Ask again and again until the answer is true; fail with ``words`` when it never is."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if answer := what():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"waited {patience} s in vain: {words}")


class Letterbox:
    """An SMTP server's inbox."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"

    def to(self, address: str, *, about: str = "") -> EmailMessage:
        """The newest letter to ``address`` whose subject has ``about``; waits for it."""
        return until(
            lambda: next(
                (
                    letter
                    for letter in reversed(self.letters)
                    if address in letter["To"] and about in letter["Subject"]
                ),
                None,
            ),
            f"no mail to {address} about {about!r}",
        )


@dataclass
class System:
    """A running system: where it answers, its database from inside, and its letterbox."""

    url: str
    app: Flask
    letterbox: Letterbox
    instance: Path
    environ: dict[str, str]
    pid: int


def free_port() -> int:
    """A TCP port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_system(instance: Path, **environ: str) -> Iterator[System]:
    """Web processes and mail worker on a fresh database in ``instance``, stopped afterwards."""
    letterbox = Letterbox()
    relay = Controller(letterbox, hostname="127.0.0.1", port=free_port())
    relay.start()
    port = free_port()
    settings = {
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "BIND": f"127.0.0.1:{port}",
        "MAIL_URL": f"smtp://127.0.0.1:{relay.port}",
        "SECRET_KEY": "journeys-" * 6,
        **environ,
    }
    app = make_app(instance, "", **settings)
    with (instance / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "app", "serve"],
            cwd=ROOT,
            env={**os.environ, "INSTANCE_DIR": str(instance), **settings},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        url = settings["PUBLIC_BASE_URL"]
        until(lambda: _answers(url), f"no answer; see {instance / 'log'}")
        yield System(url, app, letterbox, instance, settings, server.pid)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)
        relay.stop()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()
