"""The lists that may hold a subject, as the dossier tells of them."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from event_mgmt.attendee_lists.formats import registry
from event_mgmt.attendee_lists.models import Export
from event_mgmt.core.database import db
from event_mgmt.core.personal_data import DataSubject, Reach
from event_mgmt.core.personal_report import (
    AccountName,
    EventInstant,
    Report,
    ReportReader,
    table_section,
)
from event_mgmt.registrations.models import Registration


def report(subject: DataSubject, _reach: Reach, _reader: ReportReader) -> Report:
    """What was taken of the subject's events since the subject was registered there."""
    exports = _exports(subject.ids("registration"))
    rows = [
        (
            EventInstant(export.at, export.event_id),
            AccountName(export.user_id, _("Deleted account")),
            registry.called(export.format),
            export.purpose,
        )
        for export in exports
    ]
    words = _(
        "Since the registration these lists were taken of the same events. Whom each of them names"
        " is not recorded; it may hold these details."
    )
    heads = (_("When"), _("Taken by"), _("Format"), _("Purpose"))
    title = _("Lists and exports")
    return Report(
        position=30,
        sections=table_section(title, heads, rows, (3, 4, 3, 7), words=(words,)),
        data={"lists_taken_since": [_as_data(export) for export in exports]},
    )


def _exports(registration_ids: Sequence[int]) -> Sequence[Export]:
    since = db.session.execute(
        select(Registration.event_id, func.min(Registration.created_at))
        .where(Registration.id.in_(registration_ids))
        .group_by(Registration.event_id)
    ).all()
    may_hold = [(Export.event_id == event_id) & (Export.at >= at) for event_id, at in since]
    if not may_hold:
        return []
    return db.session.scalars(
        select(Export).where(or_(*may_hold)).order_by(Export.at, Export.id)
    ).all()


def _as_data(export: Export) -> dict[str, object]:
    return {
        "at": export.at.isoformat(),
        "event_id": export.event_id,
        "format": export.format,
        "purpose": export.purpose,
        "people": export.row_count,
    }
