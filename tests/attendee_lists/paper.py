"""A printed list as it lies on the desk: where its words and rules are, and what it is made of."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdf
from pypdf.generic import ArrayObject, ContentStream

MARGIN = 45.3
"""Points (16 mm) at each side that stay white."""

_FOOT = 22 / 25.4 * 72
_TOUCH = 0.3
_KERNED = 0.15  # of the size
_FLAT = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
Matrix = tuple[float, ...]


@dataclass(frozen=True)
class Words:
    """A run of letters: what it says, where its baseline begins and ends, its size; in points."""

    text: str
    left: float
    right: float
    y: float
    size: float

    def meets(self, other: Words) -> bool:
        """Whether both are printed over each other."""
        lower, upper = sorted((self, other), key=lambda words: words.y)
        beside = min(self.right, other.right) - max(self.left, other.left) <= _KERNED * self.size
        return not beside and upper.y - 0.15 * upper.size < lower.y + 0.6 * lower.size


@dataclass(frozen=True)
class Box:
    """A filled rectangle, such as the ground of a heading."""

    left: float
    right: float
    bottom: float
    top: float

    def holds(self, words: Words) -> bool:
        """Whether words lie between its sides."""
        return self.left - _TOUCH <= words.left and words.right <= self.right + _TOUCH


@dataclass
class Page:
    """One page."""

    width: float
    height: float
    words: list[Words] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    rules: set[float] = field(default_factory=set)

    @property
    def body(self) -> list[Words]:
        """What stands above the foot, from top to bottom."""
        return sorted(
            (words for words in self.words if words.y > _FOOT),
            key=lambda words: (-words.y, words.left),
        )

    @property
    def lines(self) -> list[str]:
        """The body's lines from top to bottom."""
        found: dict[float, list[str]] = {}
        for words in self.body:
            found.setdefault(round(words.y, 1), []).append(words.text)
        return [" ".join(texts) for texts in found.values()]

    @property
    def heading(self) -> list[Box]:
        """The columns of the (first) table, from left to right: the grounds of its heading."""
        tables = [box for box in self.boxes if box.top - box.bottom > 8]  # not the hosts' stripe
        top = max(box.top for box in tables)
        return sorted((box for box in tables if box.top == top), key=lambda box: box.left)

    def printed_over(self) -> list[tuple[str, str]]:
        """Words that are printed over others, or into the margin."""
        found = [
            (one.text, other.text)
            for at, one in enumerate(self.words)
            for other in self.words[at + 1 :]
            if one.meets(other)
        ]
        right = self.width - MARGIN + _TOUCH
        return found + [
            (words.text, "")
            for words in self.words
            if words.left < MARGIN - _TOUCH or words.right > right
        ]


def pages_of(pdf: Path | bytes) -> list[Page]:
    """All pages of a PDF."""
    reader = pypdf.PdfReader(pdf if isinstance(pdf, Path) else io.BytesIO(pdf))
    return [_page(page) for page in reader.pages]


def _page(page: pypdf.PageObject) -> Page:
    resources: Any = page["/Resources"]
    fonts = {
        name: _Font(font.get_object())
        for name, font in resources.get_object().get("/Font", {}).items()
    }
    made = Page(float(page.mediabox.width), float(page.mediabox.height))
    drawing = _Drawing(made, fonts)
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        drawing.follow(operator.decode(), operands)
    return made


