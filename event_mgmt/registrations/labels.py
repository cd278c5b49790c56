"""What the words of registrations are called on screen."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from event_mgmt.registrations.words import FormOfAddress, Source, Status
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
