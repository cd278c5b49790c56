"""A relay that takes everything and keeps nothing, as quickly as it can.

``python -m benchmarks.smtp_sink`` prints its port, and then, for each line that it reads on its
standard input, how many messages it has taken since the last time.
"""

from __future__ import annotations

import asyncio
import sys

_ANSWERS = {
    b"EHLO": b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
}


class Sink(asyncio.Protocol):
    """One connection."""

    taken = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._buffer = b""
        self._in_content = False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._step():
            pass

    def _step(self) -> bool:
        if self._in_content:
            end = self._buffer.find(b"\r\n.\r\n")
            if end < 0:
                return False
            self._buffer = self._buffer[end + 5 :]
            self._in_content = False
            Sink.taken += 1
            self._transport.write(b"250 taken\r\n")
            return True
        line, found, rest = self._buffer.partition(b"\r\n")
        if not found:
            return False
        self._buffer = rest
        verb = line[:4].upper()
        self._in_content = verb == b"DATA"
        self._transport.write(_ANSWERS.get(verb, b"250 ok\r\n"))
        return True


async def _main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(Sink.taken, flush=True)
        Sink.taken = 0


if __name__ == "__main__":
    asyncio.run(_main())
