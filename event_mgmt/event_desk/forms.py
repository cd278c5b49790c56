"""The forms in which organisers plan an event: its basics, and the details that can wait."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.validators import (
    URL,
    Email,
    InputRequired,
    Length,
    NumberRange,
    Optional,
)
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from event_mgmt.core.clock import at_wall_clock, wall_clock
from event_mgmt.events.enums import EventKind, Visibility, WaitingListMode
from event_mgmt.events.fields import EventBasics, EventDetails
from event_mgmt.events.models import Event
from event_mgmt.organisations.models import Organisation, OrganisationKind
from event_mgmt.web import choices
from event_mgmt.web.countries import CountryField
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.forms import Form, LocalDateTimeField, LocalizedField, PlausibleDateField
from event_mgmt.web.number_fields import WholeNumberField

HOURS_AND_MINUTES: Final = ["%H:%M", "%H:%M:%S"]
EVENING: Final = (time(18, 0), time(20, 0))
USUAL_SEATS: Final = 50
USUAL_KIND: Final = {OrganisationKind.CONSULATE: EventKind.CONSULATE_EVENT}


def required() -> InputRequired:
    """A field that must be filled in, in the reader's words."""
    return InputRequired(message=_l("Please fill this in."))


def enum_choices(kind: Iterable[StrEnum]) -> list[SelectChoice]:
    """An enumeration as choices, in its own order."""
    return [SelectChoice(member.value, enum_label(member)) for member in kind]


class VersionField(IntegerField):
    """Which version of an event somebody had before them, as a hidden field."""

    widget = HiddenInput()

    def renew(self, version: int) -> None:
        """Let the form, with all that was typed, be sent again against the present version."""
        self.data, self.raw_data = version, None


class EventBasicsForm(Form):
    """What an event cannot do without; times are wall-clock times in ``time_zone``."""

    kind = RadioField(
        _l("What is planned?"),
        choices=lambda: enum_choices(EventKind),
        validate_choice=True,
        validators=[InputRequired(message=_l("Please choose one."))],
    )
    title = LocalizedField(
        _l("Title"),
        required=True,
        description=_l("One language is enough; guests read theirs where there is one."),
    )
    summary = LocalizedField(
        _l("In one or two sentences"),
        most=400,
        long=True,
        description=_l("What guests read first, and what search engines show."),
    )
    date = PlausibleDateField(_l("Date"), validators=[required()])
    start_time = TimeField(_l("From"), format=HOURS_AND_MINUTES, validators=[required()])
    end_time = TimeField(_l("Until"), format=HOURS_AND_MINUTES, validators=[required()])
    last_day = PlausibleDateField(
        _l("Last day"),
        validators=[Optional()],
        description=_l("Only if it ends on another day."),
    )
    time_zone = SelectField(_l("Time zone"), choices=choices.time_zone_choices)
    venue_name = StringField(_l("Venue"), validators=[Length(max=200)])
    venue_address = StringField(_l("Street and number"), validators=[Length(max=300)])
    city = StringField(_l("City"), validators=[Length(max=120)])
    country = CountryField(_l("Country"), may_be_empty=False)
    online_url = StringField(
        _l("Link for taking part online"),
        description=_l("Only people with a confirmed seat see it."),
        validators=[
            Optional(),
            Length(max=500),
            URL(message=_l("Please give a complete web address, beginning with https://")),
        ],
    )
    seats = WholeNumberField(
        _l("Seats"),
        validators=[
            required(),
            NumberRange(1, 100_000, message=_l("Please give a number from 1 to 100,000.")),
        ],
    )
    visibility = SelectField(_l("Who finds it"), choices=lambda: enum_choices(Visibility))
    approval_needed = BooleanField(
        _l("We decide on every registration"),
        description=_l("Nobody is confirmed before you have accepted them."),
    )

    def basics(self) -> EventBasics:
        """What was typed, with times as instants."""
        zone = self.time_zone.data
        return EventBasics(
            kind=EventKind(self.kind.data),
            title=self.title.data,
            summary=self.summary.data,
            starts_at=at_wall_clock(datetime.combine(self.date.data, self.start_time.data), zone),
            ends_at=at_wall_clock(
                datetime.combine(self.last_day.data or self.date.data, self.end_time.data), zone
            ),
            time_zone=zone,
            venue_name=_line(self.venue_name.data),
            venue_address=_line(self.venue_address.data),
            city=_line(self.city.data),
            country=self.country.data,
            online_url=_line(self.online_url.data),
            seats=self.seats.data,
            visibility=Visibility(self.visibility.data),
            approval_needed=self.approval_needed.data,
        )


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


class NewEventForm(EventBasicsForm):
    """A new event on one page; ``nonce`` makes a form sent twice one event."""

    host = SelectField(_l("Host"), coerce=int)
    nonce = HiddenField(validators=[InputRequired(), Length(min=16, max=64)])


