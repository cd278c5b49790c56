"""The forms in which people register and change what they registered."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Final, TypeVar, cast

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
from wtforms.validators import Length

from event_mgmt.core.privacy_notice import PRIVACY_VERSION
from event_mgmt.events.models import Question
from event_mgmt.registrations.party import LIMITS, Party, Person
from event_mgmt.registrations.party_parser import GUEST, EntryRules, PartyProblems, parse_party
from event_mgmt.registrations.people.person_matching import match_positions
from event_mgmt.registrations.person_fields import PERSON_FIELD_NAMES
from event_mgmt.registrations.questions import answers
from event_mgmt.registrations.questions.answer_text import form_value
from event_mgmt.registrations.questions.question_fields import FormOfAddressField, question_field
from event_mgmt.registrations.questions.question_forms import QuestionsMixin
from event_mgmt.web import uploads
from event_mgmt.web.countries import CountryField
from event_mgmt.web.form_tokens import VisitorCSRF
from event_mgmt.web.forms import Form, RowsField, ShownLimits, SubForm
from event_mgmt.web.locale import current_language

_NONCE: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
_HOME: Final = {"de": "DE", "sl": "SI"}


_COMPANION: Final = _l("Companion")
OPTIONAL: Final = ShownLimits(optional=True)
REQUIRED: Final = ShownLimits(required=True)


def limit(name: str) -> ShownLimits:
    """How many characters a field of a party takes, as its HTML says it."""
    return ShownLimits(maxlength=LIMITS[name])


class PartyCountryField(CountryField):
    """A country of a party."""

    def pre_validate(self, _form: object) -> None:
        """Leave it to the parser."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """What was not sent was not chosen, whatever the page suggests."""
        super().process_formdata(valuelist)
        if not valuelist:
            self.data = ""


class CompanionForm(QuestionsMixin, SubForm):
    """One companion. A row without any text does not count.

    The name will do for somebody's spouse; lists for protocol and badges want the rest. There is
    no phone: the contact is called.
    """

    is_companion = True

    given_name = StringField(_l("Given name"), [limit("given_name")])
    family_name = StringField(_l("Family name"), [limit("family_name")])
    organisation = StringField(_l("Organisation"), [OPTIONAL, limit("organisation")])
    function = StringField(_l("Function"), [OPTIONAL, limit("function")])
    country = PartyCountryField(_l("Country"), [OPTIONAL])
    form_of_address = FormOfAddressField(_l("Form of address"))
    academic_title = StringField(_l("Academic title"), [OPTIONAL, limit("academic_title")])

    @property
    def details(self) -> list[Field]:
        """What may be said of the companion besides the name."""
        names = ("function", "organisation", "country", "form_of_address", "academic_title")
        return [self._fields[name] for name in names]

    @property
    def is_blank(self) -> bool:
        """Whether nothing was filled in."""
        return not any(field.data for field in self)


class PartyForm(QuestionsMixin, Form):
    """A contact with companions: shows what ``party_parser`` says of what was typed.

    ``entry_rules`` say what is asked for, ``stored`` is the party that is to be changed, and
    ``privacy_version`` the privacy notice that the page shows.
    """

    entry_rules: ClassVar[EntryRules] = GUEST
    largest_party: ClassVar[int] = 1
    stored: ClassVar[Party | None] = None
    privacy_version: ClassVar[str] = PRIVACY_VERSION
    parsed: Party | None = None

    given_name = StringField(
        _l("Given name"),
        [limit("given_name")],
        render_kw={"autocomplete": "given-name"},
    )
    family_name = StringField(
        _l("Family name"),
        [limit("family_name")],
        render_kw={"autocomplete": "family-name"},
    )
    email = EmailField(
        _l("E-mail"),
        [REQUIRED, limit("email")],
        render_kw={"autocomplete": "email", "inputmode": "email", "autocapitalize": "off"},
    )
    organisation = StringField(
        _l("Organisation"),
        [REQUIRED, limit("organisation")],
        render_kw={"autocomplete": "organization"},
    )
    function = StringField(
        _l("Function"),
        [OPTIONAL, limit("function")],
        render_kw={"autocomplete": "organization-title"},
    )
    country = PartyCountryField(
        _l("Country"),
        [REQUIRED],
        render_kw={"autocomplete": "country"},
    )
    phone = TelField(_l("Phone"), [OPTIONAL, limit("phone")], render_kw={"autocomplete": "tel"})
    form_of_address = FormOfAddressField(_l("Form of address"))
    academic_title = StringField(
        _l("Academic title"),
        [OPTIONAL, limit("academic_title")],
        render_kw={"autocomplete": "honorific-prefix"},
    )
    message = TextAreaField(_l("Message to the organiser"), [OPTIONAL, limit("message")])
    shares_name = BooleanField(
        _l("Other participants may see my name and organisation in the list of participants.")
    )
    companions: FieldList = RowsField(FormField(CompanionForm), "", description=_COMPANION)

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

    def validate(self, extra_validators: object = None) -> bool:
        """Have what was typed parsed, and put everything that is wrong at its field."""
        self.drop_blank_companions()
        self._match_stored_people()
        valid = super().validate(extra_validators)
        if uploads.is_too_large():  # nothing was read
            return False
        found = parse_party(
            self.mapping(),
            self.questions,
            self.entry_rules,
            written_in=current_language(),
            largest_party=self.largest_party,
            stored=self.stored,
        )
        if isinstance(found, PartyProblems):
            self._show(found)
            return False
        self.parsed = found
        return valid

    def party(self, locale: str) -> Party:
        """The party as it was parsed, written to in ``locale``; for a form that is valid."""
        if self.parsed is None:
            raise RuntimeError("the form was not validated")
        return replace(self.parsed, locale=locale)

    def mapping(self) -> dict[str, object]:
        """What was typed, as the parser takes it."""
        return {
            "contact": {"email": self.email.data, **self.person_mapping()},
            "companions": [form.person_mapping() for form in self._companion_forms()],
            "message": self.message.data,
            "shares_name": bool(self.shares_name.data),
            "privacy_version": self.privacy_version,
        }

    def _companion_forms(self) -> list[CompanionForm]:
        return [entry.form for entry in self.companions.entries]

    def _match_stored_people(self) -> None:
        """Find out who of the party as it was each person is: answers that stand may come back as
        they were shown.
        """
        if self.stored is None:
            return
        forms = [self, *self._companion_forms()]
        people = [Person.from_fields(form.typed_fields()) for form in forms]
        for form, place in zip(forms, match_positions(self.stored.people, people), strict=True):
            form.matched_person = None if place is None else self.stored.people[place]

    def _show(self, problems: PartyProblems) -> None:
        for path, problem in problems.items():
            field = self._field_at(path.split("."))
            if field is None:
                self.form_errors.append(str(problem))
            else:
                field.errors = [str(problem), *field.errors]

    def _field_at(self, path: list[str]) -> Field | None:
        """The field for a path such as ``companions.2.answers.17``."""
        form: PartyForm | CompanionForm = self
        match path:
            case ["contact", *inner]:
                path = inner
            case ["companions", place, *inner] if inner:
                form, path = self._companion_forms()[int(place)], inner
        name = f"question-{path[1]}" if path[0] == "answers" and path[1:] else path[0]
        return form._fields.get(name)


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


F = TypeVar("F", bound=PartyForm)


def new_nonce() -> str:
    """A nonce for one form."""
    return secrets.token_urlsafe(18)


def form_class(
    base: type[F],
    questions: Sequence[Question],
    *,
    largest_party: int,
    stored: Party | None = None,
) -> type[F]:
    """``base`` with the organiser's questions, and rows for as many companions as may come.

    ``stored`` is the party that is to be changed.
    """
    on_companions = answers.questions_for(questions, companion=True)
    people = stored.people if stored else ()

    def field(question: Question) -> Field:
        key = str(question.id)
        given = [every[key] for person in people if key in (every := person.every_answer)]
        return question_field(question, given)

    companion = type(
        "Companion",
        (CompanionForm,),
        {
            "questions": questions,
            **{f"question-{q.id}": field(q) for q in on_companions},
        },
    )
    made = type(
        base.__name__,
        (base,),
        {
            "questions": questions,
            "largest_party": largest_party,
            "stored": stored,
            # One row more than allowed is read, so that too many are refused and not cut off.
            "companions": RowsField(
                FormField(companion), "", max_entries=largest_party, description=_COMPANION
            ),
            **{f"question-{q.id}": field(q) for q in questions},
        },
    )
    return cast("type[F]", made)


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