class _Drawing:
    """Follows the few operators that the typesetter writes."""

    def __init__(self, page: Page, fonts: dict[Any, _Font]) -> None:
        self._page = page
        self._fonts = fonts
        self._stack: list[Matrix] = []
        self._at: Matrix = _FLAT
        self._text: Matrix = _FLAT
        self._path: list[tuple[float, float]] = []

    def follow(self, operator: str, operands: Any) -> None:
        if operator in {"q", "Q", "cm"}:
            self._move(operator, operands)
        elif operator in {"m", "l"}:
            self._path.append(_moved(self._at, *map(float, operands)))
        elif operator in {"f", "S", "n"}:
            self._paint(operator)
        elif operator == "Tf":
            self._font, self._size = self._fonts[operands[0]], float(operands[1])
        elif operator == "Tm":
            self._text = _times(tuple(map(float, operands)), self._at)
        elif operator in {"TJ", "Tj"}:
            self._say(operands[0] if isinstance(operands[0], ArrayObject) else operands)

    def _move(self, operator: str, operands: Any) -> None:
        if operator == "q":
            self._stack.append(self._at)
        elif operator == "Q":
            self._at = self._stack.pop()
        else:
            self._at = _times(tuple(map(float, operands)), self._at)

    def _paint(self, operator: str) -> None:
        xs, ys = [x for x, _y in self._path], [y for _x, y in self._path]
        if operator == "f" and xs:
            self._page.boxes.append(Box(min(xs), max(xs), min(ys), max(ys)))
        elif operator == "S" and len(set(ys)) == 1:
            self._page.rules.add(round(ys[0], 1))
        self._path = []

    def _say(self, parts: Any) -> None:
        said, width = self._font.read(parts, self._size)
        if said.strip():
            x, y = self._text[4], self._text[5]
            self._page.words.append(Words(said, x, x + width, y, self._size))


class _Font:
    """What the codes of an embedded font say, and how wide they are."""

    def __init__(self, font: Any) -> None:
        below = font["/DescendantFonts"][0].get_object()
        self._usual = float(below.get("/DW", 1000))
        self._widths = dict(_widths(list(below.get("/W", []))))
        self._letters = _letters(font["/ToUnicode"].get_data().decode("ascii"))

    def read(self, parts: Any, size: float) -> tuple[str, float]:
        said, width = "", 0.0
        for part in parts:
            if isinstance(part, int | float):
                width -= float(part)
                continue
            raw = part.original_bytes
            for code in (int.from_bytes(raw[n : n + 2]) for n in range(0, len(raw), 2)):
                said += self._letters.get(code, "")
                width += self._widths.get(code, self._usual)
        return said, width / 1000 * size


def _widths(given: list[Any]) -> Iterator[tuple[int, float]]:
    while given:
        first, second = int(given.pop(0)), given.pop(0)
        if isinstance(second, ArrayObject):
            yield from ((first + n, float(width)) for n, width in enumerate(second))
        else:
            width = float(given.pop(0))
            yield from ((code, width) for code in range(first, int(second) + 1))


def _letters(cmap: str) -> dict[int, str]:
    found: dict[int, str] = {}
    block = ""
    for line in cmap.splitlines():
        if "beginbf" in line:
            block = line.split("begin")[1]
        elif line.startswith("endbf"):
            block = ""
        elif block:
            words = line.replace("<", " ").replace(">", " ").split()
            first, last = int(words[0], 16), int(words[-2], 16)
            letter = bytes.fromhex(words[-1]).decode("utf-16-be")
            for code in range(first, last + 1):
                found[code] = letter[:-1] + chr(ord(letter[-1]) + code - first)
    return found


def _times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def _moved(at: Matrix, x: float, y: float) -> tuple[float, float]:
    return at[0] * x + at[2] * y + at[4], at[1] * x + at[3] * y + at[5]


@dataclass(frozen=True)
class Element:
    """An element of the tree by which screen readers know a document."""

    role: str
    children: tuple[Element, ...]
    scope: str = ""

    def below(self, role: str) -> Iterator[Element]:
        """All elements of that role, at any depth."""
        for child in self.children:
            if child.role == role:
                yield child
            yield from child.below(role)


def structure_of(reader: pypdf.PdfReader) -> Element:
    """The whole tree."""
    return _element(reader.root_object["/StructTreeRoot"])


def _element(given: Any) -> Element:
    given = given.get_object()
    kids = given.get("/K", [])
    kids = kids if isinstance(kids, ArrayObject) else [kids]
    inside = [kid.get_object() for kid in kids]
    attributes = given.get("/A", [])
    attributes = attributes if isinstance(attributes, ArrayObject) else [attributes]
    scopes = [each.get("/Scope", "") for each in attributes if hasattr(each, "get")]
    return Element(
        str(given.get("/S", ""))[1:],
        tuple(_element(kid) for kid in inside if isinstance(kid, dict) and "/S" in kid),
        "".join(map(str, scopes))[1:],
    )
