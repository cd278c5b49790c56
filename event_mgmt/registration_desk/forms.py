"""The forms of the registration desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import BooleanField, EmailField, Field, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from event_mgmt.events.models import Question, SeatPool
from event_mgmt.registration_desk.commands import NOTE_MAX
from event_mgmt.registrations.party import Party
from event_mgmt.registrations.party_forms import (
    OPTIONAL,
    REQUIRED,
    PartyCountryField,
    PartyForm,
    RegistrationForm,
    form_class,
    limit,
)
from event_mgmt.registrations.party_parser import DESK, parse_email
from event_mgmt.registrations.problems import Problem
from event_mgmt.web.forms import Form
from event_mgmt.web.locale import OWN_NAMES, current_language

LARGEST_PARTY: Final = 20
"""So many people fit on the desk's form; the largest party that guests may be does not bind it."""

REASON_MAX: Final = 500


class LenientPartyForm(PartyForm):
    """What the desk relaxes: organisers enter what they know, and answers may be missing."""

    entry_rules = DESK

    organisation = StringField(_l("Organisation"), [OPTIONAL, limit("organisation")])
    country = PartyCountryField(_l("Country"), [OPTIONAL])
    shares_name = BooleanField(_l("Other participants may see the name and the organisation."))


class EntryOptionsForm(Form):
    """What the desk settles for whomever it enters: the contingent, and the mails' language."""

    contingent = SelectField(_l("Contingent"), coerce=int)
    language = SelectField(
        _l("Language of the mails"),
        choices=[SelectChoice(code, name) for code, name in OWN_NAMES.items()],
    )

    def offer(self, pools: Sequence[SeatPool]) -> None:
        """Let one of ``pools`` be chosen, where there are several."""
        if len(pools) > 1:
            self.contingent.choices = [SelectChoice(*choice) for choice in pool_choices(pools)]
        else:
            del self.contingent
            self.only_pool_id = pools[0].id

    @property
    def pool_id(self) -> int:
        """The pool that was chosen, or the only one there is."""
        return int(self.contingent.data) if self.contingent is not None else self.only_pool_id


class DeskEntryForm(EntryOptionsForm, LenientPartyForm, RegistrationForm):
    """Registering somebody who called: the guest's form, and what only organisers decide.

    The privacy notice is not on it, so that none is noted as read.
    """

    privacy_version = ""

    even_if_closed = BooleanField(_l("Also while registration is closed"))
    at_once = BooleanField(_l("Accept at once, without a further decision"))


class DeskChangeForm(LenientPartyForm):
    """Changing a party's details for it."""


F = TypeVar("F", bound=PartyForm)


def desk_form_class(
    base: type[F], questions: Sequence[Question], *, stored: Party | None = None
) -> type[F]:
    """``base`` with the organiser's questions and rows for as many as the desk may enter."""
    largest = max(LARGEST_PARTY, stored.seats if stored else 1)
    return form_class(base, questions, largest_party=largest, stored=stored)


def pool_choices(pools: Sequence[SeatPool]) -> list[tuple[int, str]]:
    """The contingents as a choice: (id of the pool, name)."""
    return [(pool.id, pool_name(pool)) for pool in pools]


def pool_name(pool: SeatPool) -> str:
    """What a contingent is called."""
    if pool.organisation is None:
        return _("General seats")
    return pool.organisation.short_name.into(current_language())


class NoteForm(Form):
    """The staff's own note."""

    note = TextAreaField(_l("Note for colleagues"), [Optional(), Length(max=NOTE_MAX)])


class ReasonForm(Form):
    """A decision, with words for the people it is about."""

    reason = TextAreaField(_l("Reason"), [Optional(), Length(max=REASON_MAX)])


class AddressForm(Form):
    """Another address for the mails."""

    email = EmailField(_l("E-mail"), [REQUIRED, limit("email")])

    def validate_email(self, field: Field) -> None:
        """An address that mail can reach, as far as its form tells."""
        found = parse_email(field.data)
        if isinstance(found, Problem):
            raise ValidationError(str(found))
        field.data = found.lower()
