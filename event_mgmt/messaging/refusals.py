"""Why reminders and messages are refused, in the organiser's words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l, ngettext

from event_mgmt.core.refusals import Refusal
from event_mgmt.messaging.rules import MAX_RULES


class TimeHasPassed(Refusal):
    """A point in time that lies behind us."""

    message = _l("This time has already passed.")
    field = "at"


class DuplicateTiming(Refusal):
    """Two rules would write to the same people at the same moment."""

    message = _l("There is a reminder at this time already.")
    field = "amount"


class TooManyRules(Refusal):
    """More reminders than anybody wants to get."""

    def __init__(self) -> None:
        super().__init__(
            ngettext(
                "An event can have %(num)d reminder.",
                "An event can have %(num)d reminders.",
                MAX_RULES,
            )
        )


class AlreadySent(Refusal):
    """The time of a reminder that some have got already: for those it would never come again."""

    message = _l(
        "This reminder has gone out already, so its time stays. Please add another one instead."
    )
    field = "amount"


class NoRecipients(Refusal):
    """A message whose audience is empty."""

    message = _l("Nobody matches this choice, so there is nobody to write to.")
    field = "statuses"


class TextMissing(Refusal):
    """A subject without a text in the same language, or the other way round."""

    message = _l("Please give the subject and the text in the same languages.")
    field = "subject"


class EventNotPublished(Refusal):
    """A draft has no guests yet."""

    message = _l("This event is a draft. Please publish it before you write to guests.")