class EventForm(EventBasicsForm):
    """Everything that is said about an event on its own page."""

    version = VersionField()
    description = LocalizedField(
        _l("Description"),
        most=20_000,
        long=True,
        description=_l("Paragraphs, **bold**, *italic*, lists with a hyphen, [links](https://…)."),
    )
    languages = SelectMultipleField(
        _l("Spoken languages"),
        choices=choices.language_choices,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    sectors = SelectMultipleField(
        _l("Sectors"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    agreement = SelectField(
        _l("Cooperation agreement"), coerce=lambda value: int(value) if value else None
    )
    directions = LocalizedField(_l("How to get there"), most=1000, long=True)
    fee_note = LocalizedField(
        _l("Fee"),
        description=_l("In words, for instance “free of charge” or “45 euros, payable on site”."),
    )
    registration_opens = LocalDateTimeField(
        _l("Registration opens"),
        validators=[Optional()],
        description=_l("Left empty: as soon as the event is online."),
    )
    registration_closes = LocalDateTimeField(
        _l("Registration closes"),
        validators=[Optional()],
        description=_l("Left empty: when the event starts."),
    )
    changes_close = LocalDateTimeField(
        _l("Guests can change or cancel until"),
        validators=[Optional()],
        description=_l("Left empty: until the event starts."),
    )
    largest_party = WholeNumberField(
        _l("Largest party"),
        validators=[required(), NumberRange(1, 50)],
        description=_l("How many people can register together."),
    )
    waiting_list = SelectField(
        _l("When all seats are taken"), choices=lambda: enum_choices(WaitingListMode)
    )
    offer_hours = WholeNumberField(
        _l("An offered seat is kept for (hours)"), validators=[required(), NumberRange(1, 336)]
    )
    address_check = BooleanField(
        _l("Guests confirm their e-mail address first"),
        description=_l("They get a link by mail; the seat is theirs once they have followed it."),
    )
    reply_to = StringField(
        _l("Replies to our mails go to"),
        validators=[
            Optional(),
            Length(max=254),
            Email(message=_l("Please check this e-mail address.")),
        ],
    )
    retention_months = WholeNumberField(
        _l("Personal data are erased after (months)"),
        validators=[required(), NumberRange(1, 120)],
        description=_l(
            "Names, addresses and mails; counted from the event’s last day. Seats and numbers stay."
        ),
    )
    sensitive_days = WholeNumberField(
        _l("Sensitive answers are erased after (days)"),
        validators=[required(), NumberRange(0, 365)],
        description=_l(
            "What may touch health or belief. Once the event is online, both can only become"
            " shorter."
        ),
    )

    def details(self, event: Event) -> EventDetails:
        """What was typed, with deadlines as instants; an untouched one keeps its very instant."""
        return EventDetails(
            description=self.description.data,
            languages=tuple(self.languages.data or ()),
            sector_ids=tuple(self.sectors.data or ()),
            agreement_id=self.agreement.data,
            directions=self.directions.data,
            fee_note=self.fee_note.data,
            registration_opens_at=self._deadline("registration_opens", event),
            registration_closes_at=self._deadline("registration_closes", event),
            changes_close_at=self._deadline("changes_close", event),
            address_check=self.address_check.data,
            largest_party=self.largest_party.data,
            waiting_list=WaitingListMode(self.waiting_list.data),
            offer_hours=self.offer_hours.data,
            reply_to=_line(self.reply_to.data),
            retention_months=self.retention_months.data,
            sensitive_days=self.sensitive_days.data,
        )

    def _deadline(self, name: str, event: Event) -> datetime | None:
        typed: datetime | None = self[name].data
        kept: datetime | None = getattr(event, f"{name}_at")
        if typed is None:
            return None
        if kept is not None and typed == _shown(kept, event.time_zone):
            return kept
        return at_wall_clock(typed, self.time_zone.data)


def _shown(instant: datetime, zone: str) -> datetime:
    return wall_clock(instant, zone).replace(second=0, microsecond=0)


def new_event_values(host: Organisation, *, nonce: str) -> dict[str, object]:
    """What a new event's form begins with: an evening at the host's place, of its usual kind."""
    country = host.country
    return {
        "kind": USUAL_KIND.get(host.kind, EventKind.CLUSTER_ACTIVITY).value,
        "start_time": EVENING[0],
        "end_time": EVENING[1],
        "time_zone": "Europe/Ljubljana" if country == "SI" else "Europe/Berlin",
        "country": country,
        "seats": USUAL_SEATS,
        "visibility": Visibility.PUBLIC.value,
        "nonce": nonce,
    }


_AS_THEY_ARE: Final = (
    "title",
    "summary",
    "description",
    "languages",
    "time_zone",
    "venue_name",
    "venue_address",
    "city",
    "country",
    "online_url",
    "directions",
    "fee_note",
    "largest_party",
    "offer_hours",
    "approval_needed",
    "address_check",
    "reply_to",
    "retention_months",
    "sensitive_days",
    "version",
)


def event_values(event: Event) -> dict[str, object]:
    """What an event's form begins with."""
    zone = event.time_zone
    first, last = wall_clock(event.starts_at, zone), wall_clock(event.ends_at, zone)
    deadlines = {
        name: None if (at := getattr(event, f"{name}_at")) is None else _shown(at, zone)
        for name in ("registration_opens", "registration_closes", "changes_close")
    }
    return {
        **{name: getattr(event, name) for name in _AS_THEY_ARE},
        **deadlines,
        "kind": event.kind.value,
        "visibility": event.visibility.value,
        "waiting_list": event.waiting_list.value,
        "date": first.date(),
        "start_time": first.time(),
        "end_time": last.time(),
        "last_day": _other_day(first.date(), last.date()),
        "seats": sum(pool.capacity for pool in event.pools if pool.organisation_id is None),
        "sectors": [sector.id for sector in event.sectors],
        "agreement": event.agreement_id,
    }


def _other_day(first: date, last: date) -> date | None:
    return last if last != first else None
