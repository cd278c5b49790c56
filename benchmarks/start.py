"""How long it takes from ``flask serve`` to the first page, and what the idle system holds.

The system is the demo's, on the embedded database. It has been started once before, as every
system in use has: Python's and the templates' compiled files are there. The memory is that of the
supervisor, two web processes with their master, and the mail worker, a few seconds after each web
process has answered; what they share counts once (proportional set size).
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import report
from benchmarks.load import Caller
from benchmarks.report import Row
from tests.serving.processes import ROOT, free_port

ROUNDS = 7
PAGES = 40
PATIENCE, IDLE = 60.0, 3.0


def run() -> list[Row]:
    """Start the system several times, and look at the memory of the last one."""
    with tempfile.TemporaryDirectory() as folder:
        environ = _environment(Path(folder))
        for command in (("db", "upgrade"), ("demo",)):
            subprocess.run(_flask(*command), cwd=ROOT, env=environ, check=True, stdout=sys.stderr)
        with _started(environ):
            pass
        seconds, computed = [], []
        for _ in range(ROUNDS):
            with _started(environ) as (server, port, took):
                seconds.append(took)
                computed.append(sum(map(_computed, _family(server.pid))))
        with _started(environ) as (server, port, _took):
            for _ in range(PAGES):
                Caller("127.0.0.1", port).call("GET", "/")
            time.sleep(IDLE)
            held = sum(_megabytes(pid) for pid in _family(server.pid))
    return [
        report.no_more_than("cold start to the first page", seconds, "s", limit=1.2),
        report.no_more_than("…, processor time of all processes", computed, "s", limit=1.2),
        report.no_more_than("idle memory of all processes", held, "MB", limit=170),
    ]


def _environment(folder: Path) -> dict[str, str]:
    """Settings as ``make run`` has them; compiled files go where nothing else uses them."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {
        **environ,
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        "INSTANCE_DIR": str(folder / "instance"),
        "BIND": f"127.0.0.1:{free_port()}",
    }


def _flask(*command: str) -> list[str]:
    return [str(Path(sys.executable).with_name("flask")), "--app", "app", *command]


@contextmanager
def _started(environ: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], int, float]]:
    """The running system, its port, and the seconds until its first page had come."""
    port = int(environ["BIND"].rpartition(":")[2])
    began = time.perf_counter()
    server = subprocess.Popen(
        _flask("serve"), cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not _has_agenda(port):
            assert time.perf_counter() - began < PATIENCE, "the system does not answer"
            assert server.poll() is None, "the system has ended"
            time.sleep(0.005)
        yield server, port, time.perf_counter() - began
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(40)


def _has_agenda(port: int) -> bool:
    try:
        text, _location = Caller("127.0.0.1", port).call("GET", "/")
    except ConnectionError:
        return False
    assert text.count("/events/") > 5, "a first page without the demo's events"
    return True


def _family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def _computed(pid: int) -> float:
    """Seconds that a process has computed (proc(5), stat: fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _megabytes(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return int(re.findall(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)[0]) / 1024
