"""One command that runs everything: web processes and mail workers under one supervisor.

The application is imported once and the processes are forked from it, so that they share its
memory. The supervisor holds the listening socket: a taken port shows at once, and a web server
that has to be started anew loses no connection.
"""

from __future__ import annotations

import contextvars
import ctypes
import gc
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Final, NoReturn

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication

from event_mgmt import worker
from event_mgmt.core.database import db
from event_mgmt.settings import Settings

log = structlog.get_logger()

GRACE_SECONDS: Final = 35  # a request may take 30
BACKLOG: Final = 512
QUICK_SECONDS: Final = 10
DEATHS: Final = 5
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - gunicorn makes an unnamed file in it
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NAME: Final = 15


@dataclass
class Child:
    """One process under supervision; ``deaths`` counts those in quick succession.

    Without a vital one there is no point in going on.
    """

    name: str
    run: Callable[[], int]
    is_vital: bool = False
    pid: int = 0
    started_at: float = 0.0
    start_after: float = 0.0
    deaths: int = 0


class Web(BaseApplication):
    """gunicorn with the application that is already there, on a socket that is already bound."""

    def __init__(self, app: Flask, listener: int) -> None:
        self._app = app
        self._listener = listener
        super().__init__()

    def load_config(self) -> None:
        """All settings; see the gunicorn manual for each."""
        settings: Settings = self._app.extensions["settings"]
        options: dict[str, Any] = {
            "bind": f"fd://{self._listener}",
            "workers": settings.web_processes,
            "worker_class": "sync",
            "preload_app": True,
            "timeout": 60,
            "graceful_timeout": GRACE_SECONDS - 5,
            "limit_request_line": 4094,
            "limit_request_fields": 60,
            "limit_request_field_size": 8190,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "error",  # its warnings repeat what strangers sent, with their address
            "control_socket_disable": True,
            "worker_tmp_dir": str(_MEMORY) if _MEMORY.is_dir() else None,
            "forwarded_allow_ips": "",
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application."""
        return self._app


class Supervisor:
    """Starts every child, starts again whoever dies, and stops all."""

    def __init__(self, children: list[Child]) -> None:
        self._children = children
        self._stops = 0
        self._wake_reader, self._wake_writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def run(self) -> int:
        """Supervise until told to stop; gives the exit status."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGCHLD, lambda _signal, _frame: None)  # so that it wakes us
        signal.set_wakeup_fd(self._wake_writer, warn_on_full_buffer=False)
        status = 0
        while not self._stops:
            for child in self._children:
                if not child.pid and time.monotonic() >= child.start_after:
                    self._start(child)
            self._sleep(1.0)
            if not self._stops and not self._bury_the_dead():
                status = 1
                break
        self._stop_all()
        return status

    def _on_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stops += 1

    def _sleep(self, seconds: float) -> None:
        select.select([self._wake_reader], [], [], seconds)
        with suppress(BlockingIOError):
            os.read(self._wake_reader, 512)

    def _start(self, child: Child) -> None:
        child.started_at = time.monotonic()
        parent = os.getpid()
        child.pid = os.fork()
        if child.pid == 0:
            self._become(child, parent)

    def _become(self, child: Child, parent: int) -> NoReturn:
        """In the new process: be the child, and never come back."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            _end_with_parent(parent)
            _be_called(f"events {child.name}")
            # Not in the context of the command that started us: requests would take part in it,
            # and its database session would never see anything newer than its first look.
            status = contextvars.Context().run(child.run)
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _bury_the_dead(self) -> bool:
        """Note who ended, and when to start again; False when a child cannot stay alive."""
        for child in self._children:
            if not child.pid or os.waitpid(child.pid, os.WNOHANG)[0] == 0:
                continue
            lived = time.monotonic() - child.started_at
            child.pid = 0
            child.deaths = child.deaths + 1 if lived < QUICK_SECONDS else 0
            if child.is_vital and child.deaths >= DEATHS:
                log.error("gave_up", child=child.name)
                return False
            pause = min(30.0, 2.0**child.deaths - 1)
            child.start_after = time.monotonic() + pause
            log.error("child_died", child=child.name, lived=round(lived, 1), again_in=pause)
        return True

    def _stop_all(self) -> None:
        """Ask everybody to finish; whoever has not done so in time, or at a second word, is cut."""
        stops, deadline = self._stops, time.monotonic() + GRACE_SECONDS
        self._signal(signal.SIGTERM)
        while self._alive():
            if time.monotonic() >= deadline or self._stops > stops:
                self._signal(signal.SIGKILL)
                deadline = time.monotonic() + GRACE_SECONDS
            self._sleep(0.5)

    def _alive(self) -> bool:
        for child in self._children:
            if child.pid and os.waitpid(child.pid, os.WNOHANG)[0] != 0:
                child.pid = 0
        return any(child.pid for child in self._children)

    def _signal(self, number: int) -> None:
        for child in self._children:
            if child.pid:
                with suppress(ProcessLookupError):
                    os.kill(child.pid, number)


def main(app: Flask) -> int:
    """Serve until stopped; gives the exit status."""
    settings: Settings = app.extensions["settings"]
    try:
        listener = listen(settings.bind)
    except OSError as error:
        sys.stderr.write(f"Cannot listen on {settings.bind}: {error.strerror or error}.\n")
        return 1
    with app.app_context():
        db.engine.dispose()
    gc.collect()
    gc.freeze()  # what is shared stays shared: the collector would write into every page of it
    children = [Child("web", lambda: _serve_pages(app, listener), is_vital=True)]
    children += [
        Child(f"mail {number}", lambda: _deliver_mail(app, listener))
        for number in range(1, settings.mail_workers + 1)
    ]
    sys.stdout.write(f"Ready on http://{settings.bind} (stop with Ctrl+C)\n")
    sys.stdout.flush()
    return Supervisor(children).run()


def listen(bind: str) -> socket.socket:
    """A listening socket for ``host:port``; OSError when that is not to be had."""
    host, _colon, port = bind.rpartition(":")
    host = host.strip("[]")
    if not port.isdecimal():
        raise OSError("an address is host:port")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, int(port)))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _serve_pages(app: Flask, listener: socket.socket) -> int:
    Web(app, listener.detach()).run()
    return 0


def _deliver_mail(app: Flask, listener: socket.socket) -> int:
    listener.close()
    return worker.main(app)


def _end_with_parent(parent: int) -> None:
    """Ask the kernel for a SIGTERM when the supervisor dies, so that nobody is left behind."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit(1)


def _be_called(name: str) -> None:
    """The name that ``ps`` and ``top`` show of this process (15 characters at most)."""
    ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode()[:15], 0, 0, 0)
