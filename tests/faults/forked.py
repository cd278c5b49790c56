"""Processes that begin with the application loaded, so that a test can afford many of them."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.faults.doomed"])


@dataclass
class Forked:
    """A process of its own, and the line to it."""

    process: ForkServerProcess
    line: Connection

    def end(self, patience: float = 60) -> int | None:
        """Wait for it; gives its exit code, negative for the signal that killed it."""
        self.process.join(patience)
        return self.process.exitcode


def begin(target: Callable[..., None], *orders: Any) -> Forked:
    """Start ``target(*orders, line)`` in a process of its own."""
    line, other_end = _context.Pipe()
    process = _context.Process(target=target, args=(*orders, other_end))
    process.start()
    other_end.close()
    return Forked(process, line)


@contextmanager
def forked(target: Callable[..., None], *orders: Any) -> Iterator[Forked]:
    """The same, and nobody stays behind."""
    begun = begin(target, *orders)
    try:
        yield begun
    finally:
        begun.process.kill()
        begun.process.join()
        begun.line.close()
