"""Setting a document on paper: the one way to PDF, in a process of its own.

A room keeps its layouts (Typst files, which import /documents/layouts/frame.typ) in its folder
`layouts`, measures its words with ``layout``, and gives the content as values, never as markup.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from flask_babel import gettext as _

from event_mgmt.core.refusals import Busy
from event_mgmt.settings import PROJECT_ROOT

_TYPESET: Final = "event_mgmt.documents.typeset"
_PATIENCE_SECONDS: Final = 60
FONTS: Final = Path(__file__).resolve().parent / "fonts"
"""Our own fonts; fonts/FONTS.md says of which scripts."""


def lacks_letters() -> str:
    """What a sheet says on which marks stand for letters, in the reader's language."""
    return _(
        "Each “?” in a name stands for a letter for which this system has no font. Please check"
        " before you print."
    )


def without_font(text: str) -> str:
    """The letters of ``text`` that neither our fonts nor the machine's have, in their order.

    Typst knows the machine's fonts, and is loaded in a process of its own.
    """
    done = subprocess.run(  # noqa: S603 - our own program, no shell
        [sys.executable, "-m", _TYPESET, "--lacking"],
        cwd=PROJECT_ROOT,
        input=text.encode("utf-8", "replace"),
        capture_output=True,
        timeout=_PATIENCE_SECONDS,
        check=True,
    )
    return done.stdout.decode()


def set_pdf(layout: str, content: Mapping[str, object], path: Path, *, at: int) -> None:
    """Write ``content`` as PDF to ``path``, stamped with ``at`` (Unix seconds).

    ``layout`` is a Typst file's path below the package. Busy where it takes too long.
    """
    try:
        subprocess.run(  # noqa: S603 - our own program, no shell
            [sys.executable, "-m", _TYPESET, layout, str(path.resolve()), str(at)],
            cwd=PROJECT_ROOT,
            input=json.dumps(content).encode(),
            capture_output=True,
            timeout=_PATIENCE_SECONDS,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"typesetting failed: {error.stderr.decode()}") from error
    except subprocess.TimeoutExpired as error:
        raise Busy from error
