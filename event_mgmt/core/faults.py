"""Telling where something broke, without the words of the error: they may be about a person."""

from __future__ import annotations

import traceback
from pathlib import Path


def place_of(error: BaseException) -> str:
    """The innermost file and line that ``error`` came from, such as ``notices.py:42``."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


def way_to(error: BaseException) -> list[str]:
    """Where ``error`` passed, the outermost first, such as ``["views.py:20 show", ...]``."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
