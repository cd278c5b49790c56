"""Reading what is known about whom. ``host_ids`` bounds it to the events of those organisations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from event_mgmt.accounts import queries as accounts
from event_mgmt.accounts.models import Membership, Role, User
from event_mgmt.attendee_lists.models import Export
from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import db
from event_mgmt.core.text import search_fold, sort_key
from event_mgmt.events.models import Event, Partner, Question
from event_mgmt.mail.models import Message
from event_mgmt.privacy import ledger, rules
from event_mgmt.privacy.enums import RetentionKind
from event_mgmt.privacy.models import Erasure, RetentionRecord
from event_mgmt.registrations.mails import last_announcements
from event_mgmt.registrations.models import (
    Attendee,
    LastAnnouncement,
    Registration,
    SensitiveAnswers,
)
from event_mgmt.tasks import queries as task_queries
from event_mgmt.tasks.models import Task

PAGE_SIZE: Final = 30
MOST_NAMESAKES: Final = 20
_EVENTS_AT_ONCE: Final = 500


@dataclass(frozen=True)
class DataHolding:
    """What is kept of one event at present, until when, and what has gone already."""

    event: Event
    people: int = 0
    sensitive: int = 0
    mails: int = 0
    exports: int = 0
    gone: Mapping[RetentionKind, RetentionRecord] = field(default_factory=dict)

    @property
    def rule(self) -> rules.Rule:
        """The event's own rule."""
        event = self.event
        return rules.Rule(
            event.ends_at, event.time_zone, event.sensitive_days, event.retention_months
        )

    @property
    def sensitive_go_at(self) -> datetime:
        """When its sensitive answers go."""
        return self.rule.goes_at(RetentionKind.SENSITIVE)

    @property
    def personal_go_at(self) -> datetime:
        """When names, addresses and mails go."""
        return self.rule.goes_at(RetentionKind.PERSONAL)

    @property
    def went(self) -> RetentionRecord | None:
        """The record of personal data that have gone, once all of them have."""
        record = self.gone.get(RetentionKind.PERSONAL)
        return record if record and record.completed_at and record.counts else None


def holdings(events: Sequence[Event]) -> list[DataHolding]:
    """What is kept of each of these events; five statements, however many they are."""
    ids = [event.id for event in events]
    attended = select(Attendee.event_id, func.count()).join(
        Registration, Registration.id == Attendee.registration_id
    )
    people = _counts(
        attended.where(Attendee.event_id.in_(ids), Registration.erased_at.is_(None)).group_by(
            Attendee.event_id
        )
    )
    sensitive = _counts(
        select(Attendee.event_id, func.count())
        .join(SensitiveAnswers, SensitiveAnswers.attendee_id == Attendee.id)
        .where(Attendee.event_id.in_(ids))
        .group_by(Attendee.event_id)
    )
    mails = _counts(
        select(Message.event_id, func.count())
        .where(Message.event_id.in_(ids), Message.to_address != "")
        .group_by(Message.event_id)
    )
    exports = _counts(
        select(Export.event_id, func.count())
        .where(Export.event_id.in_(ids))
        .group_by(Export.event_id)
    )
    gone: dict[int, dict[RetentionKind, RetentionRecord]] = {}
    for record in db.session.scalars(
        select(RetentionRecord).where(RetentionRecord.event_id.in_(ids))
    ):
        gone.setdefault(record.event_id, {})[record.kind] = record
    return [
        DataHolding(
            event=event,
            people=people.get(event.id, 0),
            sensitive=sensitive.get(event.id, 0),
            mails=mails.get(event.id, 0),
            exports=exports.get(event.id, 0),
            gone=gone.get(event.id, {}),
        )
        for event in events
    ]


def holdings_of(event_ids: Iterable[int]) -> list[DataHolding]:
    """What is kept of the events with these ids, a few hundred at once."""
    wanted, found = sorted(set(event_ids)), []
    for start in range(0, len(wanted), _EVENTS_AT_ONCE):
        ids = wanted[start : start + _EVENTS_AT_ONCE]
        found += holdings(db.session.scalars(select(Event).where(Event.id.in_(ids))).all())
    return found


def _counts(statement: Any) -> dict[int, int]:
    return {key: count for key, count in db.session.execute(statement)}  # noqa: C416 - typed rows


@dataclass(frozen=True)
class Overview:
    """One page of events with what is kept of them, and how many there are in all."""

    holdings: list[DataHolding]
    total: int


