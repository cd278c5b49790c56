"""The forms of organisations, sectors and agreements."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    EmailField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, Email, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from event_mgmt.core.localized import Localized
from event_mgmt.organisations import queries
from event_mgmt.organisations.agreements import AgreementTerms
from event_mgmt.organisations.enum_labels import ACCENT_NAMES
from event_mgmt.organisations.models import Agreement, Organisation, OrganisationKind
from event_mgmt.organisations.service import OrganisationDetails, OrganisationStatus
from event_mgmt.web.countries import CountryField
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.forms import Form, LocalizedField, PlausibleDateField
from event_mgmt.web.locale import current_language


class CheckboxListField(SelectMultipleField):
    """Several of several, as boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class DetailsForm(Form):
    """What an organisation says about itself."""

    name = LocalizedField(_l("Official name"), required=True)
    short_name = LocalizedField(
        _l("Short name"),
        required=True,
        most=60,
        description=_l("For cards and lists, where there is little room."),
    )
    about = LocalizedField(_l("About the organisation"), long=True, most=2000)
    initials = StringField(
        _l("Initials"),
        description=_l("Two to four letters, shown where there is no logo."),
        validators=[DataRequired(_l("Please give two to four letters.")), Length(min=1, max=4)],
    )
    accent = RadioField(
        _l("Colour"),
        description=_l("Joint events carry the colours of all their hosts."),
        validators=[DataRequired(_l("Please choose one of these colours."))],
    )
    country = CountryField(_l("Country"), may_be_empty=False)
    city = StringField(_l("City"), validators=[Optional(), Length(max=120)])
    address = StringField(_l("Street and number"), validators=[Optional(), Length(max=300)])
    website = StringField(
        _l("Website"),
        validators=[Optional(), Length(max=300)],
        render_kw={"type": "url", "inputmode": "url"},
    )
    email = EmailField(
        _l("E-mail address"),
        description=_l("Answers to mails about events go there."),
        validators=[Optional(), Email(_l("This is not an e-mail address.")), Length(max=254)],
    )
    privacy_contact = StringField(
        _l("Contact for data protection"),
        description=_l("Name and address, as guests read them in the privacy notice."),
        validators=[Optional(), Length(max=300)],
    )
    sector_ids = CheckboxListField(_l("Sectors"), coerce=int, validators=[Optional()])

    def __init__(self, *, accents: Iterable[str] = (), **given: object) -> None:
        super().__init__(**given)
        locale = current_language()
        self.sector_ids.choices = [
            SelectChoice(sector.id, sector.name.into(locale)) for sector in queries.sectors(locale)
        ]
        named = {**ACCENT_NAMES, **{a: a for a in accents if a not in ACCENT_NAMES}}
        self.accent.choices = [SelectChoice(accent, str(n)) for accent, n in named.items()]

    @classmethod
    def of(cls, organisation: Organisation) -> DetailsForm:
        """The form as it stands for ``organisation``."""
        return cls(
            accents=[organisation.accent],
            data={
                **{name: getattr(organisation, name) for name in _PLAIN},
                "name": organisation.name,
                "short_name": organisation.short_name,
                "about": organisation.about,
                "sector_ids": [sector.id for sector in organisation.sectors],
            },
        )

    def details(self) -> OrganisationDetails:
        """What was typed."""
        plain = {name: (self._fields[name].data or "").strip() for name in _PLAIN}
        return OrganisationDetails(
            **plain,
            name=self.name.data,
            short_name=self.short_name.data,
            about=self.about.data,
            sector_ids=frozenset(self.sector_ids.data or ()),
        )


_PLAIN = (
    "initials",
    "accent",
    "country",
    "city",
    "address",
    "website",
    "email",
    "privacy_contact",
)


class LogoForm(Form):
    """A picture to be shown instead of the initials."""

    logo = FileField(
        _l("Logo"),
        description=_l("A PNG picture of 64 to 1,024 pixels a side and at most 128 kilobytes."),
        render_kw={"accept": "image/png"},
    )


class StatusFields(Form):
    """Kind, first and last day, and who comes after."""

    kind = SelectField(_l("Kind"))
    valid_from = PlausibleDateField(_l("Since"), validators=[Optional()])
    valid_to = PlausibleDateField(
        _l("Until"),
        description=_l("The last day on which it can host events. Usually empty."),
        validators=[Optional()],
    )
    successor_id = SelectField(_l("Followed by"), coerce=int, default=0)

    def offer(self, organisations: Iterable[Organisation]) -> None:
        """Let these organisations be chosen as the one that follows."""
        locale = current_language()
        self.kind.choices = [
            SelectChoice(kind.value, enum_label(kind)) for kind in OrganisationKind
        ]
        self.successor_id.choices = [
            SelectChoice(0, "–"),
            *(SelectChoice(other.id, other.name.into(locale)) for other in organisations),
        ]

    def organisation_status(self) -> OrganisationStatus:
        """What was typed."""
        return OrganisationStatus(
            kind=OrganisationKind(self.kind.data),
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
            successor_id=self.successor_id.data or None,
        )


class OrganisationStatusForm(StatusFields):
    """What the platform says about an organisation."""

    @classmethod
    def of(cls, organisation: Organisation) -> OrganisationStatusForm:
        """The form as it stands for ``organisation``."""
        form = cls(
            data={
                "kind": organisation.kind.value,
                "valid_from": organisation.valid_from,
                "valid_to": organisation.valid_to,
                "successor_id": organisation.successor_id or 0,
            }
        )
        form.offer(o for o in queries.organisations() if o.id != organisation.id)
        return form


class NewOrganisationForm(DetailsForm, StatusFields):
    """A new organisation."""

    def __init__(self, **given: object) -> None:
        super().__init__(accents=(), **given)
        self.offer(queries.organisations())


class SectorForm(Form):
    """A sector's names."""

    name = LocalizedField(_l("Name"), required=True, most=80)

    def localized(self) -> Localized:
        """What was typed."""
        return self.name.data


class AgreementForm(Form):
    """Who agreed, when and where, and what it is called."""

    title = LocalizedField(_l("Title"), required=True)
    signed_on = PlausibleDateField(
        _l("Signed on"), validators=[DataRequired(_l("Please give the day of signing."))]
    )
    place = StringField(_l("Place"), validators=[Optional(), Length(max=120)])
    party_ids = CheckboxListField(_l("Parties"), coerce=int)

    def __init__(self, **given: object) -> None:
        super().__init__(**given)
        locale = current_language()
        self.party_ids.choices = [
            SelectChoice(other.id, other.name.into(locale)) for other in queries.organisations()
        ]

    @classmethod
    def of(cls, agreement: Agreement) -> AgreementForm:
        """The form as it stands for ``agreement``."""
        return cls(
            data={
                "title": agreement.title,
                "signed_on": agreement.signed_on,
                "place": agreement.place,
                "party_ids": [party.id for party in agreement.parties],
            }
        )

    def terms(self) -> AgreementTerms:
        """What was typed."""
        return AgreementTerms(
            title=self.title.data,
            signed_on=self.signed_on.data,
            place=(self.place.data or "").strip(),
            party_ids=frozenset(self.party_ids.data or ()),
        )
