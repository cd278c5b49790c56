"""Refusals of organisations, their logos, periods and agreements."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from event_mgmt.core.refusals import Refusal


class UnusableLogo(Refusal):
    """An uploaded logo that is no sound PNG, or too small or too large."""

    message = _l(
        "Please choose a PNG picture of 64 to 1,024 pixels a side and at most 128 kilobytes."
    )
    field = "logo"


class InvalidWebAddress(Refusal):
    """A website that is no complete web address."""

    message = _l("Please give a complete web address, beginning with https://")
    field = "website"


class UnknownAccent(Refusal):
    """A colour outside of the tested set."""

    message = _l("Please choose one of these colours.")
    field = "accent"


class PeriodEndsBeforeStart(Refusal):
    """An organisation's last day lies before its first."""

    message = _l("The last day lies before the first.")
    field = "valid_to"


class SuccessorCircle(Refusal):
    """An organisation would in the end follow itself."""

    message = _l("An organisation cannot follow itself.")
    field = "successor_id"


class FewParties(Refusal):
    """An agreement of less than two."""

    message = _l("An agreement has at least two parties.")
    field = "party_ids"
