"""What messages are called on screen: their states, and the kinds that every room teaches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext as _, lazy_gettext as _l

from event_mgmt.mail.models import MessageState
from event_mgmt.web.words import teach

teach(MessageState.QUEUED, _l("Waiting to go out"), "neutral")
teach(MessageState.SENDING, _l("Being sent"), "brand")
teach(MessageState.SENT, _l("Sent"), "ok")
teach(MessageState.FAILED, _l("Not delivered"), "danger")
teach(MessageState.UNCERTAIN, _l("Perhaps delivered"), "warn")
teach(MessageState.WITHDRAWN, _l("Withdrawn"), "neutral")
teach(MessageState.SKIPPED, _l("Not needed any more"), "neutral")

_kinds: Final[dict[str, object]] = {}


def teach_kinds(kinds: Mapping[str, object]) -> None:
    """Let a room say what the kinds of messages are called that its notices write."""
    _kinds.update(kinds)


def kind_word(kind: str) -> str:
    """What a message of ``kind`` is called; a kind nobody named is just a message."""
    return str(_kinds[kind]) if kind in _kinds else _("Message")
