"""Structured logs: one JSON line per happening, without personal data or tokens."""

from __future__ import annotations

import logging
import sys
import time
from typing import Final

import structlog
from flask import Flask, g, request
from werkzeug.wrappers import Response

log = structlog.get_logger()

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
"""Anything else is the sender's own words."""


def init_app(app: Flask) -> None:
    """Set logging up and note every request by its route, never by its address."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.CRITICAL if app.testing else logging.INFO
        ),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=not app.testing,
    )

    @app.before_request
    def _started() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def _answered(response: Response) -> Response:
        if request.endpoint not in {"static", "system_pages.health"}:
            note_request(
                method=request.method,
                route=request.url_rule.rule if request.url_rule else None,
                status=response.status_code,
                started=g.get("started", time.perf_counter()),
            )
        return response


def note_request(*, method: str, route: str | None, status: int, started: float) -> None:
    """Note a request that began at ``started`` (by ``time.perf_counter``) and is answered now."""
    log.info(
        "request",
        method=method if method in _METHODS else "other",
        route=route,
        status=status,
        ms=round((time.perf_counter() - started) * 1000, 1),
    )
