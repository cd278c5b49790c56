"""How much memory processes take, by the kernel's own high water mark."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from typing import Any

MB = 1024 * 1024


def resident(pid: int) -> int:
    """Bytes in memory at this moment; 0 for a process that is gone."""
    return _bytes(pid, "VmRSS")


def highest(pid: int) -> int:
    """The most bytes it had in memory since it began, or since ``Watch.begin``."""
    return _bytes(pid, "VmHWM")


def _bytes(pid: int, name: str) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024
    return 0


@dataclass
class Watch:
    """Processes, and what each had in memory when it was idle."""

    idle: dict[int, int] = field(default_factory=dict)

    @classmethod
    def begin(cls, pids: Iterable[int]) -> Watch:
        """Remember what they take now, and let their high water marks begin anew."""
        watch = cls()
        for pid in pids:
            Path(f"/proc/{pid}/clear_refs").write_text("5")
            watch.idle[pid] = resident(pid)
        return watch

    def rise(self) -> int:
        """How far the one that rose most was above its idle memory, in megabytes."""
        return max(highest(pid) - idle for pid, idle in self.idle.items()) // MB


def peak_of(command: Popen[Any]) -> int:
    """Wait until a command ends; gives the most memory that it took, in megabytes."""
    most = 0
    while command.poll() is None:
        most = max(most, highest(command.pid))
        time.sleep(0.005)
    return most // MB
