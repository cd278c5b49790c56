"""What actions and their details are called on screen; every room declares its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, cast

from flask import Flask, current_app

_KEY: Final = "audit_labels"


class DetailFormat(StrEnum):
    """How a detail's values are shown."""

    TEXT = "text"
    INSTANT = "instant"
    DAY = "day"
    COUNTRY = "country"
    NOT = "not"  # too long or too private for a table: only that it changed


@dataclass(frozen=True)
class Detail:
    """A detail's name for readers, and how its values are shown.

    With ``words`` they are members of that enumeration, with ``called`` keys that it gives a name
    for; ``several`` says that the value itself is a list, which is otherwise read as the old and
    the new value.
    """

    label: object
    shown: DetailFormat = DetailFormat.TEXT
    words: type[StrEnum] | None = None
    several: bool = False
    called: Callable[[str], str] | None = None


@dataclass(frozen=True, kw_only=True)
class AuditLabels:
    """A room's labels: of its actions, and of the details of each subject by their names.

    Actions are keyed with underscores between all their words ("event_created"), whatever stands
    in the log ("event.created").
    """

    actions: Mapping[str, object]
    details: Mapping[str, Mapping[str, Detail]] = field(default_factory=dict)


def init_app(app: Flask, labels: Iterable[AuditLabels]) -> None:
    """Give ``app`` the labels that its rooms declare; several may name details of a subject."""
    actions: dict[str, object] = {}
    details: dict[str, dict[str, Detail]] = {}
    for each in labels:
        actions.update(each.actions)
        for subject, named in each.details.items():
            details.setdefault(subject, {}).update(named)
    app.extensions[_KEY] = AuditLabels(actions=actions, details=details)


def action_label(action: str) -> str | None:
    """What ``action`` is called in the reader's language; None where no room names it."""
    label = _labels().actions.get(action.replace(".", "_"))
    return None if label is None else str(label)


def detail_of(subject: str, name: str) -> Detail | None:
    """What the detail ``name`` of ``subject`` is called and how it is shown."""
    return _labels().details.get(subject, {}).get(name)


def known_actions() -> frozenset[str]:
    """The actions that have a label, with underscores between their words."""
    return frozenset(_labels().actions)


def _labels() -> AuditLabels:
    return cast(AuditLabels, current_app.extensions[_KEY])
