"""What an examination finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How bad it is; the worst one is the command's exit status."""

    OK = 0
    WARNING = 1
    PROBLEM = 2


@dataclass(frozen=True)
class Finding:
    """One line: how ``subject`` was found, and what to do about it."""

    level: Level
    subject: str
    words: str
    remedy: str = ""


def ok(subject: str, words: str) -> Finding:
    """A finding that asks for nothing."""
    return Finding(Level.OK, subject, words)


def warning(subject: str, words: str, remedy: str) -> Finding:
    """A finding that works and may bring trouble; ``remedy`` says what to do."""
    return Finding(Level.WARNING, subject, words, remedy)


def problem(subject: str, words: str, remedy: str) -> Finding:
    """A finding that breaks a promise of the system; ``remedy`` says what to do."""
    return Finding(Level.PROBLEM, subject, words, remedy)
