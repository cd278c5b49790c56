"""The mails to a subject, by address or as a recipient, as the dossier tells of them."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _, ngettext
from sqlalchemy import or_, select

from event_mgmt.core.database import db
from event_mgmt.core.personal_data import DataSubject, Reach
from event_mgmt.core.personal_report import EventInstant, Report, ReportReader, table_section
from event_mgmt.mail import erasure
from event_mgmt.mail.kinds import mail_kind_label
from event_mgmt.mail.models import Message
from event_mgmt.mail.recipients import recipient_kinds
from event_mgmt.web.enum_labels import enum_label


def report(subject: DataSubject, reach: Reach, _reader: ReportReader) -> Report:
    """All mails that still say to whom they went."""
    mails = _mails(subject, reach)
    rows = [
        (
            EventInstant(mail.sent_at or mail.created_at, mail.event_id),
            mail.to_address,
            mail.subject or mail_kind_label(mail.kind),
            enum_label(mail.state),
        )
        for mail in mails
    ]
    heads = (_("When"), _("To"), _("Mail"), _("State"))
    goes = ngettext(
        "%(num)d mail; what has not gone out is withdrawn",
        "%(num)d mails; what has not gone out is withdrawn",
        len(mails),
    )
    return Report(
        position=20,
        sections=table_section(_("Mails"), heads, rows, (3, 5, 6, 3)),
        data={"mails": [_as_data(mail) for mail in mails]},
        counts={"mails": len(mails)},
        goes=(goes,),
    )


def _mails(subject: DataSubject, reach: Reach) -> Sequence[Message]:
    as_recipient = recipient_kinds().names_one_of(subject.ids)
    to_them = erasure.to_person(subject.address, events=reach.events, until=None)
    return db.session.scalars(
        select(Message)
        .where(or_(to_them, as_recipient), Message.to_address != "")
        .order_by(Message.created_at, Message.id)
    ).all()


def _as_data(mail: Message) -> dict[str, object]:
    return {
        "kind": mail.kind,
        "to": mail.to_address,
        "subject": mail.subject,
        "state": mail.state,
        "contents": mail.facts,
        "created_at": mail.created_at.isoformat(),
        "sent_at": mail.sent_at.isoformat() if mail.sent_at else None,
    }
