"""One entry of a navigation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NavigationItem:
    """One entry of a navigation, as templates show it."""

    label: str
    url: str
    icon: str = ""
    is_current: bool = False
    count: int | None = None
    section: str = ""
