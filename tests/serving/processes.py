"""Real processes of the system: started, watched, stopped and killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0


def until(what: Callable[[], T], words: str, patience: float = PATIENCE) -> T:
    """Ask again and again until the answer is true; fail with ``words`` when it never is."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if answer := what():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"waited {patience} s in vain: {words}")


def free_port() -> int:
    """A TCP port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Process:
    """A process that a test has started."""

    popen: subprocess.Popen[bytes]

    @classmethod
    def start(
        cls, *command: str, settings: Mapping[str, str], log: Path, prefix: tuple[str, ...] = ()
    ) -> Self:
        """Start ``python -m`` something; all it says goes to the end of ``log``."""
        with log.open("ab") as words:
            popen = subprocess.Popen(
                [*prefix, sys.executable, "-m", *command],
                cwd=ROOT,
                env={**os.environ, **settings},
                stdout=words,
                stderr=subprocess.STDOUT,
            )
        return cls(popen)

    @property
    def pid(self) -> int:
        """Its number."""
        return self.popen.pid

    def ask_to_end(self) -> None:
        """SIGTERM, as an operator's stop sends it."""
        self.popen.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """Ask it to end, unless it has ended; gives back when it is gone."""
        if self.popen.poll() is None:
            self.ask_to_end()
        assert self.popen.wait(40) in {0, -signal.SIGKILL}

    def kill(self) -> None:
        """SIGKILL, which asks nobody; gives back when it is gone."""
        self.popen.kill()
        self.popen.wait(20)

    def kill_family(self) -> None:
        """SIGKILL to it and to all that descend from it, at once."""
        family = [self.pid]
        for pid in family:
            family += children(pid)
        for pid in family:
            kill(pid)
        self.popen.wait(20)
        until(lambda: not any(map(is_alive, family)), "a killed process lives on")


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


def name_of(pid: int) -> str:
    """The name that ``ps`` shows; '' for none."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def children(pid: int, name: str = "") -> list[int]:
    """The children of a process that are alive; only those of this name if one is given."""
    try:
        found = [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [child for child in found if is_alive(child) and (not name or name_of(child) == name)]
