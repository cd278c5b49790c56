"""Audit entries as people read them: who did what, and which values became which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeGuard

from flask_babel import gettext as _

from event_mgmt.audit.labels import Detail, DetailFormat, action_label, detail_of
from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import ActorKind
from event_mgmt.settings import LOCALES
from event_mgmt.web import times
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.locale import OWN_NAMES, current_language
from event_mgmt.web.templating import country_name

LONGEST = 160
_NOTHING = "–"


@dataclass(frozen=True)
class FieldChange:
    """One detail: what it is called, what it was and what it is; both empty if only named."""

    label: str
    old: str = ""
    new: str = ""


@dataclass(frozen=True)
class AuditLine:
    """One entry as a page shows it."""

    at: datetime
    who: str
    what: str
    changes: list[FieldChange]
    subject: str
    subject_id: int | None


def audit_line(entry: AuditEntry, names: Mapping[int, str], *, zone: str) -> AuditLine:
    """``entry`` in the reader's words; ``names`` of users by id, times in ``zone``."""
    return AuditLine(
        at=entry.at,
        who=_who(entry, names),
        what=action_label(entry.action) or _("Changed"),
        changes=list(_changes(entry, zone)),
        subject=entry.subject,
        subject_id=entry.subject_id,
    )


def _who(entry: AuditEntry, names: Mapping[int, str]) -> str:
    if entry.actor == ActorKind.PARTICIPANT:
        return _("Guest")
    if entry.user_id is None:
        return _("System")
    return names.get(entry.user_id) or _("Former user")


def _changes(entry: AuditEntry, zone: str) -> Iterator[FieldChange]:
    for name, value in entry.changes.items():
        detail = detail_of(entry.subject, name)
        if detail is None:
            continue
        if detail.shown is DetailFormat.NOT:
            yield FieldChange(str(detail.label))
        elif _is_pair(value, detail):
            yield from _difference(detail, value[0], value[1], zone)
        else:
            yield FieldChange(str(detail.label), new=_value(detail, value, zone))


def _is_pair(value: object, detail: Detail) -> TypeGuard[list[object]]:
    if not isinstance(value, list) or len(value) != 2:
        return False
    return not detail.several or all(inner is None or isinstance(inner, list) for inner in value)


def _difference(detail: Detail, old: object, new: object, zone: str) -> Iterator[FieldChange]:
    label = str(detail.label)
    if old is None:
        if (shown := _value(detail, new, zone)) != _NOTHING:
            yield FieldChange(label, new=shown)
    elif _is_localized(old) and (new is None or _is_localized(new)) and (old or new):
        for locale in LOCALES:
            before, after = old.get(locale, ""), (new or {}).get(locale, "")
            if before != after:
                named = f"{label} ({OWN_NAMES[locale]})"
                yield FieldChange(named, _short(before) or _NOTHING, _short(after) or _NOTHING)
    else:
        yield FieldChange(label, _value(detail, old, zone), _value(detail, new, zone))


def _is_localized(value: object) -> TypeGuard[dict[str, str]]:
    return isinstance(value, dict) and set(value) <= set(LOCALES)


def _value(detail: Detail, value: object, zone: str) -> str:
    match value:
        case None | "" | [] | {}:
            return _NOTHING
        case bool():
            return _("yes") if value else _("no")
        case dict() if _is_localized(value):
            return _short(value.get(current_language()) or next(iter(value.values())))
        case dict():
            return _short(", ".join(f"{key}: {inner}" for key, inner in value.items()))
        case list():
            return _short(", ".join(_value(detail, inner, zone) for inner in value))
        case str():
            return _short(_text(detail, value, zone))
        case _:
            return str(value)


def _text(detail: Detail, value: str, zone: str) -> str:
    if detail.words is not None:
        known = {member.value: member for member in detail.words}
        return enum_label(known[value]) if value in known else value
    if detail.called is not None:
        return detail.called(value)
    locale = current_language()
    if detail.shown is DetailFormat.INSTANT:
        return times.short_datetime(datetime.fromisoformat(value), zone, locale)
    if detail.shown is DetailFormat.DAY:
        return times.day(date.fromisoformat(value), locale)
    if detail.shown is DetailFormat.COUNTRY:
        return country_name(value, locale)
    return value


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
