"""A form with a field of each kind."""

from __future__ import annotations

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    FileField,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from event_mgmt.core.localized import Localized
from event_mgmt.web.forms import Form, LocalizedField, PlausibleDateField, RowsField, SubForm


class SampleCompanion(SubForm):
    """One row of a party."""

    given_name = StringField(_l("First name"))
    family_name = StringField(_l("Surname"))


class SampleForm(Form):
    """Nobody sends it."""

    email = EmailField(
        _l("E-mail address"), description=_l("Two to four letters, shown where there is no logo.")
    )
    phone = TelField(_l("Phone"), validators=[Optional()])
    seats = IntegerField(_l("Seats"))
    day = PlausibleDateField(_l("Day"))
    country = SelectField(_l("Country"))
    about = TextAreaField(_l("Description"), validators=[Optional()])
    file = FileField(_l("File"))
    is_shown = BooleanField(
        _l("Published"), description=_l("For cards and lists, where there is little room.")
    )
    status = RadioField(_l("Status"))
    people = SelectMultipleField(
        _l("Attendees"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    kind = RadioField(_l("Messages"))
    title = LocalizedField(_l("Title"))
    companions = RowsField(FormField(SampleCompanion), min_entries=1)

    def blank_companion(self) -> SampleCompanion:
        """The row that the script copies."""
        return SampleCompanion(prefix=f"{self.companions.name}-__index__-")


def sample_form() -> SampleForm:
    """Filled in and well."""
    return _filled(SampleForm(formdata=None, prefix="well-", data=_DATA))


def refused_form() -> SampleForm:
    """With something wrong at each field."""
    form = _filled(SampleForm(formdata=None, prefix="wrong-"))
    for field in form:
        if field.name.rpartition("-")[2] not in {"csrf_token", "title", "companions"}:
            field.errors = [_("Please fill this in.")]
    form.title.form["de"].errors = [_("Please fill this in in at least one language.")]
    return form


_DATA = {
    "email": "maja.kovac@example.org",
    "seats": 4,
    "title": Localized({"de": "Jahresempfang", "sl": "Letni sprejem"}),
    "is_shown": True,
    "status": "confirmed",
    "people": ["all"],
    "kind": "list",
}


def _filled(form: SampleForm) -> SampleForm:
    form.country.choices = [("DE", "Deutschland"), ("SI", "Slovenija")]
    form.status.choices = [("confirmed", _("Confirmed")), ("waiting", _("Waiting list"))]
    form.people.choices = [
        ("all", _("Everybody")),
        ("hosts", _("Hosts")),
        ("companions", _("Companion")),
    ]
    form.kind.choices = [("list", _("Attendees")), ("table", _("Registrations"))]
    return form
