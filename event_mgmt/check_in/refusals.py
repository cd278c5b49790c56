"""Why somebody is not checked in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from event_mgmt.core.refusals import Refusal


class DoorClosed(Refusal):
    """Nobody is checked in long before an event, nor at one that is off."""

    message = _l("People can be checked in from the day before the event.")


class NotExpected(Refusal):
    """Somebody at the door who has no confirmed seat."""

    message = _l("This person has no confirmed seat.")
