"""What a browser keeps of a registration that it has sent, so that its confirmation can be shown.

It lies in the session; where there is no cookie, in the confirmation's address, signed and without
anything personal. Both tell nobody who is registered: they say what this browser has sent.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final, TypedDict

from flask import current_app, request, session

from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.lifecycle.create import Receipt
from event_mgmt.web import form_tokens

_KEY: Final = "receipt"


class SessionReceipt(TypedDict, total=False):
    """A receipt as it lies in the session; the version before noted less."""

    slug: str
    status: str
    seats: int
    email: str
    differs: bool
    is_mailed: bool


def keep(slug: str, receipt: Receipt, *, now: datetime) -> dict[str, Any]:
    """Keep ``receipt`` for the confirmation; gives what the confirmation's address must carry."""
    is_known = form_tokens.has_session()
    session[_KEY] = {"slug": slug, **asdict(receipt)}
    if is_known:
        return {}
    carried = {_KEY: _signed(slug, receipt, now=now)}
    asked = request.args.get("lang")
    return {**carried, "lang": asked} if asked else carried


def shown(slug: str, *, now: datetime) -> Receipt | None:
    """The receipt that the confirmation of this event shows; without an address where only the
    link tells of it. ``None`` where this browser has sent nothing, or long ago.
    """
    kept: SessionReceipt | None = session.get(_KEY)
    if kept is not None and kept.get("slug") == slug:
        return Receipt(
            status=Status(kept["status"]),
            seats=kept["seats"],
            email=kept["email"],
            differs=kept["differs"],
            is_mailed=kept.get("is_mailed", True),
        )
    return _read(slug, request.args.get(_KEY, ""), now=now)


def carried() -> str:
    """The receipt in this confirmation's address; '' where it is none."""
    return request.args.get(_KEY, "")


def _signed(slug: str, receipt: Receipt, *, now: datetime) -> str:
    told = (receipt.status.value, receipt.seats, int(receipt.differs), int(receipt.is_mailed))
    words = "-".join(map(str, told))
    return f"{words}.{form_tokens.issue(_secret(), f'registered:{slug}', words, now=now)}"


def _read(slug: str, text: str, *, now: datetime) -> Receipt | None:
    words, _dot, token = text.partition(".")
    if not form_tokens.is_good(_secret(), token, f"registered:{slug}", words, now=now):
        return None
    status, seats, differs, is_mailed = words.split("-")
    return Receipt(Status(status), int(seats), "", differs == "1", is_mailed == "1")


def _secret() -> str:
    secret: str = current_app.config["SECRET_KEY"]
    return secret
