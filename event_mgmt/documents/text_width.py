"""How much room words take on paper, near enough and never too little."""

from __future__ import annotations

import unicodedata
from typing import Final

_ASCII: Final = (
    "200 315 482 513 513 841 639 275 324 324 438 513 275 322 275 344 513 513 513 513 513 513 513"
    " 513 513 513 275 275 513 513 513 444 875 558 597 576 625 538 510 628 663 282 494 597 502 745"
    " 657 674 582 674 592 545 546 655 536 800 541 501 540 324 344 324 513 500 549 516 563 462 564"
    " 507 317 520 558 262 263 522 271 843 560 549 564 564 373 431 361 556 495 748 481 495 443 324"
    " 255 324 513"
)
"""Thousandths of an em from space to tilde, in Source Sans 3 Semibold: Regular is narrower."""

_OTHERS: Final = 0.95
_WIDE: Final = 1.0
_FIRST_WIDE: Final = 0x1100  # Hangul Jamo: from here on, letters may fill their square


class _Advances(dict[str, float]):
    """Widths of letters in em; marks on a letter take no room of their own."""

    def __missing__(self, letter: str) -> float:
        plain = unicodedata.normalize("NFD", letter)[0]
        if unicodedata.combining(letter):
            width = 0.0
        elif plain != letter and plain in self:
            width = self[plain] + 0.03
        else:
            width = _OTHERS if ord(letter) < _FIRST_WIDE else _WIDE
        self[letter] = width
        return width


_advances: Final = _Advances(
    {chr(32 + at): int(width) / 1000 for at, width in enumerate(_ASCII.split())}
)


def width_of(text: str) -> float:
    """The width of ``text`` on one line, in em."""
    return sum(map(_advances.__getitem__, text))
