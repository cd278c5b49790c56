"""Draws every picture anew: ``python -m diagrams``; with ``check`` it only names stale ones."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from diagrams import entities, layers, states

DOCS = Path(__file__).resolve().parents[1] / "docs"
DRAWN: dict[str, tuple[str, Callable[[], str]]] = {
    "house": ("text", layers.house),
    "states of an event": ("mermaid", states.event),
    "states of a co-host": ("mermaid", states.partner),
    "states of a registration": ("mermaid", states.registration),
    "states of a mail": ("mermaid", states.message),
    **{
        f"entities: {name}": ("mermaid", partial(entities.picture, name))
        for name in entities.GROUPS
    },
    "entities": ("", entities.listing),
}


def redrawn(text: str) -> str:
    """A document with every picture between its marks as the code has it now."""
    for name, (kind, draw) in DRAWN.items():
        begin, end = f"<!-- drawn: {name} -->\n", f"<!-- end of {name} -->\n"
        head, mark, rest = text.partition(begin)
        if mark:
            picture = f"```{kind}\n{draw()}\n```\n" if kind else f"\n{draw()}\n\n"
            text = head + begin + picture + end + rest.partition(end)[2]
    return text


def stale() -> Iterator[Path]:
    """The documents whose pictures are not those of the code."""
    for path in sorted(DOCS.glob("*.md")):
        if redrawn(path.read_text()) != path.read_text():
            yield path


def main(verb: str) -> int:
    """Draw, or check; gives the exit status."""
    found = list(stale())
    for path in found:
        sys.stdout.write(f"{path.relative_to(DOCS.parent)}\n")
        if verb != "check":
            path.write_text(redrawn(path.read_text()))
    return 1 if found and verb == "check" else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or ["draw"]))
