"""Journeys: the system as `make run` starts it, a real browser, a real SMTP server."""

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
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import make_app

ROOT = Path(__file__).resolve().parents[2]
T = TypeVar("T")

PATIENCE = 30.0
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
NO_BROWSER = "no Chromium found; on Debian and Ubuntu: apt install chromium"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


def until(what: Callable[[], T], words: str, patience: float = PATIENCE) -> T:
    """Ask again and again until the answer is true; fail with ``words`` when it never is."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if answer := what():
            return answer
        time.sleep(0.05)
    pytest.fail(f"waited {patience} s in vain: {words}")


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
    environ: dict[str, str] = field(default_factory=dict)


def free_port() -> int:
    """A TCP port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """One system for all journeys of this run."""
    instance = tmp_path_factory.mktemp("journeys")
    letterbox = Letterbox()
    relay = Controller(letterbox, hostname="127.0.0.1", port=free_port())
    relay.start()
    port = free_port()
    environ = {
        "INSTANCE_DIR": str(instance),
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "BIND": f"127.0.0.1:{port}",
        "MAIL_URL": f"smtp://127.0.0.1:{relay.port}",
        "SECRET_KEY": "journeys-" * 6,
    }
    app = make_app(instance, "", **{k: v for k, v in environ.items() if k != "INSTANCE_DIR"})
    with (instance / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "app", "serve"],
            cwd=ROOT,
            env={**os.environ, **environ},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        until(lambda: _answers(environ["PUBLIC_BASE_URL"]), f"no answer; see {instance / 'log'}")
        yield System(environ["PUBLIC_BASE_URL"], app, letterbox, instance, environ)
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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    if CHROMIUM is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def desktop(browser: Browser, system: System) -> Iterator[Page]:
    """A page on a large screen, in German."""
    context = browser.new_context(
        base_url=system.url, locale="de-DE", viewport={"width": 1280, "height": 900}
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser: Browser, system: System) -> Iterator[Page]:
    """A page on a phone, in Slovenian."""
    context = browser.new_context(
        base_url=system.url,
        locale="sl-SI",
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def scriptless(browser: Browser, system: System) -> Iterator[Page]:
    """A page in a browser that runs no scripts."""
    context = browser.new_context(base_url=system.url, locale="en-GB", java_script_enabled=False)
    yield context.new_page()
    context.close()
