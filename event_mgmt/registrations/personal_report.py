"""A subject's registrations with everybody in them, as the dossier tells of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _, ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from event_mgmt.core.database import db
from event_mgmt.core.personal_data import DataSubject, Reach
from event_mgmt.core.personal_report import (
    Report,
    ReportReader,
    ReportSection,
    table_section,
)
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event, Partner, Question
from event_mgmt.registrations.mails import last_announcements
from event_mgmt.registrations.models import Attendee, LastAnnouncement, Registration
from event_mgmt.registrations.namesakes import Namesake, namesakes_of
from event_mgmt.registrations.participant.queries import personal_data_of
from event_mgmt.registrations.people import display_names
from event_mgmt.registrations.person_fields import PERSON_FIELDS, NamePart
from event_mgmt.registrations.questions.answer_text import answer_texts
from event_mgmt.web import times
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.locale import OWN_NAMES

Facts = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class _Party:
    """A registration with what is needed to tell of it."""

    registration: Registration
    event: Event
    questions: Sequence[Question]
    told: Sequence[LastAnnouncement]
    shows_sensitive: bool


def report(subject: DataSubject, reach: Reach, reader: ReportReader) -> Report:
    """The parties registered with the subject's address, and companions of the same name."""
    parties = _parties(subject.ids("registration"), reader)
    contacts = [party.registration.attendees[0] for party in parties]
    goes = ngettext(
        "%(num)d registration with everybody in it, notes and answers",
        "%(num)d registrations with everybody in them, notes and answers",
        len(parties),
    )
    return Report(
        position=10,
        sections=[_section(party, reader.locale) for party in parties],
        staff_sections=_namesakes(namesakes_of(contacts, subject.address, reach), reader.locale),
        data={"registrations": [_as_data(party) for party in parties]},
        counts={"registrations": len(parties)},
        names=list(dict.fromkeys(contact.full_name for contact in contacts)),
        goes=(goes,),
        event_ids=[party.event.id for party in parties],
    )


def _parties(ids: Sequence[int], reader: ReportReader) -> list[_Party]:
    found = db.session.scalars(
        select(Registration)
        .where(Registration.id.in_(ids))
        .options(selectinload(Registration.attendees).joinedload(Attendee.sensitive))
        .order_by(Registration.created_at, Registration.id)
    ).all()
    events = _events({registration.event_id for registration in found})
    questions = _questions(events)
    told = last_announcements.by_registration(ids)
    return [
        _Party(
            registration=each,
            event=events[each.event_id],
            questions=questions.get(each.event_id, ()),
            told=told.get(each.id, ()),
            shows_sensitive=reader.sees_sensitive(events[each.event_id].host_id),
        )
        for each in found
    ]


def _events(ids: Collection[int]) -> dict[int, Event]:
    found = db.session.scalars(
        select(Event)
        .where(Event.id.in_(ids))
        .options(
            joinedload(Event.host),
            selectinload(Event.partners).joinedload(Partner.organisation),
        )
    )
    return {event.id: event for event in found}


def _questions(events: Iterable[int]) -> Mapping[int, Sequence[Question]]:
    found = db.session.scalars(
        select(Question)
        .where(Question.event_id.in_(list(events)))
        .order_by(Question.event_id, Question.position, Question.id)
    )
    questions: dict[int, list[Question]] = {}
    for question in found:
        questions.setdefault(question.event_id, []).append(question)
    return questions


def _as_data(party: _Party) -> dict[str, object]:
    registration, may_see = party.registration, party.shows_sensitive
    asked = [question for question in party.questions if may_see or not question.is_sensitive]
    data = personal_data_of(registration, party.event, asked, told=party.told, sensitive=may_see)
    return {**data, "staff_note": registration.staff_note, "reason": registration.reason}


def _section(party: _Party, locale: str) -> ReportSection:
    event = party.event
    when = times.days(event.starts_at, event.ends_at, event.time_zone, locale)
    facts = [*_of_registration(party, locale)]
    for attendee in party.registration.attendees:
        facts += _of_attendee(attendee, party, locale)
    return ReportSection(
        title=f"{_('Registration')}: {event.title.into(locale)}",
        words=(f"{when} · {event.host.name.into(locale)}",),
        facts=facts,
    )


def _of_registration(party: _Party, locale: str) -> Facts:
    registration, event = party.registration, party.event
    at = times.short_datetime(registration.created_at, event.time_zone, locale)
    yield _("Status"), enum_label(registration.status)
    yield _("Registered"), f"{at} ({enum_label(registration.source)})"
    yield _("E-mail"), registration.email
    yield _("Language"), OWN_NAMES.get(registration.locale, registration.locale)
    yield _("Message to the organiser"), registration.message
    yield _("Note"), registration.staff_note
    yield _("Reason"), registration.reason
    shares_name = _("yes") if registration.shares_name else _("no")
    yield _("Named to the other participants"), shares_name
    yield _("Privacy notice"), registration.privacy_version
    for told in party.told:
        yield _("Last told of the event"), _last_announcement(told, event, locale)


def _last_announcement(told: LastAnnouncement, event: Event, locale: str) -> str:
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
    return " · ".join(part for part in parts if part)


def _of_attendee(attendee: Attendee, party: _Party, locale: str) -> Facts:
    label = _("Companion") if attendee.is_companion else _("Name")
    yield label, display_names.titled_name(attendee)
    yield _("Accepted under the name"), display_names.approved_name(attendee)
    for field in PERSON_FIELDS:
        if field.name_part is NamePart.NONE:
            stored = getattr(attendee, field.name)
            yield str(field.label), display_names.shown_value(field.kind, stored, locale)
    if attendee.checked_in_at:
        zone = party.event.time_zone
        yield _("Checked in"), times.short_datetime(attendee.checked_in_at, zone, locale)
    yield from _answers(attendee, party, locale)


def _answers(attendee: Attendee, party: _Party, locale: str) -> Facts:
    given = dict(attendee.answers)
    if attendee.sensitive and party.shows_sensitive:
        given |= attendee.sensitive.answers
    elif attendee.sensitive:
        yield _("Sensitive answers"), _("kept; only those with a right of their own see them")
    for answer in answer_texts(party.questions, given, locale):
        yield answer.label, answer.text


def _namesakes(namesakes: Sequence[Namesake], locale: str) -> Sequence[ReportSection]:
    rows = [
        (
            each.event.title.into(locale),
            display_names.titled_name(each.attendee),
            times.days(each.event.starts_at, each.event.ends_at, each.event.time_zone, locale),
        )
        for each in namesakes
    ]
    words = ngettext(
        "Somebody of the same name came along in another party. Companions have no address here:"
        " whether it is the same person, only the parties know.",
        "People of the same name came along in other parties. Companions have no address here:"
        " whether it is the same person, only the parties know.",
        len(rows),
    )
    heads = (_("Event"), _("Companion"), _("When"))
    return table_section(_("Perhaps the same person"), heads, rows, (6, 4, 5), words=(words,))
