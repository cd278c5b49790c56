"""The system as `make run` starts it, with a real SMTP server beside it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import make_app
from tests.serving.processes import free_port, until
from tests.serving.server import Server

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
NO_BROWSER = "no Chromium found; on Debian and Ubuntu: apt install chromium"


class Letterbox:
    """An SMTP server's inbox."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
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
    server = Server(port, instance / "log", {"INSTANCE_DIR": str(instance), **settings})
    server.start()
    try:
        url = settings["PUBLIC_BASE_URL"]
        yield System(url, app, letterbox, instance, settings, server.running.pid)
    finally:
        server.stop()
        relay.stop()


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
