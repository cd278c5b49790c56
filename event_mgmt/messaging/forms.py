"""The forms of reminder rules and of messages to a group."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import (
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from event_mgmt.core.clock import at_wall_clock, wall_clock
from event_mgmt.core.localized import Localized
from event_mgmt.events.models import Event
from event_mgmt.messaging.enums import REMINDABLE, Unit
from event_mgmt.messaging.group_messages import GroupDraft
from event_mgmt.messaging.models import ReminderRule
from event_mgmt.messaging.rules import MOST_DAYS, MOST_HOURS, Timing
from event_mgmt.messaging.service import RuleInput
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.mails.audience import Audience
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.forms import Form, LocalDateTimeField, LocalizedField
from event_mgmt.web.number_fields import WholeNumberField
from event_mgmt.web.row_ids import row_ids

MOST_PICKED: Final = 5000
"""So many registrations one message is handed by their ids; a larger group is told by status."""

LOCAL_MOMENT: Final = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


class TimingKind(StrEnum):
    """The two forms of a rule's time."""

    RELATIVE = "relative"
    MOMENT = "moment"


class BeforeOrAfter(StrEnum):
    """On which side of the start a relative rule lies."""

    BEFORE = "before"
    AFTER = "after"


class StatusesField(SelectMultipleField):
    """Whom to write to, by where their registration stands, as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: object, **kwargs: object) -> None:
        super().__init__(
            label,
            choices=lambda: [
                SelectChoice(status.value, enum_label(status)) for status in REMINDABLE
            ],
            validators=[InputRequired(message=_l("Please choose at least one group."))],
            **kwargs,
        )

    @property
    def chosen(self) -> tuple[Status, ...]:
        """The statuses that were ticked."""
        return tuple(Status(value) for value in self.data or ())


class RuleForm(Form):
    """A reminder rule; its moment is wall-clock time in the event's zone."""

    when = RadioField(
        _l("When"),
        choices=lambda: [
            SelectChoice(TimingKind.RELATIVE.value, _("Before or after the start")),
            SelectChoice(TimingKind.MOMENT.value, _("On a certain day")),
        ],
        default=TimingKind.RELATIVE.value,
    )
    amount = WholeNumberField(_l("How long"), validators=[Optional()])
    unit = SelectField(
        _l("Unit"),
        choices=lambda: [SelectChoice(unit.value, enum_label(unit)) for unit in Unit],
        default=Unit.DAYS.value,
    )
    side = SelectField(
        _l("Before or after"),
        choices=lambda: [
            SelectChoice(BeforeOrAfter.BEFORE.value, _("before the start")),
            SelectChoice(BeforeOrAfter.AFTER.value, _("after the start")),
        ],
        default=BeforeOrAfter.BEFORE.value,
    )
    at = LocalDateTimeField(_l("Day and time"), format=LOCAL_MOMENT, validators=[Optional()])
    statuses = StatusesField(_l("Who is reminded"))
    subject = LocalizedField(_l("Subject"), most=150)
    body = LocalizedField(_l("Text"), most=4000, long=True)
    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def validate(self, extra_validators: object = None) -> bool:
        """Demand what the chosen form of time needs."""
        valid = bool(super().validate(extra_validators))
        if self.when.data == TimingKind.MOMENT and self.at.data is None:
            return self._demand(self.at, _("Please give the day and the time."))
        if self.when.data == TimingKind.RELATIVE and not self.amount.errors:
            most = MOST_HOURS if self.unit.data == Unit.HOURS else MOST_DAYS
            if self.amount.data is None or self.amount.data not in range(1, most + 1):
                words = _("Please give a number from 1 to %(most)d.", most=most)
                return self._demand(self.amount, words)
        return valid

    def _demand(self, field: Field, words: str) -> bool:
        field.errors = [*field.errors, words]
        return False

    def plan(self, zone: str) -> RuleInput:
        """The rule that was asked for; only for a valid form."""
        if self.when.data == TimingKind.MOMENT:
            timing = Timing(at=at_wall_clock(self.at.data, zone))
        else:
            sign = -1 if self.side.data == BeforeOrAfter.AFTER else 1
            timing = Timing(sign * self.amount.data, Unit(self.unit.data))
        return RuleInput(timing, self.statuses.chosen, self.subject.data, self.body.data)


def rule_values(rule: ReminderRule, event: Event) -> dict[str, object]:
    """What the form shows for a rule."""
    values: dict[str, object] = {
        "statuses": list(rule.statuses),
        "subject": rule.subject,
        "body": rule.body,
        "revision": rule.revision,
    }
    if rule.at is not None:
        return {
            **values,
            "when": TimingKind.MOMENT.value,
            "at": wall_clock(rule.at, event.time_zone),
        }
    amount = rule.amount or 1
    return {
        **values,
        "when": TimingKind.RELATIVE.value,
        "amount": abs(amount),
        "unit": rule.unit,
        "side": BeforeOrAfter.BEFORE.value if amount > 0 else BeforeOrAfter.AFTER.value,
    }


def new_rule_values() -> dict[str, object]:
    """What the form begins with: two hours before, to those confirmed."""
    return {"amount": 2, "unit": Unit.HOURS.value, "statuses": [Status.CONFIRMED.value]}


class GroupForm(Form):
    """A message of the organiser's own to a filtered group."""

    statuses = StatusesField(_l("Who gets it"))
    pool = SelectField(
        _l("Contingent"),
        coerce=lambda value: int(value) if value else None,
        validators=[Optional()],
    )
    country = SelectField(_l("Country"), validators=[Optional()])
    subject = LocalizedField(_l("Subject"), most=150, required=True)
    body = LocalizedField(_l("Text"), most=8000, long=True, required=True)
    picked = HiddenField(validators=[Optional(), Regexp(r"[0-9]+(,[0-9]+)*\Z")])
    nonce = HiddenField(validators=[InputRequired(), Length(min=16, max=64)])

    def validate(self, extra_validators: object = None) -> bool:
        """Where registrations were picked, nothing else need be chosen."""
        if self.picked_ids:
            del self.statuses, self.pool, self.country
        return bool(super().validate(extra_validators))

    @property
    def picked_ids(self) -> tuple[int, ...]:
        """The registrations that were picked on the attendee list, each once."""
        words = (self.picked.data or "").split(",")
        return tuple(dict.fromkeys(row_ids(words)))[:MOST_PICKED]

    def draft(self) -> GroupDraft:
        """What was written, and to whom."""
        if self.picked_ids:
            audience = Audience(picked=self.picked_ids)
        else:
            audience = Audience(self.statuses.chosen, self.pool.data, self.country.data or "")
        return GroupDraft(self.subject.data, self.body.data, audience)

    def carried(self) -> list[tuple[str, str]]:
        """All that was typed as plain pairs, for the page that asks once more."""
        if self.picked_ids:
            pairs = [("picked", self.picked.data or "")]
        else:
            pairs = [("statuses", status.value) for status in self.statuses.chosen]
            pairs += [("pool", str(self.pool.data or "")), ("country", self.country.data or "")]
        pairs += _by_language("subject", self.subject.data)
        pairs += _by_language("body", self.body.data)
        return [*pairs, ("nonce", self.nonce.data)]


def _by_language(name: str, text: Localized) -> list[tuple[str, str]]:
    return [(f"{name}-{locale}", words) for locale, words in text.items()]
