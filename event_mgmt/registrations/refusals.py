"""Why a registration, or a change to one, is refused."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l, lazy_ngettext

from event_mgmt.core.refusals import Refusal


class NotOpenYet(Refusal):
    """Registration begins later."""

    message = _l("Registration has not opened yet.")


class RegistrationClosed(Refusal):
    """Registration is over, or the event takes nobody (any more)."""

    message = _l("Registration for this event is closed.")


class EventFull(Refusal):
    """There is neither a seat nor a waiting list."""

    message = _l("The event is full, and there is no waiting list.")


class PartyTooLarge(Refusal):
    """More people than one party may have."""

    def __init__(self, largest: int) -> None:
        words: object = _l("At this event you can only register for yourself.")
        if largest > 1:
            words = lazy_ngettext(
                "One registration is for at most %(num)d person.",
                "One registration is for at most %(num)d people.",
                largest,
            )
        super().__init__(words, field="companions")


class WebAddressInName(Refusal):
    """A name or title in which mail programs would see a link: names stand in our mails."""

    message = _l("Please enter a name without a web or e-mail address.")


class TooFewSeats(Refusal):
    """A party that holds seats wants more of them than there are."""

    message = _l("There are not enough free seats for more companions.")
    field = "companions"


class AlreadyRegistered(Refusal):
    """The same person at the same address; told to organisers only, never on a public page."""

    message = _l("This person is already registered for this event.")
    field = "email"


class ChangesClosed(Refusal):
    """The organiser's deadline for changes by participants has passed."""

    message = _l("Changes are no longer possible here. Please write to the organiser.")


class IsCheckedIn(Refusal):
    """A guest wants to take somebody off who is checked in: only the desk can do that."""

    message = _l(
        "Whoever is checked in already cannot be taken off here. Please speak to the organiser."
    )


class OfferExpired(Refusal):
    """The seat was held until a deadline that has passed."""

    message = _l("The deadline for this seat has passed.")


class NotPossibleNow(Refusal):
    """The registration's status does not allow this step (any more)."""

    message = _l("This is no longer possible for this registration.")


class TooLong(Refusal):
    """A text that does not fit."""

    def __init__(self, field: str, most: int) -> None:
        super().__init__(
            lazy_ngettext(
                "Field cannot be longer than %(max)d character.",
                "Field cannot be longer than %(max)d characters.",
                most,
                max=most,
            ),
            field=field,
        )


class NameMissing(Refusal):
    """Everybody who comes has a name; some people have one only."""

    message = _l("Please enter a name; a single one is enough.")


class TooManyTries(Refusal):
    """One origin has registered more often than people do."""

    message = _l("There have been very many registrations from your network. Please try later.")


class MailedTooOften(Refusal):
    """An address that nobody has confirmed, and that forms have written to often enough."""

    message = _l("This address has been written to very often. Please try again later.")
    field = "email"


class AnswerRefused(Refusal):
    """An answer to one of the organiser's questions that cannot be taken."""
