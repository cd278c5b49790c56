"""What stands before the application: proxies that are believed, and static files."""

from __future__ import annotations

from typing import Final

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from event_mgmt.resources import resource
from event_mgmt.settings import Settings

A_YEAR: Final = 365 * 24 * 3600


def init_app(app: Flask, settings: Settings) -> None:
    """Put both before ``app``; what proxies say is believed as far as PROXY_HOPS says."""
    static = WhiteNoise(app.wsgi_app, max_age=A_YEAR, autorefresh=False)
    static.add_files(str(resource("static")), prefix="static/")
    app.wsgi_app = static  # type: ignore[method-assign]  # Flask's own way to put a layer before itself
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's own way to put a layer before itself
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
