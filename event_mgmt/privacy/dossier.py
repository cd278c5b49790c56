"""What is known about a person, for that person's own hands (Art. 15 and 20 GDPR)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from flask_babel import gettext as _, ngettext

from event_mgmt.attendee_lists.formats import registry
from event_mgmt.audit import labels as audit_labels
from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import ActorKind
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.mail.kinds import mail_kind_label
from event_mgmt.privacy import queries
from event_mgmt.privacy.papers import PaperSection, PaperTable
from event_mgmt.privacy.queries import KnownPerson
from event_mgmt.registrations.mails import last_announcements
from event_mgmt.registrations.models import Attendee, LastAnnouncement, Registration
from event_mgmt.registrations.participant.queries import personal_data_of
from event_mgmt.registrations.people import display_names
from event_mgmt.registrations.person_fields import PERSON_FIELDS, NamePart
from event_mgmt.registrations.questions.answer_text import answer_texts
from event_mgmt.tasks import queries as task_queries
from event_mgmt.tasks.kinds import called
from event_mgmt.web import times
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.locale import OWN_NAMES

Shows = Callable[[Event], bool]
"""Whether whoever asks may see the sensitive answers of an event."""


def as_json(person: KnownPerson, *, shows: Shows, now: datetime) -> dict[str, Any]:
    """Everything as plain values; instants in UTC."""
    account = person.account
    return {
        "address": person.address,
        "made_at": now.isoformat(),
        "registrations": [_registration(each, person, shows) for each in person.registrations],
        "mails": [
            {
                "kind": mail.kind,
                "to": mail.to_address,
                "subject": mail.subject,
                "state": mail.state,
                "contents": mail.facts,
                "created_at": mail.created_at.isoformat(),
                "sent_at": mail.sent_at.isoformat() if mail.sent_at else None,
            }
            for mail in person.mails
        ],
        "history": [
            {"at": entry.at.isoformat(), "action": entry.action, "details": entry.changes}
            for entry in person.history
        ],
        "lists_taken_since": [
            {
                "at": export.at.isoformat(),
                "event_id": export.event_id,
                "format": export.format,
                "purpose": export.purpose,
                "people": export.row_count,
            }
            for export in person.exports
        ],
        "account": account
        and {
            "email": account.email,
            "given_name": account.given_name,
            "family_name": account.family_name,
            "language": account.locale,
            "created_at": account.created_at.isoformat(),
            "teams": [
                {"organisation": place.organisation.name.as_dict(), "role": place.role}
                for place in queries.memberships_of(account)
            ],
            "tasks": [dict(task_queries.facts_of(task)) for task in person.tasks],
        },
    }


def _registration(registration: Registration, person: KnownPerson, shows: Shows) -> dict[str, Any]:
    event = person.events[registration.event_id]
    questions = person.questions.get(event.id, ())
    may_see = shows(event)
    asked = [question for question in questions if may_see or not question.is_sensitive]
    told = person.told.get(registration.id, ())
    data = personal_data_of(registration, event, asked, told=told, sensitive=may_see)
    return {**data, "staff_note": registration.staff_note, "reason": registration.reason}


def sections(
    person: KnownPerson, *, locale: str, shows: Shows, is_for_staff: bool = False
) -> list[PaperSection]:
    """The same for reading, one section for each registration and for each other kind of data.

    Staff read of namesakes in other parties as well; the person does not: they are strangers until
    somebody has found out (Art. 15 (4) GDPR).
    """
    found = [
        *(_of_registration(each, person, locale, shows) for each in person.registrations),
        _of_mails(person, locale),
        _of_exports(person, locale),
        _of_history(person, locale),
        _of_account(person, locale),
        _of_tasks(person, locale),
        _of_namesakes(person, locale) if is_for_staff else None,
    ]
    return [section for section in found if section is not None]


def _of_registration(
    registration: Registration, person: KnownPerson, locale: str, shows: Shows
) -> PaperSection:
    event = person.events[registration.event_id]
    privacy = registration.privacy_version
    at = times.short_datetime(registration.created_at, event.time_zone, locale)
    facts = [
        (_("Status"), enum_label(registration.status)),
        (_("Registered"), f"{at} ({enum_label(registration.source)})"),
        (_("E-mail"), registration.email),
        (_("Language"), OWN_NAMES.get(registration.locale, registration.locale)),
        (_("Message to the organiser"), registration.message),
        (_("Note"), registration.staff_note),
        (_("Reason"), registration.reason),
        (_("Named to the other participants"), _("yes") if registration.shares_name else _("no")),
        (_("Privacy notice"), privacy),
        *(_last_announcement(told, event, locale) for told in person.told.get(registration.id, ())),
    ]
    for attendee in registration.attendees:
        facts += _of_attendee(attendee, person, event, locale, shows)
    when = times.days(event.starts_at, event.ends_at, event.time_zone, locale)
    host = event.host.name.into(locale)
    title = f"{_('Registration')}: {event.title.into(locale)}"
    return PaperSection(title, words=(f"{when} · {host}",), facts=facts)


def _last_announcement(told: LastAnnouncement, event: Event, locale: str) -> tuple[str, str]:
    """When a mail last said when and where the event is, to which address, and what."""
    said = last_announcements.to_announcement(told)
    parts = [
        times.short_datetime(told.told_at, event.time_zone, locale),
        told.address,
        "" if said.status is EventStatus.PUBLISHED else enum_label(said.status),
        times.span(said.starts_at, said.ends_at, said.time_zone, locale),
        said.place,
        said.online_url or "",
    ]
    return _("Last told of the event"), " · ".join(part for part in parts if part)


def _of_attendee(
    attendee: Attendee, person: KnownPerson, event: Event, locale: str, shows: Shows
) -> Iterator[tuple[str, str]]:
    label = _("Companion") if attendee.is_companion else _("Name")
    yield label, display_names.titled_name(attendee)
    yield _("Accepted under the name"), display_names.approved_name(attendee)
    for field in PERSON_FIELDS:
        if field.name_part is NamePart.NONE:
            stored = getattr(attendee, field.name)
            yield str(field.label), display_names.shown_value(field.kind, stored, locale)
    if attendee.checked_in_at:
        yield _("Checked in"), times.short_datetime(attendee.checked_in_at, event.time_zone, locale)
    given = dict(attendee.answers)
    if attendee.sensitive and shows(event):
        given |= attendee.sensitive.answers
    elif attendee.sensitive:
        yield _("Sensitive answers"), _("kept; only those with a right of their own see them")
    for answer in answer_texts(person.questions.get(event.id, ()), given, locale):
        yield answer.label, answer.text


def _zone(person: KnownPerson, event_id: int | None) -> str:
    event = person.events.get(event_id or 0)
    return event.time_zone if event else times.READERS_ZONE


def _of_mails(person: KnownPerson, locale: str) -> PaperSection | None:
    rows = [
        (
            times.short_datetime(
                mail.sent_at or mail.created_at, _zone(person, mail.event_id), locale
            ),
            mail.to_address,
            mail.subject or mail_kind_label(mail.kind),
            enum_label(mail.state),
        )
        for mail in person.mails
    ]
    heads = (_("When"), _("To"), _("Mail"), _("State"))
    return PaperSection(_("Mails"), table=PaperTable(heads, rows, (3, 5, 6, 3))) if rows else None


def _of_exports(person: KnownPerson, locale: str) -> PaperSection | None:
    rows = [
        (
            times.short_datetime(export.at, _zone(person, export.event_id), locale),
            person.users.get(export.user_id) or _("Deleted account"),
            registry.called(export.format),
            export.purpose,
        )
        for export in person.exports
    ]
    if not rows:
        return None
    words = _(
        "Since the registration these lists were taken of the same events. Whom each of them names"
        " is not recorded; it may hold these details."
    )
    heads = (_("When"), _("Taken by"), _("Format"), _("Purpose"))
    return PaperSection(
        _("Lists and exports"), (words,), table=PaperTable(heads, rows, (3, 4, 3, 7))
    )


def _of_history(person: KnownPerson, locale: str) -> PaperSection | None:
    rows = [
        (
            times.short_datetime(entry.at, _zone(person, entry.event_id), locale),
            audit_labels.action_label(entry.action) or entry.action,
            _actor_name(entry, person),
        )
        for entry in person.history
    ]
    heads = (_("When"), _("What"), _("Who"))
    return PaperSection(_("History"), table=PaperTable(heads, rows, (3, 6, 4))) if rows else None


def _actor_name(entry: AuditEntry, person: KnownPerson) -> str:
    if entry.actor == ActorKind.PARTICIPANT:
        return _("Guest")
    if entry.user_id is None:
        return _("System")
    return person.users.get(entry.user_id) or _("Former user")


def _of_account(person: KnownPerson, locale: str) -> PaperSection | None:
    account = person.account
    if account is None:
        return None
    made = times.short_datetime(account.created_at, times.READERS_ZONE, locale)
    teams = [
        f"{place.organisation.name.into(locale)} ({enum_label(place.role)})"
        for place in queries.memberships_of(account)
    ]
    facts = (
        (_("Name"), account.display_name),
        (_("E-mail"), account.email),
        (_("Language"), OWN_NAMES.get(account.locale, account.locale)),
        (_("Account since"), made),
        (_("Teams"), ", ".join(teams)),
    )
    return PaperSection(_("Account"), facts=facts)


def _of_tasks(person: KnownPerson, locale: str) -> PaperSection | None:
    rows = [
        (
            times.short_datetime(task.created_at, times.READERS_ZONE, locale),
            called(task.kind),
            enum_label(task.state),
        )
        for task in person.tasks
    ]
    heads = (_("When"), _("Task"), _("State"))
    return (
        PaperSection(_("Tasks asked for"), table=PaperTable(heads, rows, (3, 7, 3)))
        if rows
        else None
    )


def _of_namesakes(person: KnownPerson, locale: str) -> PaperSection | None:
    rows = [
        (
            event.title.into(locale),
            display_names.titled_name(attendee),
            times.days(event.starts_at, event.ends_at, event.time_zone, locale),
        )
        for attendee, event in person.namesakes
    ]
    if not rows:
        return None
    words = ngettext(
        "Somebody of the same name came along in another party. Companions have no address here:"
        " whether it is the same person, only the parties know.",
        "People of the same name came along in other parties. Companions have no address here:"
        " whether it is the same person, only the parties know.",
        len(rows),
    )
    heads = (_("Event"), _("Companion"), _("When"))
    return PaperSection(
        _("Perhaps the same person"), (words,), table=PaperTable(heads, rows, (6, 4, 5))
    )
