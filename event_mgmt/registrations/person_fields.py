"""What is said about a person, described once: contact and companion alike.

From the description come how long a field may be, what changes are called, the columns of lists
and imports, the person's own file, the dossier, and what erasure empties. Model, form and
templates are written by hand: ``tests/registrations/test_person_fields.py`` names whatever
of them is not described here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flask_babel import lazy_gettext as _l


class PersonFieldKind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    COUNTRY = "country"  # an ISO 3166-1 code
    PHONE = "phone"  # international (ITU-T E.164), perhaps with an extension
    FORM_OF_ADDRESS = "form_of_address"  # a member of FormOfAddress, or as a list had it

    @property
    def is_text(self) -> bool:
        """Whether it is shown as it is stored, in every language."""
        return self in {PersonFieldKind.TEXT, PersonFieldKind.PHONE}


class NamePart(StrEnum):
    """How a field belongs to the name that people are called by."""

    NAME = "name"
    TITLE = "title"
    NONE = "none"


@dataclass(frozen=True)
class PersonField:
    """One thing that is said about a person: a text column of ``attendees``, empty if not known.

    ``max_length`` counts characters and is the column's own width; ``list_width`` is how wide its
    column stands in lists. ``for_companions`` tells whether companions are asked for it.
    """

    name: str
    label: object
    max_length: int
    list_width: int
    kind: PersonFieldKind = PersonFieldKind.TEXT
    name_part: NamePart = NamePart.NONE
    for_companions: bool = True


PERSON_FIELDS: Final = (
    PersonField(
        "form_of_address", _l("Form of address"), 20, 14, kind=PersonFieldKind.FORM_OF_ADDRESS
    ),
    PersonField("academic_title", _l("Academic title"), 40, 14, name_part=NamePart.TITLE),
    PersonField("given_name", _l("Given name"), 100, 18, name_part=NamePart.NAME),
    PersonField("family_name", _l("Family name"), 100, 22, name_part=NamePart.NAME),
    PersonField("function", _l("Function"), 160, 28),
    PersonField("organisation", _l("Organisation"), 200, 32),
    PersonField("country", _l("Country"), 2, 18, kind=PersonFieldKind.COUNTRY),
    PersonField("phone", _l("Phone"), 40, 20, kind=PersonFieldKind.PHONE, for_companions=False),
)
"""All of a person's fields, in the order in which lists have them."""

PERSON_FIELD_NAMES: Final = tuple(field.name for field in PERSON_FIELDS)

NOT_SAID: Final = {
    "id": "names the row",
    "registration_id": "names the party",
    "event_id": "names the event",
    "position": "orders the party",
    "answers": "holds what the organiser asks, by question",
    "search_text": "is made of the other fields",
    "sort_key": "is made of the name",
    "sort_key_sl": "is made of the name",
    "organisation_key": "is made of the organisation",
    "decided_name": "keeps the name that an organiser decided about",
    "checked_in_at": "tells of the day itself",
}
"""Columns of an attendee that nobody says of themselves, each with the reason."""
