"""A bell between processes: whoever has work for another rings, and does not wait."""

from __future__ import annotations

import os
from contextlib import suppress


class Bell:
    """A pipe that all processes of a system share; ``reader`` can be read once it was rung."""

    def __init__(self) -> None:
        self.reader, self._writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def ring(self) -> None:
        """Ring it. A pipe that is full has been rung."""
        with suppress(OSError):
            os.write(self._writer, b"!")

    def has_rung(self) -> bool:
        """Whether anybody has rung since this was asked last."""
        try:
            return bool(os.read(self.reader, 512))
        except BlockingIOError:
            return False
