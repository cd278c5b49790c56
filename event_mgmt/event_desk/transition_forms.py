"""The forms of single steps: co-hosts and seats, a new date, a cancellation, a copy."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FormField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from event_mgmt.core.clock import at_wall_clock, wall_clock
from event_mgmt.core.refusals import Refusal
from event_mgmt.event_desk.forms import HOURS_AND_MINUTES, VersionField, enum_choices, required
from event_mgmt.events.enums import AttendeeAccess
from event_mgmt.events.inputs import PartnerTerms
from event_mgmt.events.models import Event
from event_mgmt.web.forms import Form, LocalizedField, PlausibleDateField, RowsField, SubForm
from event_mgmt.web.number_fields import WholeNumberField

MOST_PARTNERS: Final = 20


class PartnerForm(SubForm):
    """One co-host's terms."""

    organisation = SelectField(
        _l("Organisation"),
        coerce=lambda value: int(value) if value else None,
    )
    seats = WholeNumberField(
        _l("Seats of its own"),
        validators=[Optional(), NumberRange(0, 100_000)],
        description=_l("Left empty: its guests use the general seats."),
    )
    attendee_access = SelectField(_l("It sees"), choices=lambda: enum_choices(AttendeeAccess))

    def terms(self) -> PartnerTerms:
        """What was typed."""
        return PartnerTerms(
            organisation_id=self.organisation.data,
            seats=self.seats.data or None,
            attendee_access=AttendeeAccess(self.attendee_access.data),
        )


class PartnersForm(Form):
    """Co-hosts, and how the seats are shared out."""

    version = VersionField()
    general_seats = WholeNumberField(
        _l("General seats"),
        validators=[required(), NumberRange(0, 100_000)],
        description=_l("For everybody who registers without a contingent."),
    )
    partners = RowsField(FormField(PartnerForm), max_entries=MOST_PARTNERS)

    def offer(self, organisations: list[SelectChoice]) -> None:
        """Let every row choose among ``organisations``."""
        for entry in self.partners:
            entry.form["organisation"].choices = [SelectChoice("", ""), *organisations]

    def terms(self) -> list[PartnerTerms]:
        """What was typed, without rows in which no organisation was chosen."""
        return [entry.form.terms() for entry in self.partners if entry.form["organisation"].data]

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal about one co-host's seats at its row."""
        for entry in self.partners:
            if refusal.field == f"seats:{entry.form['organisation'].data}":
                field = entry.form["seats"]
                field.errors = [*field.errors, str(refusal)]
                return
        super().refuse(refusal)


def partner_values(event: Event) -> dict[str, object]:
    """What the form of co-hosts begins with."""
    seats = {pool.organisation_id: pool.capacity for pool in event.pools}
    return {
        "version": event.version,
        "general_seats": seats.get(None, 0),
        "partners": [
            {
                "organisation": partner.organisation_id,
                "seats": seats.get(partner.organisation_id) or None,
                "attendee_access": partner.attendee_access.value,
            }
            for partner in event.partners
        ],
    }


class MoveForm(Form):
    """A new date, or none for the time being."""

    version = VersionField()
    what = RadioField(
        _l("Is there a new date?"),
        choices=[
            SelectChoice("move", _l("Yes, the event moves")),
            SelectChoice("postpone", _l("Not yet, it is postponed")),
        ],
        default="move",
    )
    date = PlausibleDateField(_l("New date"), validators=[Optional()])
    start_time = TimeField(_l("From"), format=HOURS_AND_MINUTES, validators=[Optional()])
    last_day = PlausibleDateField(_l("Last day"), validators=[Optional()])
    end_time = TimeField(_l("Until"), format=HOURS_AND_MINUTES, validators=[Optional()])

    def validate(self, extra_validators: object = None) -> bool:
        """A move needs a date and both times."""
        valid = bool(super().validate(extra_validators))
        if self.what.data == "move":
            for name in ("date", "start_time", "end_time"):
                if self[name].data is None and not self[name].errors:
                    self[name].errors = [required().message]
                    valid = False
        return valid

    def span(self, zone: str) -> tuple[datetime, datetime]:
        """The new start and end as instants."""
        last_day = self.last_day.data or self.date.data
        return (
            at_wall_clock(datetime.combine(self.date.data, self.start_time.data), zone),
            at_wall_clock(datetime.combine(last_day, self.end_time.data), zone),
        )


def move_values(event: Event) -> dict[str, object]:
    """What the form of a move begins with: the present date."""
    first = wall_clock(event.starts_at, event.time_zone)
    last = wall_clock(event.ends_at, event.time_zone)
    return {
        "version": event.version,
        "date": first.date(),
        "start_time": first.time(),
        "end_time": last.time(),
        "last_day": last.date() if last.date() != first.date() else None,
    }


class CancelForm(Form):
    """Why an event is called off."""

    version = VersionField()
    reason = LocalizedField(
        _l("Reason"),
        most=1000,
        long=True,
        description=_l("Stands on the event's page and in the mail to the guests."),
    )


class DuplicateForm(Form):
    """When the copy takes place."""

    date = PlausibleDateField(_l("Date of the new event"), validators=[required()])
    start_time = TimeField(_l("From"), format=HOURS_AND_MINUTES, validators=[required()])
    with_partners = BooleanField(_l("Invite the same co-hosts again"))
    nonce = HiddenField(validators=[InputRequired(), Length(min=16, max=64)])

    def start(self, zone: str) -> datetime:
        """The start as an instant."""
        return at_wall_clock(datetime.combine(self.date.data, self.start_time.data), zone)
