"""The system as ``flask serve`` runs it, on a port of its own; its processes can be killed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.applications import share_templates
from tests.serving.guests import Guest, NoAnswer
from tests.serving.processes import Process, children, free_port, until


@dataclass
class Server:
    """A ``flask serve``: where it answers, what it is told, and its supervisor once it runs."""

    port: int
    log: Path
    settings: dict[str, str]
    app: str = "app"
    address: str = "127.0.0.1"
    prefix: tuple[str, ...] = ()
    supervisor: Process | None = None

    @classmethod
    def on_free_port(cls, log: Path, *, app: str = "app", **settings: str) -> Server:
        """One on a free port of this machine; its own address is among its settings."""
        port = free_port()
        here = f"127.0.0.1:{port}"
        return cls(port, log, {"BIND": here, "PUBLIC_BASE_URL": f"http://{here}", **settings}, app)

    def begin(self) -> Process:
        """Start it without waiting for an answer."""
        if "INSTANCE_DIR" in self.settings:
            share_templates(Path(self.settings["INSTANCE_DIR"]))
        command = ("flask", "--app", self.app, "serve")
        self.supervisor = Process.start(
            *command, settings=self.settings, log=self.log, prefix=self.prefix
        )
        return self.supervisor

    def start(self) -> None:
        """Start it, and wait until it answers at all (be it with 503)."""
        self.begin()
        until(lambda: self.health() in {200, 503}, f"no answer; see {self.log}", 60)

    def stop(self) -> None:
        """Stop it as an operator does."""
        self.running.stop()

    def kill_everything(self) -> None:
        """SIGKILL to every process at once."""
        self.running.kill_family()

    @property
    def running(self) -> Process:
        """The supervisor, which was started."""
        assert self.supervisor is not None
        return self.supervisor

    def health(self) -> int:
        """What it says of its health; 0 for no answer."""
        with suppress(NoAnswer):
            return self.guest().get("/health").status
        return 0

    def guest(self) -> Guest:
        """A browser of its own, which calls the system by the name that it is to be known by."""
        name = urlsplit(self.settings.get("PUBLIC_BASE_URL", "")).netloc
        return Guest(self.port, self.address, headers={"Host": name} if name else {})

    def child(self, name: str) -> int:
        """The supervisor's child of this name; waits until there is one."""
        [pid] = until(lambda: children(self.running.pid, name)[:1], f"no process is called {name}")
        return pid

    def web_processes(self) -> list[int]:
        """The processes that answer requests, at this moment."""
        masters = children(self.running.pid, "events web")
        return [worker for master in masters for worker in children(master)]
