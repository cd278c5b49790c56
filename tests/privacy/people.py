"""Somebody who has left traces wherever the system keeps any, and others who must stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from event_mgmt.accounts.authentication import account_key
from event_mgmt.accounts.models import LinkPurpose, Role, User
from event_mgmt.accounts.one_time_links import issue
from event_mgmt.attendee_lists import service as lists
from event_mgmt.attendee_lists.criteria import ListCriteria, SortOrder
from event_mgmt.attendee_lists.models import Export
from event_mgmt.audit.service import PARTICIPANT, Actor, record
from event_mgmt.core import throttle
from event_mgmt.core.database import db, transactional
from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import QuestionKind
from event_mgmt.events.models import Event, Question
from event_mgmt.files.purposes import FileOwner
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.registration_desk import commands as registration_desk
from event_mgmt.registration_desk.imports import uploads
from event_mgmt.registrations import commands as registrations
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.mails import last_announcements
from event_mgmt.registrations.models import LastAnnouncement, Registration
from event_mgmt.registrations.party import Party, Person
from event_mgmt.tasks.enums import TaskState
from event_mgmt.tasks.models import Task
from tests.builders import a_proposal, a_user, saved
from tests.files.samples import kept

ADDRESS = "ljudmila.zlahtna@erazmus.example.org"
FORMER_ADDRESS = "lj.zlahtna@stara.example.org"
TOLD_AT = datetime(2027, 1, 12, 9, 2, tzinfo=UTC)
WORDS = (
    ADDRESS,
    FORMER_ADDRESS,
    "Ljudmila",
    "Žlahtnikova",
    "Zlatarjeva",
    "Kompanjonka",
    "+386 41 765 432",
    "Erazmova tiskarna",
    "Vrhovna tiskarka",
    "brez oreščkov",
    "vozim se z vlakom",
    "prosim ob oknu",
    "prijateljica ministra",
)
"""What would betray her: addresses, names, phone, organisation, function, answers, notes."""


def her_party(event: Event, **given: object) -> Party:
    """Ljudmila with a companion, and everything that a form can hold."""
    questions = {question.is_sensitive: str(question.id) for question in event.questions}
    her = Person(
        "Ljudmila",
        "Žlahtnikova",
        academic_title="dr.",
        function="Vrhovna tiskarka",
        organisation="Erazmova tiskarna d.o.o.",
        country="SI",
        phone="+386 41 765 432",
        answers={questions[False]: "vozim se z vlakom"} if False in questions else {},
        sensitive={questions[True]: "brez oreščkov"} if True in questions else {},
    )
    values = {
        "email": FORMER_ADDRESS,
        "locale": "sl",
        "companions": (Person("Vida", "Kompanjonka"),),
        "message": "Prosim ob oknu.",
        "privacy_version": "2026-11",
        **given,
    }
    return Party(contact=her, **values)


def questions_for(event: Event) -> None:
    """An ordinary question and a sensitive one."""
    for position, sensitive in enumerate((False, True)):
        saved(
            Question(
                event_id=event.id,
                position=position,
                kind=QuestionKind.SHORT_TEXT,
                label=Localized(sl="Vprašanje", de="Frage"),
                is_sensitive=sensitive,
            )
        )
    db.session.expire(event)


def registered(event: Event, *, now: datetime, nonce: str = "hers") -> Registration:
    """Her registration as it grows: made, changed, noted, decided, mailed, exported."""
    party = her_party(event)
    made = registrations.register(event.id, party, nonce=nonce, by=PARTICIPANT, now=now)
    later = now + timedelta(minutes=1)
    moved = her_party(event, email=ADDRESS)
    registrations.change(made.id, moved, by=Actor.user(1), now=later)
    a_proposal(
        db.session.get_one(Registration, made.id), sensitive=[{"1": "brez oreščkov"}, {}, {}]
    )
    _corrected(made.id)
    registration_desk.save_note(made.id, "Prijateljica ministra", by=Actor.user(1), now=later)
    _sent(made.id)
    return made


@transactional
def _corrected(registration_id: int) -> None:
    """As if she had been accepted under another name, and had corrected it since."""
    her = db.session.get_one(Registration, registration_id).attendees[0]
    her.decided_name = {"given_name": "Ljudmila", "family_name": "Zlatarjeva"}


@transactional
def _sent(registration_id: int) -> None:
    """As if her mails had gone out, one with an error that quotes the address."""
    event = db.session.get_one(Registration, registration_id).event_id
    said = last_announcements.announcement_of(db.session.get_one(Event, event), with_link=False)
    for address in (ADDRESS, FORMER_ADDRESS):
        told = LastAnnouncement(registration_id=registration_id, address=address, told_at=TOLD_AT)
        for name, value in vars(said).items():
            setattr(told, name, value)
        db.session.add(told)
    for number, message in enumerate(
        db.session.query(Message).filter(Message.registration_id == registration_id)
    ):
        message.state = MessageState.FAILED if number else MessageState.SENT
        message.subject = "Za Ljudmilo Žlahtnikova"
        message.last_error = f"550 <{ADDRESS}> unknown"


def mentioned(event: Event, staff: User, *, now: datetime) -> None:
    """Staff who wrote her name into purposes, searches and saved views."""
    export = Export(
        at=now,
        event_id=event.id,
        user_id=staff.id,
        format="pdf",
        purpose="Tischkarte für dr. Ljudmila Žlahtnikova",
        criteria={"search": "zlahtnikova ljudmila", "order": "surname"},
        columns=["family_name"],
        row_count=1,
        sha256="0" * 64,
    )
    lists.record_export(export, organisation_id=event.host_id, by=Actor.user(staff.id), now=now)
    waiting = uploads.keep(
        f"Vorname;Nachname;E-Mail\nLjudmila;Žlahtnikova;{ADDRESS}\n".encode(),
        event_id=event.id,
        user_id=staff.id,
        kept_at=now,
        file_name="gaeste.csv",
        pool_id=event.pools[0].id,
        locale="de",
    )
    uploads.correct_cells(waiting.token, {"1-1": "Žlahtnikova"})
    lists.save_view(
        staff.id, "Nina", ListCriteria(search="Ljudmila Žlahtnikova"), SortOrder.SURNAME
    )
    lists.save_view(staff.id, "Prej", ListCriteria(search="Zlatarjeva"), SortOrder.SURNAME)
    confirmed = ListCriteria(statuses=(Status.CONFIRMED,))
    lists.save_view(staff.id, "Miza Žlahtnikova", confirmed, SortOrder.SURNAME)
    lists.save_template(staff.id, "Za Žlahtnikova", ["family_name"], SortOrder.SURNAME)
    _asked_for_a_list(event, staff, now=now)
    _tried_out(event, staff, now=now)


def _asked_for_a_list(event: Event, staff: User, *, now: datetime) -> None:
    """A task whose arguments, progress and result name her."""
    saved(
        Task(
            kind="no_such_kind",
            arguments={"search": "Ljudmila Žlahtnikova", "purpose": "Miza Žlahtnikova"},
            user_id=staff.id,
            event_id=event.id,
            locale="de",
            state=TaskState.DONE,
            words="Zlatarjeva",
            created_at=now,
            due_at=now,
            ended_at=now,
            progress_code="read",
            progress_values={"name": "Ljudmila"},
            checkpoint={"name": "Ljudmila"},
            result_id=None,
            result_name="zlahtnikova.csv",
            result_facts={"search": "Ljudmila"},
        )
    )


@transactional
def _tried_out(event: Event, staff: User, *, now: datetime) -> None:
    """A reminder that staff sent to themselves, with her as the sample."""
    db.session.add(
        Message(
            key=f"reminder_test:1:{staff.id}:n",
            kind="reminder_test",
            locale="de",
            to_address=staff.email,
            event_id=event.id,
            facts={"rule_id": 1},
            state=MessageState.SENT,
            subject="Bis bald, Ljudmila Žlahtnikova!",
            created_at=now,
            due_at=now,
        )
    )


def with_account(*, now: datetime, role: Role | None = None, organisation: object = None) -> User:
    """Her account, with everything that hangs on it."""
    more = {"organisation": organisation, "role": role} if organisation else {}
    user = a_user(
        **more,
        email=ADDRESS,
        given_name="Ljudmila",
        family_name="Žlahtnikova",
        password_hash="x",
        totp_secret="SECRET",
        created_at=now,
    )
    _account_traces(user, now=now)
    kept("Ljudmila Žlahtnikova\n".encode(), FileOwner(user_id=user.id), now=now)
    lists.save_view(user.id, "Moji", ListCriteria(search="tisk"), SortOrder.SURNAME)
    throttle.count_attempt(f"reset:{account_key_of()}", window=timedelta(hours=1), now=now)
    return user


def account_key_of() -> str:
    """By what tries on her account are counted."""
    return account_key(ADDRESS)


@transactional
def _account_traces(user: User, *, now: datetime) -> None:
    issue(user.id, LinkPurpose.PASSWORD_RESET, now=now)
    changes = {"name": ["", "Ljudmila Žlahtnikova"], "email": ADDRESS, "locale": ["de", "sl"]}
    by = Actor.user(user.id)
    record("account_created", by=by, now=now, subject="user", subject_id=user.id, changes=changes)
    db.session.add(
        Message(
            key=f"password_changed:{user.id}:1",
            kind="password_changed",
            locale="sl",
            to_address=ADDRESS,
            to_name="Ljudmila Žlahtnikova",
            facts={"user_id": user.id},
            created_at=now,
            due_at=now,
        )
    )


@dataclass(frozen=True)
class Scene:
    """An event with her and another guest, and the staff who look after it."""

    event: Event
    hers: Registration
    other: Registration
    staff: User
