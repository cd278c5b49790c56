"""What the words of registrations are called on screen."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from event_mgmt.mail.labels import teach_kinds
from event_mgmt.registrations.enums import FormOfAddress, Source, Status
from event_mgmt.web.words import teach

teach(Status.UNCONFIRMED, _l("Address not confirmed"), "neutral")
teach(Status.PENDING, _l("To be decided"), "warn")
teach(Status.CONFIRMED, _l("Confirmed"), "ok")
teach(Status.WAITLISTED, _l("Waiting list"), "neutral")
teach(Status.OFFERED, _l("Seat offered"), "brand")
teach(Status.DECLINED, _l("Not accepted"), "danger")
teach(Status.CANCELLED, _l("Called off"), "danger")
teach(Source.WEB, _l("Online"))
teach(Source.DESK, _l("At the desk"))
teach(Source.IMPORT, _l("Imported"))
teach(FormOfAddress.MS, _l("Ms"))
teach(FormOfAddress.MR, _l("Mr"))
teach_kinds(
    {
        "address_check": _l("Please confirm the address"),
        "registration_confirmed": _l("Registration confirmed"),
        "registration_received": _l("Registration received"),
        "registration_waitlisted": _l("On the waiting list"),
        "seat_offered": _l("A seat is offered"),
        "registration_declined": _l("Registration not accepted"),
        "registration_changed": _l("Registration changed"),
        "change_proposed": _l("Change asked for"),
        "change_declined": _l("Change not accepted"),
        "new_address_check": _l("Please confirm the new address"),
        "registration_cancelled": _l("Registration called off"),
        "registration_again": _l("Registered already"),
        "event_changed": _l("Event changed"),
        "event_postponed": _l("Event postponed"),
        "event_cancelled": _l("Event cancelled"),
    }
)
