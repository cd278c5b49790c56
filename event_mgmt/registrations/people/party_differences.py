"""What differs between two versions of a party."""

from __future__ import annotations

from typing import Final

from event_mgmt.registrations.party import Party
from event_mgmt.registrations.person_fields import (
    PERSON_FIELD_NAMES,
    PERSON_FIELDS,
    NamePart,
)

_BESIDE_THE_NAME: Final = tuple(
    field.name for field in PERSON_FIELDS if field.name_part is not NamePart.NAME
)


def changed_fields(before: Party, after: Party) -> list[str]:
    """The names of what differs, without the values: audit entries outlive personal data."""
    fields = [
        name
        for name in ("email", "locale", "message", "shares_name")
        if getattr(before, name) != getattr(after, name)
    ]
    fields += [
        f"contact.{name}"
        for name in (*PERSON_FIELD_NAMES, "answers", "sensitive")
        if getattr(before.contact, name) != getattr(after.contact, name)
    ]
    if before.companions != after.companions:
        fields.append("companions")
    return fields


def shown_differences(before: Party, after: Party) -> list[tuple[str, str, str]]:
    """What a letter shows of a change: (field, old value, new value).

    Neither answers nor messages: some are sensitive, and a letter is read on many screens. See
    ``unshown``.
    """
    found = [("name", before.contact.full_name, after.contact.full_name)]
    found += [
        (name, getattr(before.contact, name), getattr(after.contact, name))
        for name in _BESIDE_THE_NAME
    ]
    found.append(("email", before.email, after.email))
    found.append(("companions", _names(before), _names(after)))
    return [(name, old, new) for name, old, new in found if old != new]


def hidden_differences(before: Party, after: Party) -> list[str]:
    """What changed and a letter only names."""
    pairs = list(zip(before.companions, after.companions, strict=False))
    people = [(before.contact, after.contact), *pairs]
    found = {
        "answers": any((a.answers, a.sensitive) != (b.answers, b.sensitive) for a, b in people),
        "message": before.message != after.message,
        "companion_details": _names(before) == _names(after)
        and any(
            getattr(a, name) != getattr(b, name) for a, b in pairs for name in PERSON_FIELD_NAMES
        ),
    }
    return [name for name, changed in found.items() if changed]


def _names(party: Party) -> str:
    return ", ".join(person.full_name for person in party.companions)
