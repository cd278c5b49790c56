"""What tasks refuse."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from event_mgmt.core.refusals import Refusal


class TooManyOpen(Refusal):
    """One person may not fill everybody's queue."""

    def __init__(self, most: int) -> None:
        super().__init__(
            _l(
                "%(most)d of your tasks are still open. Please wait until one of them has ended,"
                " or stop one.",
                most=most,
            )
        )
