"""One command that runs everything: web processes, mail and task workers under one supervisor.

The application is imported once and the processes are forked from it, so that they share its
memory. The supervisor holds the listening socket: a taken port shows at once, and a web server
that has to be started anew loses no connection. A process of its own waits for slow clients
(docs/decisions/0012-slow-clients.md).
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
from types import FrameType
from typing import Final, NoReturn

import structlog
from flask import Flask

from event_mgmt import worker
from event_mgmt.core import compaction
from event_mgmt.core.database import db
from event_mgmt.serving.bell import Bell
from event_mgmt.serving.handover import Channels
from event_mgmt.serving.web import REQUEST_SECONDS, Web
from event_mgmt.settings import Settings
from event_mgmt.tasks import service as task_service, worker as task_worker

log = structlog.get_logger()

GRACE_SECONDS: Final = REQUEST_SECONDS + 5
READING_SECONDS: Final = 20
"""How long requests that have begun to come in are waited for when the system is stopped."""

BACKLOG: Final = 512
QUICK_SECONDS: Final = 10
DEATHS: Final = 5
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NAME: Final = 15


@dataclass
class Child:
    """One process under supervision; ``deaths`` counts those in quick succession.

    Without a vital one there is no point in going on. One that waits for the bell is started when
    that is rung, and ends by itself when there is nothing more to do.
    """

    name: str
    run: Callable[[], int]
    is_vital: bool = False
    waits_for_bell: bool = False
    has_rung: bool = False
    pid: int = 0
    started_at: float = 0.0
    start_after: float = 0.0
    deaths: int = 0


class Lifeline:
    """A pipe that ends when nobody holds its other end any more, however its holders ended."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe2(os.O_CLOEXEC)

    def let_go(self) -> None:
        """Hold it no longer."""
        if self.writer >= 0:
            os.close(self.writer)
            self.writer = -1


@dataclass(frozen=True)
class ServingSockets:
    """What the processes share to pass requests on, and to end in the right order."""

    listener: socket.socket
    channels: Channels
    reading: Lifeline  # held while requests are waited for
    web: Lifeline  # held while web processes are there
    tasks: Bell  # rung when a task waits


