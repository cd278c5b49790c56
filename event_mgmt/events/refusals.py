"""Why the event desk says no, in the organiser's words."""

from __future__ import annotations

from flask_babel import get_locale, gettext as _, lazy_gettext as _l, ngettext

from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Refusal


class EndsBeforeItStarts(Refusal):
    """The end does not lie after the start."""

    message = _l("The end must be after the start.")
    field = "end_time"


class StartsInThePast(Refusal):
    """An event can only be announced for the time to come."""

    message = _l("This date has already passed.")
    field = "date"


class PlaceMissing(Refusal):
    """Guests could not know where to go."""

    message = _l("Please name a city or venue, or give the link for taking part online.")
    field = "city"


class TitleMissing(Refusal):
    """An event without a name."""

    message = _l("Please fill this in in at least one language.")
    field = "title"


class SeatsMissing(Refusal):
    """There is nothing to register for."""

    message = _l("An event needs at least one seat.")
    field = "seats"


class LargestPartyExceedsSeats(Refusal):
    """A party that could never be seated."""

    message = _l("The largest party cannot be larger than the number of seats.")
    field = "largest_party"


class RegistrationClosesBeforeOpening(Refusal):
    """Registration would close before it opens."""

    message = _l("Registration must close after it opens.")
    field = "registration_closes"


class DeadlineAfterEvent(Refusal):
    """A deadline that lies after the end of the event."""

    message = _l("This deadline is after the end of the event.")
    field = "registration_closes"


class RetentionLengthened(Refusal):
    """Data that would be kept longer than guests were told."""

    message = _l(
        "Guests were told that their data go sooner. Once an event is online, this can only become"
        " shorter."
    )

    def __init__(self, field: str) -> None:
        super().__init__(field=field)


class SensitivityIsFinal(Refusal):
    """A question whose answers guests were told would be seen by few and go soon."""

    message = _l(
        "Guests were told that few see these answers and that they go soon. Once an event is"
        " online, this stays so; please ask a new question instead."
    )


class ProgrammeItemEndsBeforeStart(Refusal):
    """A programme item that ends before it starts."""

    message = _l("The end must not be before the start.")


class InvalidTransition(Refusal):
    """The event's status does not allow this step."""

    message = _l("This is not possible in the event's present status.")


class SeatsTaken(Refusal):
    """A capacity below what has already been given away."""

    field = "seats"

    def __init__(self, taken: int, *, field: str | None = None) -> None:
        words = ngettext(
            "%(num)d seat is already taken; there cannot be fewer.",
            "%(num)d seats are already taken; there cannot be fewer.",
            taken,
        )
        super().__init__(words, field=field)


class ContingentInUse(Refusal):
    """A co-host whose seats are taken cannot be removed."""

    def __init__(self, organisation: Localized) -> None:
        name = organisation.into(str(get_locale())[:2])
        super().__init__(
            _("%(name)s cannot be removed: seats of its contingent are taken.", name=name)
        )


class HostAsPartner(Refusal):
    """The host is host already, and nobody co-hosts twice."""

    message = _l("Each organisation can take part only once, and the host already does.")


class AlreadyAnswered(Refusal):
    """A co-host answers an invitation once."""

    message = _l("This invitation has already been answered.")


class UnknownCondition(Refusal):
    """A question that depends on a later one, or on an answer that does not exist."""

    message = _l("A question can only depend on an answer to an earlier one.")


class OptionsMissing(Refusal):
    """A choice without enough to choose from."""

    message = _l("Please give at least two options.")
