"""Two machines of one system: an instance folder, an address and processes each, one database.

Where the test may make network namespaces (root, with iproute2) each machine is one, joined to
this one by a cable of its own; elsewhere the machines are processes on different ports.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.serving.guests import Guest, NoAnswer
from tests.serving.processes import Process, free_port, until

NAME = "events.test"
_numbers = itertools.count()


@dataclass
class Machine:
    """One machine: where it answers, and how something is started on it.

    ``gateway`` is this machine's address as that one sees it.
    """

    address: str
    gateway: str
    port: int
    folder: Path
    settings: dict[str, str]
    prefix: tuple[str, ...] = ()
    processes: list[Process] = field(default_factory=list)

    def start(self, *command: str) -> Process:
        """Start ``python -m`` something with the machine's settings."""
        self.folder.mkdir(exist_ok=True)
        settings = {**self.settings, "INSTANCE_DIR": str(self.folder)}
        log = self.folder / "log"
        self.processes.append(
            Process.start(*command, settings=settings, log=log, prefix=self.prefix)
        )
        return self.processes[-1]

    def serve(self) -> Process:
        """Start the web processes, and wait until they answer."""
        served = self.start("flask", "--app", "app", "serve")
        until(self._is_well, f"no answer; see {self.folder / 'log'}")
        return served

    def visitor(self, *, from_address: str = "198.51.100.7") -> Guest:
        """A browser that comes to this machine through a proxy."""
        told = {"Host": NAME, "X-Forwarded-For": from_address, "X-Forwarded-Proto": "http"}
        return Guest(self.port, self.address, headers=told)

    def _is_well(self) -> bool:
        with suppress(NoAnswer):
            return self.visitor().get("/health").status == 200
        return False


@contextmanager
def two_machines(
    folder: Path, database_url: str, relay_port: int, **environ: str
) -> Iterator[tuple[Machine, Machine]]:
    """Two machines with the same settings but for their own addresses; all they run is stopped."""
    settings = {
        "DATABASE_URL": database_url,
        "PUBLIC_BASE_URL": f"http://{NAME}",
        "PROXY_HOPS": "1",
        "MAIL_WORKERS": "0",
        **environ,
    }
    with _namespace() as first, _namespace() as second:
        machines = []
        for name, (prefix, address, gateway) in zip("ab", (first, second), strict=True):
            port = free_port()
            mine = {
                **settings,
                "BIND": f"{address}:{port}",
                "MAIL_URL": f"smtp://{gateway}:{relay_port}",
            }
            machines.append(Machine(address, gateway, port, folder / name, mine, prefix))
        try:
            yield machines[0], machines[1]
        finally:
            for process in (process for machine in machines for process in machine.processes):
                if process.popen.poll() is None:
                    process.kill() if sys.exc_info()[0] else process.stop()


@contextmanager
def _namespace() -> Iterator[tuple[tuple[str, ...], str, str]]:
    """A network of its own: how to start something in it, its address, and ours."""
    number = next(_numbers)
    name = f"events{os.getpid()}x{number}"
    if not _may_make_namespaces(name):
        yield (), "127.0.0.1", "127.0.0.1"
        return
    ours, theirs = _addresses(number)
    cable = f"ev{os.getpid() % 1_000_000}x{number}"
    try:
        for line in (
            f"link add {cable}a type veth peer name {cable}b netns {name}",
            f"address add {ours}/30 dev {cable}a",
            f"link set {cable}a up",
            f"-n {name} address add {theirs}/30 dev {cable}b",
            f"-n {name} link set {cable}b up",
            f"-n {name} link set lo up",
        ):
            subprocess.run(["ip", *line.split()], check=True, timeout=20)
        yield ("ip", "netns", "exec", name), theirs, ours
    finally:
        subprocess.run(["ip", "netns", "delete", name], check=False, timeout=20)


def _addresses(number: int) -> tuple[str, str]:
    """Both ends of a cable; test runs at the same time have cables of their own."""
    mine = os.getpid()
    network = f"10.{64 + mine % 64}.{mine // 64 % 256}"
    return f"{network}.{4 * number % 256 + 1}", f"{network}.{4 * number % 256 + 2}"


def _may_make_namespaces(name: str) -> bool:
    if shutil.which("ip") is None or os.geteuid() != 0:
        return False
    made = subprocess.run(
        ["ip", "netns", "add", name], capture_output=True, check=False, timeout=20
    )
    if made.returncode:
        return False
    cable = f"ev{os.getpid() % 1_000_000}t"
    tried = subprocess.run(
        ["ip", "link", "add", cable, "type", "veth", "peer", "name", f"{cable}b", "netns", name],
        capture_output=True,
        check=False,
        timeout=20,
    )
    if tried.returncode:
        subprocess.run(["ip", "netns", "delete", name], check=False, timeout=20)
        return False
    subprocess.run(["ip", "link", "delete", cable], check=True, timeout=20)
    return True
