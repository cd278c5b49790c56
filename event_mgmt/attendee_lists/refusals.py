"""What attendee lists refuse."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from event_mgmt.core.refusals import Refusal


class PurposeMissing(Refusal):
    """Nobody takes personal data without saying what for (Art. 5(1)(b) GDPR)."""

    message = _l("Please say what the list is for.")
    field = "purpose"


class NoColumns(Refusal):
    """A list of nothing."""

    message = _l("Please choose at least one column.")
    field = "columns"


class UnknownFormat(Refusal):
    """A format that there is not."""

    message = _l("Please choose a format.")
    field = "format"


class NotInThisFormat(Refusal):
    """Sensitive answers have no place on cards and at the door."""

    message = _l("Sensitive answers can only be taken as a table.")
    field = "format"


class TooManyForPaper(Refusal):
    """A list that nobody would print, and that would take minutes to set."""

    field = "format"

    def __init__(self, most: int) -> None:
        super().__init__(
            _l(
                "On paper at most %(most)d people have room with these columns. Please narrow the"
                " list, choose fewer columns, or take a spreadsheet.",
                most=most,
            )
        )


class SavedNameMissing(Refusal):
    """A saved view or template without a name."""

    message = _l("Please give it a name.")
    field = "name"


class TooManySaved(Refusal):
    """More saved views or templates than anybody keeps apart."""

    message = _l("You have saved very many already. Please delete one first.")
    field = "name"
