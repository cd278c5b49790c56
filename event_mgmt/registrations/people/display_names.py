"""How people are called on screen and in lists, and what stands where a name was removed."""

from __future__ import annotations

from typing import Protocol

from flask_babel import gettext as _

from event_mgmt.core import text
from event_mgmt.registrations.enums import FormOfAddress
from event_mgmt.registrations.person_fields import PersonFieldKind
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.templating import country_name


class Named(Protocol):
    """Somebody with a name: an attendee, a row of a list, a person of a party."""

    @property
    def academic_title(self) -> str:
        """What is written before the name."""

    @property
    def given_name(self) -> str:
        """Empty for people with one name."""

    @property
    def family_name(self) -> str:
        """The family name, or the only one."""


class HasApprovedName(Protocol):
    """An attendee, or a row of a list."""

    @property
    def decided_name(self) -> dict[str, str] | None:
        """The name that was approved, where a guest has corrected it since."""


def removed_name() -> str:
    """What stands for somebody whose data have gone, in the reader's language."""
    return _("name removed")


def titled_name(person: Named) -> str:
    """Academic title, given and family name."""
    parts = (person.academic_title, person.given_name, person.family_name)
    return " ".join(part for part in parts if part) or removed_name()


def approved_name(person: HasApprovedName) -> str:
    """The name under which somebody was accepted whom a guest has corrected since; else ''."""
    name = person.decided_name
    return text.full_name(name["given_name"], name["family_name"]) if name else ""


def surname_first(person: Named) -> str:
    """Family name, then given name, as lists have it."""
    return (
        ", ".join(part for part in (person.family_name, person.given_name) if part)
        or removed_name()
    )


def form_of_address_label(stored: str) -> str:
    """A stored form of address in the reader's language (imported ones as they came)."""
    return enum_label(FormOfAddress(stored)) if stored in set(FormOfAddress) else stored


def shown_value(kind: PersonFieldKind, stored: str, locale: str | None = None) -> str:
    """A field's stored value in the reader's language, or in ``locale``; '' where there is none."""
    if not stored or kind.is_text:
        return stored
    if kind is PersonFieldKind.COUNTRY:
        return country_name(stored, locale)
    return form_of_address_label(stored)
