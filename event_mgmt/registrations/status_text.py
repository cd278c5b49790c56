"""The status of a registration as text for its page: what is, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _, ngettext

from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.registrations.enums import OPEN, Status
from event_mgmt.registrations.models import Registration
from event_mgmt.web import times
from event_mgmt.web.enum_labels import Tone
from event_mgmt.web.locale import current_language


@dataclass(frozen=True)
class StatusText:
    """A headline, what comes next in short sentences, and how it is marked.

    ``tone`` is ok (all is well), brand (something to decide), warn (something is open yet) or
    neutral (over).
    """

    title: str
    next_steps: list[str] = field(default_factory=list)
    icon: str = "circle-check"
    tone: Tone = "ok"


def _open(title: str, steps: list[str], icon: str = "hourglass") -> StatusText:
    return StatusText(title, steps, icon, "warn")


def _over(title: str, steps: list[str], icon: str) -> StatusText:
    return StatusText(title, steps, icon, "neutral")


def receipt_text(status: Status, seats: int, *, is_mailed: bool = True) -> StatusText:
    """What somebody reads who has just sent the form (see ``create.Receipt``)."""
    if not is_mailed:
        return _open(
            _("Your registration waits"),
            [
                _(
                    "This address has already been sent several mails in a short time, and nobody"
                    " has confirmed it yet. Please open one of them and confirm that the address"
                    " is yours; then this registration goes on by itself."
                ),
                _("Until then it holds no seat, and ends after three days."),
            ],
            "mail",
        )
    if status is Status.CONFIRMED:
        title = _("You are registered")
        if seats > 1:
            title = ngettext(
                "You are registered with %(num)d person",
                "You are registered with %(num)d people",
                seats,
            )
        return StatusText(title, [_("Your confirmation with a calendar entry is on its way.")])
    if status is Status.WAITLISTED:
        words = _("As soon as seats become free for all of you, we will write to you.")
        return _open(_("You are on the waiting list"), [words])
    if status is Status.PENDING:
        words = _("The organiser decides and will write to you.")
        return StatusText(_("Thank you, we have your registration"), [words])
    if status is Status.UNCONFIRMED:
        words = _(
            "Please follow the link in it within three days: only then your registration counts."
        )
        return _open(_("One more step: your e-mail"), [words], "mail")
    return StatusText(_("This form was sent before"), [_("How things stand is in your mail.")])


def status_text_of(registration: Registration, event: Event, place: int | None) -> StatusText:
    """What the participant's own page says; ``place`` is the place on the waiting list."""
    if event.status is EventStatus.CANCELLED and registration.status in OPEN:
        reason = event.cancel_reason.into(current_language())
        steps = [reason] if reason else []
        return _over(_("This event has been cancelled"), steps, "calendar-x")
    is_counted = registration.status in OPEN - {Status.UNCONFIRMED}
    if event.status is EventStatus.POSTPONED and is_counted:
        words = _("You stay registered. We will write to you once there is a new date.")
        held = [_held(registration)] if registration.status is Status.OFFERED else []
        return _open(_("This event has been postponed"), [*held, words], "calendar-clock")
    return {
        Status.CONFIRMED: _confirmed,
        Status.WAITLISTED: _waitlisted,
        Status.PENDING: _pending,
        Status.UNCONFIRMED: _unconfirmed,
        Status.OFFERED: _offered,
        Status.DECLINED: _declined,
        Status.CANCELLED: _cancelled,
    }[registration.status](registration, event, place)


def _confirmed(registration: Registration, _event: Event, _place: int | None) -> StatusText:
    words = ngettext("One seat is yours.", "%(num)d seats are yours.", registration.seats)
    return StatusText(_("You are registered"), [words, _("We look forward to seeing you.")])


def _waitlisted(registration: Registration, _event: Event, place: int | None) -> StatusText:
    steps = [_("As soon as seats become free for all of you, we will write to you.")]
    if place is not None:
        steps.insert(0, _("Your place on the waiting list: %(place)d.", place=place))
    if registration.seats > 1:
        steps.append(_("Your party stays together."))
    return _open(_("You are on the waiting list"), steps)


def _pending(_registration: Registration, _event: Event, _place: int | None) -> StatusText:
    words = _("The organiser decides and will write to you.")
    return _open(_("Your registration is being looked at"), [words])


def _unconfirmed(_registration: Registration, _event: Event, _place: int | None) -> StatusText:
    words = _("Please confirm that this e-mail address is yours; then your registration counts.")
    return _open(_("One more step: your e-mail"), [words], "mail")


def _offered(registration: Registration, event: Event, _place: int | None) -> StatusText:
    until = deadline_text(registration.offer_expires_at, event)
    return StatusText(
        _("Seats have become free"),
        [
            _held(registration),
            _("Please answer by %(deadline)s. After that they go to the next.", deadline=until),
        ],
        "bell",
        "brand",
    )


def _held(registration: Registration) -> str:
    return ngettext(
        "One seat is being held for you.",
        "%(num)d seats are being held for you.",
        registration.seats,
    )


def _declined(registration: Registration, _event: Event, _place: int | None) -> StatusText:
    steps = [registration.reason] if registration.reason else []
    return _over(_("We could not give you a seat this time"), steps, "info")


def _cancelled(registration: Registration, event: Event, _place: int | None) -> StatusText:
    steps = [registration.reason] if registration.reason else []
    if registration.offer_expires_at is not None:
        steps.append(
            _(
                "The seats were held for you until %(deadline)s.",
                deadline=deadline_text(registration.offer_expires_at, event),
            )
        )
    return _over(_("Your registration has been called off"), steps, "calendar-x")


def deadline_text(deadline: datetime | None, event: Event) -> str:
    """A deadline in the event's time, as readers write it; '' for none."""
    if deadline is None:
        return ""
    return times.deadline_in_zone(deadline, event.time_zone, current_language())
