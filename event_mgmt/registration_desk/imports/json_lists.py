"""Our own export for machines (JSON) as rows."""

from __future__ import annotations

import json
from typing import Any, Final

from event_mgmt.registration_desk.imports.sheets import (
    MOST_COLUMNS,
    FileRefused,
    ListFile,
    ListSheet,
    RowCollector,
    TooManyColumns,
    UnpacksToTooMuch,
)

_MOST_PARTS: Final = 60_000


def is_machine_list(text: str) -> bool:
    """Whether ``text`` is JSON, as far as its two ends tell."""
    ends = text[:50].lstrip("\N{BOM} \t\r\n")[:1] + text[-50:].rstrip()[-1:]
    return ends in {"{}", "[]"}


def read_machine_list(text: str, encoding: str) -> ListFile:
    """A row for each attendee below the keys. A list of objects is read alike."""
    if text.count("{") + text.count("[") > _MOST_PARTS:
        raise UnpacksToTooMuch
    try:
        found = json.loads(text.lstrip("\N{BOM}"))
    except (ValueError, RecursionError):
        raise FileRefused from None
    people = found.get("attendees") if isinstance(found, dict) else found
    if not isinstance(people, list) or not all(isinstance(person, dict) for person in people):
        raise FileRefused
    people = _with_contacts_named(people)
    labels = _labels(found)
    keys = list(dict.fromkeys([*labels, *(key for person in people for key in person)]))
    if len(keys) > MOST_COLUMNS:
        raise TooManyColumns
    # Questions are known by their wording, everything else by its key.
    asked = [labels.get(key, key) if key.startswith("question") else key for key in keys]
    rows = RowCollector()
    rows.take(0, enumerate(map(_text, asked)))
    for number, person in enumerate(people, start=1):
        rows.take(number, enumerate(_text(person.get(key)) for key in keys))
    return ListFile((ListSheet(tuple(rows.rows)),), encoding)


def _with_contacts_named(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Companions with name and address of their contact in place of its id."""
    by_id = {person["id"]: person for person in people if isinstance(person.get("id"), int)}
    named = []
    for person in people:
        contact = by_id.get(person.get("companion_of"))
        if contact is not None:
            whole = f"{_text(contact.get('given_name'))} {_text(contact.get('family_name'))}"
            with_address = f"{whole.strip()} <{_text(contact.get('email'))}>"
            named.append({**person, "companion_of": with_address})
        else:
            named.append(person)
    return named


def _labels(found: Any) -> dict[str, str]:
    columns = found.get("columns") if isinstance(found, dict) else None
    if not isinstance(columns, list):
        return {}
    return {
        str(column["key"]): str(column.get("label", ""))
        for column in columns
        if isinstance(column, dict) and "key" in column
    }


def _text(value: Any) -> str:
    if value is None or value == []:
        return ""
    if isinstance(value, list):
        return "; ".join(map(_text, value))
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    # JSON can spell half a character, which nothing can be written with.
    return str(value).strip().encode("utf-8", "replace").decode("utf-8")
