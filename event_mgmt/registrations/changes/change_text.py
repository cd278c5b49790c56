"""What is old and what is new, in the reader's words: for letters, own page and desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from flask_babel import gettext as _, lazy_gettext as _l

from event_mgmt.registrations.people.display_names import shown_value
from event_mgmt.registrations.people.web_addresses import without_links
from event_mgmt.registrations.person_fields import PERSON_FIELDS, NamePart

_NAMES: Final = frozenset({"name", "academic_title", "companions"})
HIDDEN_LABELS: Final = {
    "answers": _l("Answers to the organiser’s questions"),
    "message": _l("Message to the organiser"),
    "companion_details": _l("Details of companions"),
}
FIELD_LABELS: Final = {
    "name": _l("Name"),
    **{field.name: field.label for field in PERSON_FIELDS if field.name_part is not NamePart.NAME},
    "email": _l("E-mail"),
    "companions": _l("Companions"),
}


def mail_lines(changes: Iterable[Sequence[str]], unshown: Iterable[str]) -> list[tuple[str, str]]:
    """(Field, "new (before: old)") of what is shown, then the names of what is not; for a mail."""
    unlinked = ((name, *map(_unlinked(name), values)) for name, *values in changes)
    found = [
        (label, _("%(new)s (before: %(old)s)", new=new or "–", old=old or "–"))
        for label, old, new in labelled_differences(unlinked)
    ]
    return [*found, *((label, _("changed")) for label in hidden_labels(unshown))]


def labelled_differences(changes: Iterable[Sequence[str]]) -> list[tuple[str, str, str]]:
    """(Field, old, new) in words."""
    return [
        (str(FIELD_LABELS[name]), _value(name, old), _value(name, new))
        for name, old, new in changes
        if name in FIELD_LABELS
    ]


def hidden_labels(unshown: Iterable[str]) -> list[str]:
    """What changed without being shown."""
    return [str(HIDDEN_LABELS[name]) for name in unshown if name in HIDDEN_LABELS]


def field_labels(names: Iterable[str]) -> list[str]:
    """What the history's names of fields are called, each once."""
    words = {**FIELD_LABELS, **HIDDEN_LABELS, **_FIELD_WORDS}
    plain = (name.removeprefix("contact.") for name in names)
    return list(dict.fromkeys(str(words[name]) for name in plain if name in words))


_KINDS: Final = {field.name: field.kind for field in PERSON_FIELDS}
_FIELD_WORDS: Final = {
    **{field.name: field.label for field in PERSON_FIELDS if field.name_part is NamePart.NAME},
    "sensitive": _l("Answers to the organiser’s questions"),
    "locale": _l("Language"),
    "shares_name": _l("Name on the list of participants"),
}


def _unlinked(name: str) -> Callable[[str], str]:
    return without_links if name in _NAMES else str


def _value(name: str, stored: str) -> str:
    return shown_value(_KINDS[name], stored) if name in _KINDS else stored
