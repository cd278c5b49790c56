"""What is asked back about a number that somebody wrote."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from event_mgmt.core.numbers import Ambiguous


def ambiguous_number_message(asked: Ambiguous) -> object:
    """Ask which of two numbers was meant, in the language of whoever reads it."""
    return _l(
        "Is this %(large)s or %(small)s? Please enter it as one of these two.",
        large=asked.large,
        small=asked.small,
    )
