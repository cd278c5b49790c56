"""Why a message was not delivered, in an organiser's words, from what the relay answered.

The classes are those of RFC 5321 (reply codes) and RFC 3463 (enhanced codes such as 5.2.2).
"""

from __future__ import annotations

import re
from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.mail.models import MessageState

_ENHANCED: Final = re.compile(r"\b[245]\.(\d{1,3}\.\d{1,3})\b")

_BY_ENHANCED: Final = {
    "1.1": _l("This address does not exist."),
    "1.2": _l("The part of the address after the @ does not exist."),
    "1.3": _l("This address does not exist."),
    "1.6": _l("This mailbox has moved away."),
    "1.10": _l("The part of the address after the @ takes no mail."),
    "2.1": _l("This mailbox has been closed."),
    "2.2": _l("The mailbox is full."),
    "2.3": _l("The message is too large for this mailbox."),
    "3.4": _l("The message is too large for this mailbox."),
    "4.1": _l("The recipient's mail server cannot be reached."),
    "4.4": _l("The recipient's mail server cannot be reached."),
    "4.7": _l("The recipient's mail server did not answer in time."),
}
_REFUSED: Final = _l("The recipient's mail server refuses the message as unwanted.")
_BY_CODE: Final = {
    421: _l("The mail server is busy."),
    450: _l("The mailbox cannot be reached at the moment."),
    451: _l("The recipient's mail server asks to try again later."),
    452: _l("The mailbox is full."),
    530: _l("Our mail server demands that we sign in. Please tell the operator."),
    535: _l("Our mail server does not accept our sign-in. Please tell the operator."),
    550: _l("This address does not exist or takes no mail."),
    551: _l("This mailbox has moved away."),
    552: _l("The mailbox is full."),
    553: _l("The mail server does not accept this address."),
    554: _REFUSED,
}


def reason(*, state: MessageState, code: int | None, words: str) -> str:
    """Why a message is where it is; empty where there is nothing to explain."""
    if state is MessageState.UNCERTAIN:
        return str(
            _l("The connection broke while the message was handed over. It may have arrived.")
        )
    if state in {MessageState.SENT, MessageState.WITHDRAWN, MessageState.SKIPPED}:
        return ""
    if code is None:
        return _without_code(words)
    enhanced = _ENHANCED.search(words)
    kind = enhanced[1] if enhanced else ""
    if kind.startswith("7."):
        return str(_REFUSED)
    named = _BY_ENHANCED.get(kind) or _BY_CODE.get(code)
    return str(named or _by_class(code))


def _by_class(code: int) -> object:
    if code >= 500:
        return _l("The recipient's mail server refuses the message.")
    return _l("The recipient's mail server asks to try again later.")


def _without_code(words: str) -> str:
    if not words:
        return ""
    if words.startswith("letter:"):
        return str(_l("The message could not be written. Please tell the operator."))
    return str(_l("Our mail server could not be reached."))
