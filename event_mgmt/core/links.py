"""Absolute links, built from PUBLIC_BASE_URL and never from a request's Host header."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from event_mgmt.settings import Settings


def public_url(endpoint: str, **values: Any) -> str:
    """The absolute address of ``endpoint`` as guests reach it."""
    settings: Settings = current_app.extensions["settings"]
    parts = urlsplit(settings.public_base_url)
    adapter = current_app.url_map.bind(
        parts.netloc, script_name=parts.path or "/", url_scheme=parts.scheme
    )
    return adapter.build(endpoint, values, force_external=True)
