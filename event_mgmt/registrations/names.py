"""How people are called on screen and in lists, and what stands where a name was removed."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import gettext as _

from event_mgmt.core import text


def removed() -> str:
    """What stands for somebody whose data have gone, in the reader's language."""
    return _("name removed")


def full_name(person: Any) -> str:
    """Academic title, given and family name."""
    parts = (person.academic_title, person.given_name, person.family_name)
    return " ".join(part for part in parts if part) or removed()


def decided_name(person: Any) -> str:
    """The name under which somebody was accepted whom a guest has corrected since; else ''."""
    name = person.decided_name
    return text.full_name(name["given_name"], name["family_name"]) if name else ""


def surname_first(person: Any) -> str:
    """Family name, then given name, as lists have it."""
    return ", ".join(part for part in (person.family_name, person.given_name) if part) or removed()


def init_app(app: Flask) -> None:
    """Give templates these as filters."""
    app.jinja_env.filters.update(
        full_name=full_name, surname_first=surname_first, decided_name=decided_name
    )
