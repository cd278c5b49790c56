"""Absolute links, built from PUBLIC_BASE_URL and never from a request's Host header."""

from __future__ import annotations

import functools
from urllib.parse import urlsplit

from flask import current_app
from werkzeug.routing import Map, MapAdapter

from event_mgmt.settings import Settings


def public_url(endpoint: str, **values: object) -> str:
    """The absolute address of ``endpoint`` as guests reach it."""
    settings: Settings = current_app.extensions["settings"]
    adapter = _adapter(current_app.url_map, settings.public_base_url)
    return adapter.build(endpoint, values, force_external=True)


@functools.lru_cache(maxsize=4)
def _adapter(routes: Map, base: str) -> MapAdapter:
    parts = urlsplit(base)
    return routes.bind(parts.netloc, script_name=parts.path or "/", url_scheme=parts.scheme)
