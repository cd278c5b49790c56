"""Sets one document on paper: a program of its own, so that its memory ends with the document.

Typst keeps what it has laid out for the next time, some 100 KB for each line; in a web process
that would stay for good. Reads the content as JSON from standard input. With ``--lacking`` it sets
nothing, and tells which letters of a text there no font has.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import typst

from event_mgmt.documents.font_coverage import lacking

_HERE: Final = Path(__file__).resolve().parent
MARK: Final = "?"
"""What stands for a letter that no font has."""

_PACKAGE: Final = _HERE.parent
"""What layouts may read: they import each other by paths from here on."""


def main(layout: str, output: str, taken_at: str) -> None:
    """Write the PDF of ``layout`` to ``output``; its time stamp is ``taken_at`` (Unix seconds).

    ``layout`` is a path below the package, such as "attendee_lists/layouts/table.typ".

    Our own fonts come first; those of the machine help out with letters that ours do not have.
    Where neither has one, a mark stands for it, and the sheet says so: never an empty box.
    """
    fonts = the_fonts()
    content = without_lacking(sys.stdin.buffer.read().decode(), fonts)

    def compiled(*, accessible: bool) -> None:
        typst.compile(
            str(_PACKAGE / layout),
            output=output,
            format="pdf",
            root=str(_PACKAGE),
            font_paths=fonts,
            sys_inputs={"list": content},
            timestamp=datetime.fromtimestamp(int(taken_at), UTC),
            pdf_standards="ua-1"
            if accessible
            else None,  # ISO 14289-1: tagged, titled, in a language
        )

    try:
        compiled(accessible=True)
    except typst.TypstError:
        # A letter that no font has may stand in no PDF/UA; a list without the mark is still a list.
        compiled(accessible=False)


def the_fonts() -> typst.Fonts:
    """Our own fonts, and those of the machine."""
    return typst.Fonts(font_paths=[str(_HERE / "fonts")], include_embedded_fonts=False)


def without_lacking(content: str, fonts: typst.Fonts) -> str:
    """The JSON ``content`` with MARK for each letter that none of ``fonts`` has."""
    values = json.loads(content)
    text = json.dumps(values, ensure_ascii=False)
    missing = lacking(text, files_of(fonts))
    if not missing:
        return content
    marked = json.loads(text.translate(dict.fromkeys(map(ord, missing), MARK)))
    return json.dumps({**marked, "lacks_letters": True})


def files_of(fonts: typst.Fonts) -> list[tuple[Path, int]]:
    """Where ``fonts`` are, our own first."""
    found = [(Path(font.path), font.index) for font in fonts.fonts() if font.path]
    return sorted(found, key=lambda font: _HERE not in font[0].parents)


def tell_lacking() -> None:
    """Write to standard output those letters of standard input that no font has, in UTF-8."""
    missing = lacking(sys.stdin.buffer.read().decode(), files_of(the_fonts()))
    sys.stdout.buffer.write("".join(sorted(missing)).encode())


if __name__ == "__main__":
    if sys.argv[1:] == ["--lacking"]:
        tell_lacking()
    else:
        main(*sys.argv[1:])
