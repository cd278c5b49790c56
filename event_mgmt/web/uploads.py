"""Bodies larger than a form takes: the form comes back and says so, instead of a bare error."""

from __future__ import annotations

from flask import Blueprint, current_app, g, request
from flask_babel import format_number, gettext as _
from werkzeug.datastructures import ImmutableMultiDict

from event_mgmt.core.sizes import KILOBYTE, MEGABYTE


def allow_larger_bodies(bp: Blueprint, endpoint: str, most: int) -> None:
    """Let ``endpoint`` take files of up to ``most`` bytes, so that its own form can judge them.

    Only as parts: those go to the disk from half a megabyte on. Fields stay as short as ever.
    """

    def raise_limit(called: str | None, _values: object) -> None:
        if called == endpoint and request.mimetype == "multipart/form-data":
            request.max_content_length = most

    # Before anything reads the body, also before the check of its CSRF token.
    bp.url_value_preprocessor(raise_limit)


def discard_body() -> None:
    """Note that the body is larger than this page takes, and let the form be empty."""
    g.too_large = request.max_content_length or current_app.config["MAX_CONTENT_LENGTH"]
    vars(request).update(form=ImmutableMultiDict(), files=ImmutableMultiDict())


def is_too_large() -> bool:
    """Whether the body that came with this request was larger than its page takes."""
    return "too_large" in g


def too_large() -> str:
    """What is said about such a body."""
    return _(
        "What was sent is larger than this page takes: at most %(size)s. Nothing was changed.",
        size=size_text(g.too_large),
    )


def size_text(size: int) -> str:
    """A number of bytes to the reader."""
    if size >= MEGABYTE:
        return f"{format_number(size // MEGABYTE)} MB"
    return f"{format_number(size // KILOBYTE)} KB"
