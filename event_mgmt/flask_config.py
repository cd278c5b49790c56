"""What Flask and its extensions are configured with."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from event_mgmt.core.database import engine_options
from event_mgmt.core.sizes import MEGABYTE
from event_mgmt.resources import resource
from event_mgmt.serving.rates import Limits
from event_mgmt.settings import Settings

BODY_LIMIT: Final = 256 * 1024
LARGEST_BODY: Final = 24 * MEGABYTE
"""No page takes more, whatever limit of its own it sets: the server reads no more than that."""


def flask_config(settings: Settings) -> dict[str, object]:
    """Flask's configuration for ``settings``."""
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.testing,
        "TRUSTED_HOSTS": list(settings.trusted_hosts),
        "MAX_CONTENT_LENGTH": BODY_LIMIT,
        "MAX_FORM_MEMORY_SIZE": BODY_LIMIT,
        "LARGEST_BODY": LARGEST_BODY,
        "SLOW_CLIENTS": Limits(),
        "MAX_FORM_PARTS": 1000,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_NAME": "__Host-session" if settings.is_https else "session",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "BABEL_DEFAULT_LOCALE": settings.default_locale,
        "BABEL_TRANSLATION_DIRECTORIES": str(resource("translations")),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings),
    }
