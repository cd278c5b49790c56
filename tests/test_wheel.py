"""The package as somebody installs it: no checkout, an empty folder, a user's own state."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.faults.guests import fields_of
from tests.serving.guests import Guest
from tests.serving.processes import Process, free_port, until

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("wheel")]

ROOT = Path(__file__).resolve().parents[1]
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-cache-dir")


@dataclass
class Installation:
    """An environment with the package, a home, and an empty folder to work in."""

    environment: Path
    home: Path
    folder: Path

    @property
    def settings(self) -> dict[str, str]:
        """What a shell of that user has set: nothing about the system."""
        return {"HOME": str(self.home), "PATH": os.environ["PATH"], "PYTHONUTF8": "1"}

    def start(self, *words: str, log: Path, **settings: str) -> Process:
        """Type ``event-mgmt`` and these words."""
        with log.open("ab") as said:
            popen = subprocess.Popen(
                [self.environment / "bin" / "event-mgmt", *words],
                cwd=self.folder,
                env=self.settings | settings,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        return Process(popen)

    def run(self, *words: str, log: Path) -> str:
        """The same, to its end; gives what it said."""
        process = self.start(*words, log=log)
        try:
            status = process.popen.wait(120)
        finally:
            process.kill()
        said = log.read_text()
        assert status == 0, said
        return said

    def files(self) -> set[Path]:
        """Everything but what lies in the state folder that nobody named."""
        state = self.home / ".local" / "state" / "event-mgmt"
        found = {*self.environment.rglob("*"), *self.home.rglob("*"), *self.folder.rglob("*")}
        return {path for path in found if path.is_file() and not path.is_relative_to(state)}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built here, without a network: what builds it is among the requirements of development."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [*PIP, "wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", folder, ROOT]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    [path] = folder.glob("*.whl")
    return path


@pytest.fixture
def installation(wheel: Path, tmp_path: Path) -> Installation:
    """Installed into a new environment, which borrows the libraries of this one."""
    there = Installation(tmp_path / "environment", tmp_path / "home", tmp_path / "empty")
    there.home.mkdir()
    there.folder.mkdir()
    command = [sys.executable, "-m", "venv", "--without-pip", there.environment]
    subprocess.run(command, check=True)
    python = there.environment / "bin" / "python"
    command = [*PIP, "--python", python, "install", "--no-deps", "--no-index", wheel]
    subprocess.run(command, check=True, capture_output=True)
    [packages] = there.environment.glob("lib/python*/site-packages")
    (packages / "libraries.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return there


@pytest.fixture
def guest(installation: Installation, tmp_path: Path) -> Iterator[Guest]:
    """A guest of the system that ``event-mgmt serve`` runs, with the demo's events."""
    port = free_port()
    here = f"127.0.0.1:{port}"
    installation.run("db", "upgrade", log=tmp_path / "upgrade")
    installation.run("demo", log=tmp_path / "demo")
    settings = {"BIND": here, "PUBLIC_BASE_URL": f"http://{here}", "WEB_PROCESSES": "1"}
    server = installation.start("serve", log=tmp_path / "log", **settings)
    try:
        until(lambda: "Ready on" in (tmp_path / "log").read_text(), "it does not start", 60)
        yield Guest(port, headers={"Host": here})
        server.stop()
    finally:
        server.kill_family()


def test_the_wheel_holds_all_that_the_checkout_has_beside_the_package(wheel: Path) -> None:
    names = {name.removeprefix("event_mgmt/_data/") for name in ZipFile(wheel).namelist()}
    there = {
        path.relative_to(ROOT).as_posix()
        for folder in ("templates", "static", "migrations", "event_mgmt")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    missing = there - names
    compiled = {name for name in names if name.startswith("translations/")}

    assert missing == set()
    assert compiled == {
        f"translations/{each}/LC_MESSAGES/messages.mo" for each in ("de", "en", "sl")
    }
    assert [name for name in names if name.endswith(".pyc")] == []


def test_a_guest_registers_with_an_installed_system_that_writes_its_state_folder_alone(
    installation: Installation, guest: Guest
) -> None:
    before = installation.files()
    state = installation.home / ".local" / "state" / "event-mgmt"

    events = re.findall(r'href="(/events/[a-z0-9-]+)"', guest.get("/").text)
    path = next(
        f"{event}/register" for event in events if guest.get(f"{event}/register").status == 200
    )
    answer = guest.submit(path, fields_of({}, 1) | {"consent": "y"})

    assert answer.status == 303
    assert "Dogodki" in guest.get("/?lang=sl").text
    assert (state / "events.sqlite3").is_file()
    assert state.stat().st_mode & 0o777 == 0o700
    assert installation.files() == before
