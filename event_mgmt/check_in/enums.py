"""What is done at the door."""

from __future__ import annotations

from enum import StrEnum


class DoorActionKind(StrEnum):
    """One kind of thing that somebody at the door does about one person."""

    IN = "in"
    OUT = "out"
    UNDO = "undo"  # takes back the action that it refers to
    WALK_IN = "walk_in"  # somebody who was not on the list
    SUBSTITUTION = "substitution"  # somebody comes in another's place
