"""What is old and what is new, in the reader's words: for letters, own page and desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from flask_babel import gettext as _, lazy_gettext as _l

from event_mgmt.registrations.people.display_names import form_of_address_label
from event_mgmt.registrations.people.web_addresses import without_links
from event_mgmt.web.templating import country_name

_NAMES: Final = frozenset({"name", "academic_title", "companions"})
HIDDEN_LABELS: Final = {
    "answers": _l("Answers to the organiser’s questions"),
    "message": _l("Message to the organiser"),
    "companion_details": _l("Details of companions"),
}
FIELD_LABELS: Final = {
    "name": _l("Name"),
    "form_of_address": _l("Form of address"),
    "academic_title": _l("Academic title"),
    "function": _l("Function"),
    "organisation": _l("Organisation"),
    "country": _l("Country"),
    "phone": _l("Phone"),
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


_FIELD_WORDS: Final = {
    "given_name": _l("Given name"),
    "family_name": _l("Family name"),
    "sensitive": _l("Answers to the organiser’s questions"),
    "locale": _l("Language"),
    "shares_name": _l("Name on the list of participants"),
}


def _unlinked(name: str) -> Callable[[str], str]:
    return without_links if name in _NAMES else str


def _value(name: str, stored: str) -> str:
    if name == "country" and stored:
        return country_name(stored)
    return form_of_address_label(stored) if name == "form_of_address" and stored else stored
