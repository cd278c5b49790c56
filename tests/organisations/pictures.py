"""PNG pictures for tests, sound and otherwise."""

from __future__ import annotations

import struct
import zlib

from event_mgmt.organisations.png_image import SIGNATURE

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 5: 3, 6: 4}
_ADAM7 = [
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
]


def a_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def a_png(
    width: int = 64,
    height: int = 64,
    *,
    colour: int = 2,
    depth: int = 8,
    interlaced: bool = False,
    palette: bool = True,
    pixels: bytes | None = None,
    packed: bytes | None = None,
) -> bytes:
    """A black picture; ``pixels`` or ``packed`` replace its content by something unsound."""
    bits = _CHANNELS[colour] * depth
    if pixels is None:
        rows = []
        for x, y, dx, dy in _ADAM7 if interlaced else [(0, 0, 1, 1)]:
            columns = len(range(x, width, dx))
            if columns:
                rows += [bytes(1 + -(-columns * bits // 8)) for _ in range(y, height, dy)]
        pixels = b"".join(rows)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    chunks = [a_chunk(b"IHDR", header)]
    if colour == 3 and palette:
        chunks.append(a_chunk(b"PLTE", b"\0\0\0"))
    chunks.append(a_chunk(b"IDAT", zlib.compress(pixels) if packed is None else packed))
    return SIGNATURE + b"".join([*chunks, a_chunk(b"IEND", b"")])
