"""What a module's name promises: roles by suffix, each with what it may not know."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from flask import Flask

from tests.architecture.sources import (
    SOURCES,
    imports_in,
    imports_of,
    relative,
    stands_in,
    text_of,
)

REQUEST = {
    *{f"flask.{name}" for name in ("request", "session", "url_for", "redirect", "flash")},
    *{"flask.render_template", "flask.abort", "flask_login", "flask_wtf", "wtforms", "werkzeug"},
    "event_mgmt.web",
}
"""What there is only while a browser is answered."""

DATABASE = {"sqlalchemy", "flask_sqlalchemy", "event_mgmt.core.database"}

FORBIDDEN = {
    "views": DATABASE,
    "forms": {*DATABASE, "flask_login"},
    "rules": {*REQUEST, *DATABASE, "flask", "flask_babel"},
    "enums": {*REQUEST, *DATABASE, "flask", "flask_babel"},
    "models": {*REQUEST, "flask"},
    "queries": REQUEST,
    "commands": REQUEST,
    "service": REQUEST,
    "mails": REQUEST - {"event_mgmt.web", "flask.url_for"},
}
"""By the last word of a module's name (or its folder's, for ``service``): what it may not import."""


def _role_of(path: Path) -> str:
    last = path.stem.rpartition("_")[2]
    return path.parent.name if path.parent.name in FORBIDDEN else last


def _strangers(names: list[str], forbidden: set[str]) -> list[str]:
    return [name for name in names if stands_in(name, forbidden)]


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if _role_of(path) in FORBIDDEN], ids=relative
)
def test_a_module_knows_nothing_beyond_its_role(path: Path) -> None:
    assert _strangers(imports_of(path), FORBIDDEN[_role_of(path)]) == []


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if "@transactional" in text_of(path)], ids=relative
)
def test_whatever_changes_rows_knows_no_request(path: Path) -> None:
    assert _strangers(imports_of(path), REQUEST) == []


def test_every_endpoint_stands_in_a_module_of_views(sqlite_app: Flask) -> None:
    elsewhere = {
        endpoint: module
        for endpoint, view in sqlite_app.view_functions.items()
        if endpoint != "static"
        and not (module := inspect.unwrap(view).__module__).rpartition("_")[2].endswith("views")
    }

    assert elsewhere == {}


@pytest.mark.parametrize(
    ("role", "line"),
    [
        ("views", "from sqlalchemy import select"),
        ("views", "from event_mgmt.core.database import db"),
        ("rules", "from flask_babel import gettext"),
        ("queries", "from event_mgmt.web.paging import Page"),
        ("commands", "from flask import request"),
    ],
)
def test_an_import_beyond_the_role_is_found(role: str, line: str) -> None:
    assert _strangers(imports_in(line), FORBIDDEN[role])
