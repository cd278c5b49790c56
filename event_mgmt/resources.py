"""Where the program lies and what came with it: a checkout, or a package that was installed.

A checkout has templates, static files, migrations and translations beside the package. The wheel
has them within it (``pyproject.toml`` and ``hatch_build.py`` say how they get there).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parent
_WITHIN: Final = _PACKAGE / "_data"
IS_INSTALLED: Final = _WITHIN.is_dir()
COMMAND: Final = "event-mgmt" if IS_INSTALLED else "flask --app app"
"""What operators type before the name of a command."""


def resource(path: str) -> Path:
    """A file or folder that comes with the program, such as ``templates`` or ``static/css``."""
    return (_WITHIN if IS_INSTALLED else _PACKAGE.parent) / path


def default_instance(env: Mapping[str, str]) -> Path:
    """Where state is kept when nobody says where; RuntimeError for a user without a home.

    In a checkout that is ``instance/``, else the user's state folder (XDG Base Directory
    Specification 0.8: a relative path there counts as none). Never where packages lie.
    """
    if not IS_INSTALLED:
        return resource("instance")
    state = Path(env.get("XDG_STATE_HOME", ""))
    if not state.is_absolute():
        state = Path(env.get("HOME") or Path.home()) / ".local" / "state"
    return state / "event-mgmt"
