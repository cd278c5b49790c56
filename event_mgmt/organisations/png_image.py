"""Checking and cleaning PNG pictures (ISO/IEC 15948), byte by byte.

An uploaded logo is shown to everybody. What is kept is a picture and nothing else: chunks that
carry text, places or programs of other formats are left out, and so is what follows the picture.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_KEPT: Final = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB"})
_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS: Final = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
# Adam7: x and y of each pass's first pixel, and the distances to the next.
_PASSES: Final = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)


class NotPng(ValueError):
    """The bytes are no sound PNG picture."""


def cleaned_png(content: bytes, *, least: int, most: int) -> bytes:
    """The same picture with nothing else in it.

    Raises NotPng for anything unsound, and for sides shorter than ``least`` or longer than
    ``most`` pixels.
    """
    chunks = list(_chunks(content))
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13:
        raise NotPng("no header")
    width, height, depth, colour, compression, filtering, interlace = struct.unpack(
        ">IIBBBBB", chunks[0][1]
    )
    if not (least <= width <= most and least <= height <= most):
        raise NotPng("size")
    if depth not in _DEPTHS.get(colour, ()) or compression or filtering or interlace > 1:
        raise NotPng("kind")
    if colour == 3 and not any(name == b"PLTE" for name, _ in chunks):
        raise NotPng("no palette")
    pixels = b"".join(body for name, body in chunks if name == b"IDAT")
    _check_pixels(pixels, _raw_size(width, height, depth * _CHANNELS[colour], interlace))
    return SIGNATURE + b"".join(_chunk(name, body) for name, body in chunks if name in _KEPT)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not content.startswith(SIGNATURE):
        raise NotPng("signature")
    at = len(SIGNATURE)
    while True:
        if len(content) < at + 12:
            raise NotPng("cut off")
        length, name = struct.unpack_from(">I4s", content, at)
        body = content[at + 8 : at + 8 + length]
        if len(content) < at + 12 + length:
            raise NotPng("cut off")
        (checksum,) = struct.unpack_from(">I", content, at + 8 + length)
        if zlib.crc32(name + body) != checksum:
            raise NotPng("checksum")
        yield name, body
        if name == b"IEND":
            return
        if name[0:1].isupper() and name not in _KEPT:
            raise NotPng("unknown critical chunk")
        at += 12 + length


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _raw_size(width: int, height: int, bits: int, interlace: int) -> int:
    if not interlace:
        return height * (1 + (width * bits + 7) // 8)
    total = 0
    for x, y, step_x, step_y in _PASSES:
        columns = max(0, (width - x + step_x - 1) // step_x)
        rows = max(0, (height - y + step_y - 1) // step_y)
        if columns:
            total += rows * (1 + (columns * bits + 7) // 8)
    return total


def _check_pixels(packed: bytes, expected: int) -> None:
    # One byte more than the size at most is ever unpacked, whatever the bytes promise.
    unpacking = zlib.decompressobj()
    try:
        raw = unpacking.decompress(packed, expected + 1)
    except zlib.error:
        raise NotPng("pixels") from None
    if len(raw) != expected:
        raise NotPng("pixels")