class Supervisor:
    """Starts every child, starts again whoever dies, and stops all."""

    def __init__(self, children: list[Child], sockets: ServingSockets) -> None:
        self._children = children
        self._sockets = sockets
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
                if self._is_wanted(child):
                    self._start(child)
            self._sleep(1.0)
            if not self._stops and not self._bury_the_dead():
                status = 1
                break
        self._stop_all()
        return status

    def _on_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stops += 1

    def _is_wanted(self, child: Child) -> bool:
        if child.pid or (child.waits_for_bell and not child.has_rung):
            return False
        return time.monotonic() >= child.start_after

    def _sleep(self, seconds: float) -> None:
        select.select([self._wake_reader, self._sockets.tasks.reader], [], [], seconds)
        with suppress(BlockingIOError):
            os.read(self._wake_reader, 512)
        if self._sockets.tasks.has_rung():
            for child in self._children:
                child.has_rung = True

    def _start(self, child: Child) -> None:
        child.started_at, child.has_rung = time.monotonic(), False
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
        except BaseException:  # noqa: BLE001 - a child must never come back into the supervisor
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _bury_the_dead(self) -> bool:
        """Note who ended, and when to start again; False when a child cannot stay alive."""
        for child in self._children:
            done, status = os.waitpid(child.pid, os.WNOHANG) if child.pid else (0, 0)
            if not done:
                continue
            lived = time.monotonic() - child.started_at
            child.pid = 0
            if child.waits_for_bell and status == 0:
                continue  # it was done; the bell starts it again
            child.has_rung = True  # what it was at is not done
            child.deaths = child.deaths + 1 if lived < QUICK_SECONDS else 0
            if child.is_vital and child.deaths >= DEATHS:
                log.error("gave_up", child=child.name)
                return False
            pause = min(30.0, 2.0**child.deaths - 1)
            child.start_after = time.monotonic() + pause
            log.error("child_died", child=child.name, lived=round(lived, 1), again_in=pause)
        return True

    def _stop_all(self) -> None:
        """Ask everybody to finish; whoever has not done so in time, or at a second word, is cut.

        Nobody new is let in. Requests that have begun to come in are read to their end first, then
        served, then their answers are written: web processes are asked when no request is waited
        for any more.
        """
        stops, deadline = self._stops, time.monotonic() + GRACE_SECONDS
        with suppress(OSError):
            self._sockets.listener.shutdown(socket.SHUT_RDWR)
        self._sockets.reading.let_go()
        self._sockets.web.let_go()
        self._signal(signal.SIGTERM, [child for child in self._children if not child.is_vital])
        self._await_readers(stops, time.monotonic() + READING_SECONDS)
        self._signal(signal.SIGTERM, [child for child in self._children if child.is_vital])
        while self._alive():
            if time.monotonic() >= deadline or self._stops > stops:
                self._signal(signal.SIGKILL, self._children)
                deadline = time.monotonic() + GRACE_SECONDS
            self._sleep(0.5)

    def _await_readers(self, stops: int, until: float) -> None:
        reading = self._sockets.reading.reader
        while self._stops == stops and (left := until - time.monotonic()) > 0:
            ready = select.select([self._wake_reader, reading], [], [], left)[0]
            if reading in ready:
                return
            self._sleep(0)

    def _alive(self) -> bool:
        for child in self._children:
            if child.pid and os.waitpid(child.pid, os.WNOHANG)[0] != 0:
                child.pid = 0
        return any(child.pid for child in self._children)

    def _signal(self, number: int, children: list[Child]) -> None:
        for child in children:
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
    sockets = ServingSockets(listener, Channels.open(), Lifeline(), Lifeline(), Bell())
    app.extensions[task_service.BELL] = sockets.tasks.ring
    children = [
        Child("buffer", lambda: _wait_for_slow_clients(app, sockets)),
        Child("web", lambda: _serve_pages(app, sockets), is_vital=True),
    ]
    children += [
        Child(f"mail {number}", lambda: _deliver_mail(app, sockets))
        for number in range(1, settings.mail_workers + 1)
    ]
    children += [
        Child(
            f"tasks {number}",
            lambda: _run_tasks(app, sockets),
            waits_for_bell=settings.mail_workers > 0,  # they look for tasks of other machines
        )
        for number in range(1, settings.task_workers + 1)
    ]
    sys.stdout.write(f"Ready on http://{settings.bind} (stop with Ctrl+C)\n")
    sys.stdout.flush()
    status = Supervisor(children, sockets).run()
    with app.app_context():
        compaction.close_cleanly(db.engine)
    return status


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


def _wait_for_slow_clients(app: Flask, sockets: ServingSockets) -> int:
    from event_mgmt.serving import slow_clients  # noqa: PLC0415 - no other process needs asyncio

    sockets.listener.close()
    sockets.web.let_go()
    settings: Settings = app.extensions["settings"]
    waiting = slow_clients.SlowClients(
        app.config["SLOW_CLIENTS"],
        sockets.channels,
        folder=settings.instance,
        most_body=app.config["LARGEST_BODY"],
        proxy_hops=settings.proxy_hops,
    )
    return slow_clients.run(waiting, is_read=sockets.reading.writer, web_gone=sockets.web.reader)


def _serve_pages(app: Flask, sockets: ServingSockets) -> int:
    sockets.reading.let_go()
    Web(app, sockets.listener.detach(), sockets.channels).run()
    return 0


def _deliver_mail(app: Flask, sockets: ServingSockets) -> int:
    _serve_nobody(sockets)
    return worker.main(app)


def _run_tasks(app: Flask, sockets: ServingSockets) -> int:
    _serve_nobody(sockets)
    settings: Settings = app.extensions["settings"]
    return task_worker.main(app, ends_when_idle=settings.mail_workers > 0)


def _serve_nobody(sockets: ServingSockets) -> None:
    sockets.listener.close()
    sockets.reading.let_go()
    sockets.web.let_go()


def _end_with_parent(parent: int) -> None:
    """Ask the kernel for a SIGTERM when the supervisor dies, so that nobody is left behind."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit(1)


def _be_called(name: str) -> None:
    """The name that ``ps`` and ``top`` show of this process (15 characters at most)."""
    ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode()[:15], 0, 0, 0)
