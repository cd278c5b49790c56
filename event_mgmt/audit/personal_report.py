"""What was done with a subject's registrations and account, as the dossier tells of it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import and_, or_, select

from event_mgmt.audit import labels
from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import ActorKind
from event_mgmt.core.database import db
from event_mgmt.core.personal_data import DataSubject, Reach
from event_mgmt.core.personal_report import (
    AccountName,
    EventInstant,
    Report,
    ReportReader,
    table_section,
)


def report(subject: DataSubject, _reach: Reach, _reader: ReportReader) -> Report:
    """The entries about the subject's registrations and account, the oldest first."""
    entries = _entries(subject)
    rows = [
        (
            EventInstant(entry.at, entry.event_id),
            labels.action_label(entry.action) or entry.action,
            _actor(entry),
        )
        for entry in entries
    ]
    heads = (_("When"), _("What"), _("Who"))
    return Report(
        position=40,
        sections=table_section(_("History"), heads, rows, (3, 6, 4)),
        data={
            "history": [
                {"at": entry.at.isoformat(), "action": entry.action, "details": entry.changes}
                for entry in entries
            ]
        },
    )


def _entries(subject: DataSubject) -> Sequence[AuditEntry]:
    about = [
        and_(AuditEntry.subject == kind, AuditEntry.subject_id.in_(subject.ids(kind)))
        for kind in ("registration", "user")
    ]
    return db.session.scalars(
        select(AuditEntry).where(or_(*about)).order_by(AuditEntry.at, AuditEntry.id)
    ).all()


def _actor(entry: AuditEntry) -> str | AccountName:
    if entry.actor == ActorKind.PARTICIPANT:
        return _("Guest")
    if entry.user_id is None:
        return _("System")
    return AccountName(entry.user_id, _("Former user"))
