"""Bytes that wait: a few in memory, more of them in a file without a name."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from event_mgmt.serving.handover import INLINE_LIMIT


class Overfull(OSError):
    """More is waiting than there may be."""


class Budget:
    """How much may wait on the disk: in all, and of one client.

    In all ``most`` bytes, or half of what is free at the start; of one client half of that.
    """

    def __init__(self, folder: Path, most: int) -> None:
        try:
            disk = os.statvfs(folder)
            most = min(most, disk.f_bavail * disk.f_frsize // 2)
        except OSError:
            pass
        self.most = most
        self.most_of_one = most // 2
        self.taken = 0
        self._of_one: Counter[str] = Counter()

    def take(self, client: str, size: int) -> None:
        """Take room for ``size`` bytes. Raises Overfull when there is none."""
        if self.taken + size > self.most or self._of_one[client] + size > self.most_of_one:
            raise Overfull
        self.taken += size
        self._of_one[client] += size

    def move(self, old: str, new: str, size: int) -> None:
        """What counted for one client counts for another. Raises Overfull, and then it does not."""
        self.give_back(old, size)
        try:
            self.take(new, size)
        except Overfull:
            self.take(old, size)
            raise

    def give_back(self, client: str, size: int) -> None:
        """Give room back."""
        self.taken -= size
        self._of_one[client] -= size
        if self._of_one[client] <= 0:
            del self._of_one[client]


class Spool:
    """What was written so far; ``take`` is asked before anything goes to the disk."""

    def __init__(self, folder: Path, take: Callable[[int], None] | None = None) -> None:
        self._folder = folder
        self._take = take
        self._memory = bytearray()
        self.file = -1
        self.size = 0

    def write(self, data: bytes) -> None:
        """Add ``data``. Raises OSError where the disk is full, and what ``take`` raises."""
        if self.file < 0 and self.size + len(data) <= INLINE_LIMIT:
            self._memory += data
        else:
            if self.file < 0:
                self._move_to_disk()
            self._write(data)
        self.size += len(data)

    @property
    def on_disk(self) -> int:
        """How many bytes lie on the disk."""
        return self.size if self.file >= 0 else 0

    def content(self) -> bytes:
        """What is in memory; nothing once it moved to the disk."""
        return bytes(self._memory)

    def close(self) -> None:
        """Let go of it all."""
        self._memory.clear()
        if self.file >= 0:
            os.close(self.file)
            self.file = -1

    def _move_to_disk(self) -> None:
        self.file = unnamed_file(self._folder)
        content, self._memory = bytes(self._memory), bytearray()
        self._write(content)

    def _write(self, data: bytes) -> None:
        if self._take:
            self._take(len(data))
        view = memoryview(data)
        while view:
            view = view[os.write(self.file, view) :]


def unnamed_file(folder: Path) -> int:
    """An open file in ``folder`` that is gone when it is closed, however its process ends."""
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        return os.dup(file.fileno())
