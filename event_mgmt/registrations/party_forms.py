"""The forms in which people register and change what they registered."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from event_mgmt.core.phones import phone_of
from event_mgmt.events.models import Question
from event_mgmt.registrations.party import LIMITS, Party, Person, one_line
from event_mgmt.registrations.people.person_matching import match_positions
from event_mgmt.registrations.people.web_addresses import holds_web_address
from event_mgmt.registrations.person_fields import PERSON_FIELD_NAMES
from event_mgmt.registrations.questions import answers
from event_mgmt.registrations.questions.answer_text import form_value
from event_mgmt.registrations.questions.question_fields import FormOfAddressField, question_field
from event_mgmt.registrations.questions.question_forms import QuestionsMixin
from event_mgmt.registrations.refusals import NameMissing, WebAddressInName
from event_mgmt.web.countries import CountryField
from event_mgmt.web.form_tokens import VisitorCSRF
from event_mgmt.web.forms import Form, SubForm
from event_mgmt.web.locale import current_language

PRIVACY_VERSION: Final = "2026-11"
"""Which privacy notice the form shows; change it together with the words."""

_NONCE: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
_HOME: Final = {"de": "DE", "sl": "SI"}


_COMPANION: Final = _l("Companion")
_EMAIL: Final = [InputRequired(_l("Please enter an e-mail address."))]
_ORGANISATION: Final = [InputRequired(_l("Please enter an organisation."))]
_COUNTRY: Final = [InputRequired(_l("Please choose a country."))]


def _max_length(name: str) -> Length:
    return Length(max=LIMITS[name])


class _Names:
    """The fields of a name, of which one will do: some people have one name only.

    Names and titles stand in our mails: no mail program may find a link in them.
    """

    given_name: Field

    def validate_given_name(self, field: Field) -> None:
        """Refuse a web or e-mail address."""
        if holds_web_address(field.data or ""):
            raise ValidationError(str(WebAddressInName.message))

    validate_academic_title = validate_given_name

    def validate_family_name(self, field: Field) -> None:
        """The same; and ask for a name where there is none."""
        if not one_line(f"{self.given_name.data or ''}{field.data or ''}"):
            raise ValidationError(str(NameMissing.message))
        self.validate_given_name(field)


class CompanionForm(_Names, QuestionsMixin, SubForm):
    """One companion. A row without any text does not count.

    The name will do for somebody's spouse; lists for protocol and badges want the rest. There is
    no phone: the contact is called.
    """

    is_companion = True

    given_name = StringField(_l("Given name"), [_max_length("given_name")])
    family_name = StringField(_l("Family name"), [_max_length("family_name")])
    organisation = StringField(_l("Organisation"), [Optional(), _max_length("organisation")])
    function = StringField(_l("Function"), [Optional(), _max_length("function")])
    country = CountryField(_l("Country"), [Optional()])
    form_of_address = FormOfAddressField(_l("Form of address"))
    academic_title = StringField(_l("Academic title"), [Optional(), _max_length("academic_title")])

    @property
    def details(self) -> list[Field]:
        """What may be said of the companion besides the name."""
        names = ("function", "organisation", "country", "form_of_address", "academic_title")
        return [self._fields[name] for name in names]

    @property
    def is_blank(self) -> bool:
        """Whether nothing was filled in."""
        return not any(field.data for field in self)

    def person(self) -> Person:
        """The companion."""
        found = self.answers()
        named = {n: self._fields[n].data or "" for n in PERSON_FIELD_NAMES if n in self._fields}
        return Person(**named, answers=found.plain, sensitive=found.sensitive)


class PartyForm(_Names, QuestionsMixin, Form):
    """A contact with companions."""

    largest_party: ClassVar[int] = 1
    stored: ClassVar[Party | None] = None

    given_name = StringField(
        _l("Given name"),
        [_max_length("given_name")],
        render_kw={"autocomplete": "given-name"},
    )
    family_name = StringField(
        _l("Family name"),
        [_max_length("family_name")],
        render_kw={"autocomplete": "family-name"},
    )
    email = EmailField(
        _l("E-mail"),
        [*_EMAIL, _max_length("email")],
        render_kw={"autocomplete": "email", "inputmode": "email", "autocapitalize": "off"},
    )
    organisation = StringField(
        _l("Organisation"),
        [*_ORGANISATION, _max_length("organisation")],
        render_kw={"autocomplete": "organization"},
    )
    function = StringField(
        _l("Function"),
        [Optional(), _max_length("function")],
        render_kw={"autocomplete": "organization-title"},
    )
    country = CountryField(
        _l("Country"),
        _COUNTRY,
        render_kw={"autocomplete": "country"},
    )
    phone = TelField(
        _l("Phone"), [Optional(), _max_length("phone")], render_kw={"autocomplete": "tel"}
    )
    form_of_address = FormOfAddressField(_l("Form of address"))
    academic_title = StringField(
        _l("Academic title"),
        [Optional(), _max_length("academic_title")],
        render_kw={"autocomplete": "honorific-prefix"},
    )
    message = TextAreaField(_l("Message to the organiser"), [Optional(), _max_length("message")])
    shares_name = BooleanField(
        _l("Other participants may see my name and organisation in the list of participants.")
    )
    companions: FieldList = FieldList(FormField(CompanionForm), "", description=_COMPANION)

    @property
    def may_add(self) -> bool:
        """Whether there is room for one more companion."""
        return 1 + len(self.companions.entries) < self.largest_party

    def party_labels(self) -> list[str]:
        """What the button says, by the number of companions."""
        return [
            ngettext("Register for %(num)d person", "Register for %(num)d people", n)
            if n > 1
            else _("Register")
            for n in range(1, self.largest_party + 1)
        ]

    def blank_companion(self) -> CompanionForm:
        """An empty row whose names carry ``__index__``, for the script."""
        row = self.companions.unbound_field.bind(
            form=None, name="companions-__index__", prefix="", _meta=self.meta
        )
        row.process(None)
        return row.form

    def drop_blank_companions(self) -> None:
        """Rows left empty are companions who do not come."""
        kept = [entry for entry in self.companions.entries if not entry.form.is_blank]
        self.companions.entries = kept

    def validate_email(self, field: Field) -> None:
        """An address that mail can reach, as far as its form tells."""
        try:
            found = validate_email(
                one_line(field.data or ""), check_deliverability=False, allow_smtputf8=False
            )
        except EmailNotValidError:
            raise ValidationError(_("Please check the e-mail address.")) from None
        field.data = found.normalized

    def validate_phone(self, field: Field) -> None:
        """A number that may exist, kept in the international form with its extension."""
        if not field.data or field.data == field.object_data:
            return
        number = phone_of(field.data, self.country.data or "")
        if number is None:
            raise ValidationError(
                _("Please check the number, and begin with the country code (+49 …).")
            )
        field.data = number

    def validate(self, extra_validators: object = None) -> bool:
        """Check all fields, and the answers by the rules that hold for every caller."""
        self.drop_blank_companions()
        self._match_stored_people()
        valid = super().validate(extra_validators)
        people = [self, *(entry.form for entry in self.companions.entries)]
        # Everybody's problems are noted, not only the first one's.
        noted = [person.note_problems() for person in people]
        return valid and all(noted)

    def _match_stored_people(self) -> None:
        """Find out who of the party as it was each person is: their answers stay acceptable."""
        if self.stored is None:
            return
        forms = [self, *(entry.form for entry in self.companions.entries)]
        people = [_named(form) for form in forms]
        for form, place in zip(forms, match_positions(self.stored.people, people), strict=True):
            form.matched_person = None if place is None else self.stored.people[place]

    def party(self, locale: str) -> Party:
        """The party as typed, written to in ``locale``."""
        found = self.answers()
        named = {n: self._fields[n].data or "" for n in PERSON_FIELD_NAMES}
        return Party(
            email=self.email.data or "",
            locale=locale,
            contact=Person(**named, answers=found.plain, sensitive=found.sensitive),
            companions=tuple(entry.form.person() for entry in self.companions.entries),
            message=self.message.data or "",
            shares_name=bool(self.shares_name.data),
            privacy_version=PRIVACY_VERSION,
        )


class RegistrationForm(PartyForm):
    """The public form: its nonce makes a double submit one registration."""

    class Meta(PartyForm.Meta):
        """Visitors without a session may send it as well."""

        csrf_class = VisitorCSRF

    thing: ClassVar[str] = ""

    nonce = HiddenField("")
    pool = HiddenField("", validators=[Length(max=80)])

    def form_nonce(self) -> str:
        """The nonce of this form; a new one where none that could be ours was sent."""
        if not _NONCE.fullmatch(self.nonce.data or ""):
            self.nonce.data = new_nonce()
        return str(self.nonce.data)


def _named(form: Any) -> Person:
    named: dict[str, Any] = {n: form[n].data or "" for n in PERSON_FIELD_NAMES if n in form}
    return Person(**named)


def new_nonce() -> str:
    """A nonce for one form."""
    return secrets.token_urlsafe(18)


def form_class(
    base: type[PartyForm],
    questions: Sequence[Question],
    *,
    largest_party: int,
    stored: Party | None = None,
) -> type[Any]:
    """``base`` with the organiser's questions, and rows for as many companions as may come.

    ``stored`` is the party that is to be changed.
    """
    on_companions = answers.questions_for(questions, companion=True)
    people = stored.people if stored else ()

    def field(question: Any) -> Field:
        key = str(question.id)
        given = [every[key] for person in people if key in (every := person.every_answer)]
        return question_field(question, given)

    companion = type(
        "Companion",
        (CompanionForm,),
        {
            "questions": questions,
            "requires_answers": base.requires_answers,
            **{f"question-{q.id}": field(q) for q in on_companions},
        },
    )
    return type(
        base.__name__,
        (base,),
        {
            "questions": questions,
            "largest_party": largest_party,
            "stored": stored,
            # One row more than allowed is read, so that too many are refused and not cut off.
            "companions": FieldList(
                FormField(companion), "", max_entries=largest_party, description=_COMPANION
            ),
            **{f"question-{q.id}": field(q) for q in questions},
        },
    )


def form_values(party: Party, questions: Sequence[Question]) -> dict[str, object]:
    """A party as the defaults of a form with these ``questions``."""
    return {
        "email": party.email,
        "message": party.message,
        "shares_name": party.shares_name,
        **_person_values(party.contact, questions),
        "companions": [_person_values(person, questions) for person in party.companions],
    }


def _person_values(person: Person, questions: Sequence[Question]) -> dict[str, object]:
    given, locale = person.every_answer, current_language()
    return {
        **{name: getattr(person, name) for name in PERSON_FIELD_NAMES},
        **{
            f"question-{q.id}": form_value(q, given[str(q.id)], locale)
            for q in questions
            if str(q.id) in given
        },
    }


def home_country(locale: str) -> str:
    """The country most readers of a language come from; '' where that would be a guess."""
    return _HOME.get(locale, "")