def overview(*, host_ids: Collection[int] | None, number: int = 1) -> Overview:
    """The events in reach, the latest first; of all organisations where ``host_ids`` is None."""
    within = _hosted(host_ids)
    total = db.session.execute(select(func.count()).select_from(Event).where(*within)).scalar_one()
    events = db.session.scalars(
        select(Event)
        .where(*within)
        .options(joinedload(Event.host))
        .order_by(Event.ends_at.desc(), Event.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return Overview(holdings(events), total)


def _hosted(host_ids: Collection[int] | None) -> list[ColumnElement[bool]]:
    return [] if host_ids is None else [Event.host_id.in_(host_ids)]


@dataclass(frozen=True)
class KnownPerson:
    """All that is known of whoever is behind an address, as far as it is in reach.

    ``namesakes`` came along in other parties under the same name: perhaps the same person.
    ``exports`` were taken of the person's events since the registration: they may hold the data.
    """

    address: str
    registrations: Sequence[Registration] = ()
    events: Mapping[int, Event] = field(default_factory=dict)
    questions: Mapping[int, Sequence[Question]] = field(default_factory=dict)
    told: Mapping[int, Sequence[LastAnnouncement]] = field(default_factory=dict)
    mails: Sequence[Message] = ()
    history: Sequence[AuditEntry] = ()
    exports: Sequence[Export] = ()
    account: User | None = None
    namesakes: Sequence[tuple[Attendee, Event]] = ()
    erased_at: Sequence[datetime] = ()
    users: Mapping[int, str] = field(default_factory=dict)
    tasks: Sequence[Task] = ()

    @property
    def is_known(self) -> bool:
        """Whether anything at all is kept."""
        return bool(self.registrations or self.mails or self.account)

    @property
    def names(self) -> list[str]:
        """The names under which the address registered, each once: several may share it."""
        contacts = [registration.attendees[0] for registration in self.registrations]
        return list(dict.fromkeys(c.full_name for c in contacts))

    def counts(self) -> dict[str, int]:
        """How much of what, for the record of who looked."""
        found = {
            "registrations": len(self.registrations),
            "mails": len(self.mails),
            "accounts": int(self.account is not None),
        }
        return {kind: count for kind, count in found.items() if count}


_SPELT_OUT: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


def person_behind(address: str, *, host_ids: Collection[int] | None) -> KnownPerson:
    """Everything about ``address``; the account only where all organisations are in reach."""
    address = ledger.normalized(address)
    registrations = _registrations(address, host_ids)
    events = _events({r.event_id for r in registrations})
    ids = [registration.id for registration in registrations]
    account = accounts.user_by_email(address) if host_ids is None else None
    mails = _mails(address, ids, host_ids)
    history = _history(ids, account)
    exports = _exports(registrations)
    acting = {entry.user_id for entry in history} | {export.user_id for export in exports}
    return KnownPerson(
        address=address,
        registrations=registrations,
        events={**events, **_events({m.event_id for m in mails if m.event_id} - set(events))},
        questions=_questions(events),
        told=last_announcements.by_registration(ids),
        mails=mails,
        history=history,
        exports=exports,
        account=account,
        namesakes=_namesakes(registrations, address, host_ids),
        erased_at=_erased_at(address, host_ids),
        users=accounts.names_of(user_id for user_id in acting if user_id is not None),
        tasks=task_queries.tasks_of(account.id) if account else (),
    )


def _registrations(address: str, host_ids: Collection[int] | None) -> Sequence[Registration]:
    if not address:
        return []
    return db.session.scalars(
        select(Registration)
        .join(Event)
        .where(Registration.email == address, *_hosted(host_ids))
        .options(selectinload(Registration.attendees).joinedload(Attendee.sensitive))
        .order_by(Registration.created_at, Registration.id)
    ).all()


def _events(ids: Collection[int]) -> dict[int, Event]:
    found = db.session.scalars(
        select(Event)
        .where(Event.id.in_(ids))
        .options(
            joinedload(Event.host),
            selectinload(Event.partners).joinedload(Partner.organisation),
            selectinload(Event.pools),
        )
    )
    return {event.id: event for event in found}


def _questions(events: Collection[int]) -> dict[int, list[Question]]:
    found = db.session.scalars(
        select(Question)
        .where(Question.event_id.in_(list(events)))
        .order_by(Question.event_id, Question.position, Question.id)
    )
    questions: dict[int, list[Question]] = {}
    for question in found:
        questions.setdefault(question.event_id, []).append(question)
    return questions


def _mails(
    address: str, registration_ids: Sequence[int], host_ids: Collection[int] | None
) -> Sequence[Message]:
    to_them: ColumnElement[bool] = Message.to_address == address
    if host_ids is not None:
        hosted = select(Event.id).where(Event.host_id.in_(host_ids))
        to_them = and_(to_them, Message.event_id.in_(hosted))
    about_them = Message.registration_id.in_(registration_ids)
    return db.session.scalars(
        select(Message)
        .where(or_(to_them, about_them), Message.to_address != "")
        .order_by(Message.created_at, Message.id)
    ).all()


def _history(registration_ids: Sequence[int], account: User | None) -> Sequence[AuditEntry]:
    about: ColumnElement[bool] = and_(
        AuditEntry.subject == "registration", AuditEntry.subject_id.in_(registration_ids)
    )
    if account is not None:
        own = and_(AuditEntry.subject == "user", AuditEntry.subject_id == account.id)
        about = or_(about, own)
    return db.session.scalars(
        select(AuditEntry).where(about).order_by(AuditEntry.at, AuditEntry.id)
    ).all()


def _exports(registrations: Sequence[Registration]) -> Sequence[Export]:
    since = {r.event_id: r.created_at for r in reversed(registrations)}
    may_hold = [(Export.event_id == event_id) & (Export.at >= at) for event_id, at in since.items()]
    if not may_hold:
        return []
    return db.session.scalars(
        select(Export).where(or_(*may_hold)).order_by(Export.at, Export.id)
    ).all()


def _namesakes(
    registrations: Sequence[Registration], address: str, host_ids: Collection[int] | None
) -> list[tuple[Attendee, Event]]:
    contacts = [registration.attendees[0] for registration in registrations]
    keys = {key for contact in contacts for key in _spellings(contact)}
    if not keys:
        return []
    found = db.session.execute(
        select(Attendee, Event)
        .join(Registration, Registration.id == Attendee.registration_id)
        .join(Event, Event.id == Attendee.event_id)
        .where(
            Attendee.sort_key.in_(keys),
            Attendee.position > 0,
            Registration.email != address,
            *_hosted(host_ids),
        )
        .options(joinedload(Attendee.registration))
        .order_by(Attendee.id)
        .limit(MOST_NAMESAKES)
    )
    return [(attendee, event) for attendee, event in found]


def _spellings(contact: Attendee) -> set[str]:
    """The sort keys under which somebody of that name may stand: other spellings, other order."""
    ways = (contact.family_name, contact.given_name), (contact.given_name, contact.family_name)
    spellings = (lambda name: name, search_fold, lambda name: name.casefold().translate(_SPELT_OUT))
    return {
        sort_key("de", *map(spell, names)) for names in ways if any(names) for spell in spellings
    }


def _erased_at(address: str, host_ids: Collection[int] | None) -> list[datetime]:
    reach: ColumnElement[bool] = Erasure.host_id.is_(None)
    if host_ids is not None:
        reach = or_(reach, Erasure.host_id.in_(host_ids))
    return list(
        db.session.scalars(
            select(Erasure.erased_at)
            .where(Erasure.address_digest == ledger.digest(address), reach)
            .order_by(Erasure.erased_at)
        )
    )


def erasures(*, host_ids: Collection[int] | None, most: int = 20) -> Sequence[Erasure]:
    """The latest entries of the ledger in reach."""
    wanted = select(Erasure).order_by(Erasure.erased_at.desc(), Erasure.id.desc()).limit(most)
    if host_ids is not None:
        wanted = wanted.where(Erasure.host_id.in_(host_ids))
    return db.session.scalars(wanted).all()


@dataclass(frozen=True)
class StaffAccess:
    """How many active people an organisation has in a role, and how many see sensitive answers."""

    organisation_id: int
    role: Role
    people: int
    sees_sensitive: int


def staff_of(organisation_ids: Collection[int]) -> list[StaffAccess]:
    """The teams of these organisations as numbers, from the most to the least in rights."""
    sensitive = func.sum(case((Membership.sees_sensitive, 1), else_=0))
    rows = db.session.execute(
        select(Membership.organisation_id, Membership.role, func.count(), sensitive)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id.in_(organisation_ids), User.is_active)
        .group_by(Membership.organisation_id, Membership.role)
    )
    found = [StaffAccess(body, role, people, int(seeing)) for body, role, people, seeing in rows]
    return sorted(found, key=lambda staff: (staff.organisation_id, list(Role).index(staff.role)))


def memberships_of(user: User) -> Sequence[Membership]:
    """The teams that an account belongs to, with their organisations."""
    return db.session.scalars(
        select(Membership)
        .where(Membership.user_id == user.id)
        .options(joinedload(Membership.organisation))
        .order_by(Membership.id)
    ).all()
