"""A letter with everything in it, and messages that it is written for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from event_mgmt.core.database import db, transactional
from event_mgmt.mail import outbox
from event_mgmt.mail.kinds import MailKind
from event_mgmt.mail.letters import (
    Button,
    CalendarPart,
    Facts,
    Host,
    Letter,
    NotNeeded,
    Paragraph,
    Quote,
)
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.outbox import MessageDraft
from event_mgmt.rooms import Room

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
KIND = "sample"

ENTRY = b"\r\n".join(
    [
        b"BEGIN:VCALENDAR",
        b"VERSION:2.0",
        b"PRODID:-//sample//EN",
        b"METHOD:REQUEST",
        b"BEGIN:VEVENT",
        b"UID:event-1@example.org",
        b"DTSTAMP:20270112T090000Z",
        b"DTSTART:20270215T170000Z",
        b"SUMMARY:Letni sprejem \xc5\xa1t. 1",
        b"END:VEVENT",
        b"END:VCALENDAR",
        b"",
    ]
)

_WORDS = {
    "de": {
        "subject": "Sie sind angemeldet: Jahresempfang der Branchencluster und des Konsulats",
        "greeting": "Guten Tag Luka Žagar,",
        "first": "wir haben drei Plätze für Sie reserviert. Wir freuen uns auf Sie!",
        "facts": (
            ("Wann", "Montag, 15. Februar 2027, 18:00–21:30"),
            ("Wo", "Ständehaus\nStändehausstraße 1, 40217 Düsseldorf"),
        ),
        "button": "Meine Anmeldung",
        "quote": "Bitte bringen Sie einen Ausweis mit.\n\n.Der Einlass beginnt um 17:30 Uhr.",
        "closing": "Mit freundlichen Grüßen\nAutoCluster.NRW",
        "footer": "Sie erhalten diese Nachricht, weil Sie angemeldet sind.",
        "privacy": "Datenschutz",
    },
    "sl": {
        "subject": "Prijavljeni ste: letni sprejem grozdov in konzulata",
        "greeting": "Spoštovani g. Žagar,",
        "first": "za vas smo rezervirali tri mesta. Veselimo se srečanja z vami!",
        "facts": (
            ("Kdaj", "ponedeljek, 15. februar 2027, 18.00–21.30"),
            ("Kje", "Ständehaus\nStändehausstraße 1, 40217 Düsseldorf"),
        ),
        "button": "Moja prijava",
        "quote": "Prosimo, prinesite osebni dokument.\n\n.Vrata se odprejo ob 17.30.",
        "closing": "Lep pozdrav\nAutoCluster.NRW",
        "footer": "To sporočilo ste prejeli, ker ste prijavljeni.",
        "privacy": "Varstvo podatkov",
    },
    "en": {
        "subject": "You are registered: annual reception of the clusters and the consulate",
        "greeting": "Dear Luka Žagar,",
        "first": "We have reserved three seats for you, and look forward to seeing you.",
        "facts": (
            ("When", "Monday, 15 February 2027, 18:00–21:30"),
            ("Where", "Ständehaus\nStändehausstraße 1, 40217 Düsseldorf"),
        ),
        "button": "My registration",
        "quote": "Please bring an identity card.\n\n.Doors open at 17:30.",
        "closing": "Kind regards\nAutoCluster.NRW",
        "footer": "You receive this message because you are registered.",
        "privacy": "Privacy",
    },
}


def a_letter(locale: str = "de", **given: Any) -> Letter:
    """A letter that uses every block, hosts, a calendar part and a footer."""
    words = _WORDS[locale]
    values: dict[str, Any] = {
        "subject": words["subject"],
        "greeting": words["greeting"],
        "blocks": (
            Paragraph(words["first"]),
            Facts(words["facts"]),
            Button(words["button"], "https://events.example.org/registration/abc?x=1&y=2"),
            Quote(words["quote"]),
        ),
        "hosts": (
            Host("Konsulat der Republik Slowenien", "#3b3a8f"),
            Host("AutoCluster.NRW", "#1d5fa8"),
            Host("Chemie.NRW", "#0a7466"),
        ),
        "closing": words["closing"],
        "sender_name": "Konsulat & AutoCluster.NRW",
        "reply_to": "office@example.org",
        "footer": (words["footer"],),
        "footer_links": ((words["privacy"], "https://events.example.org/privacy"),),
        "calendar": CalendarPart("REQUEST", ENTRY),
        **given,
    }
    return Letter(**values)


def write_sample(message: Message) -> Letter:
    """The sample notice; ``facts`` may make it fail, or find nothing to say."""
    if message.facts.get("pointless"):
        raise NotNeeded
    if message.facts.get("broken"):
        raise ValueError(f"about {message.to_address}")
    return a_letter(message.locale)


ROOM: Final = Room(
    name="samples", mail_kinds=(MailKind(KIND, "Sample", write_sample, recipient=None),)
)
"""What an application of the tests has beside the product's rooms."""


def a_message(**given: Any) -> Message:
    """A message that is in no database."""
    values: dict[str, Any] = {
        "id": 7,
        "key": "sample:7",
        "kind": KIND,
        "locale": "de",
        "to_address": "luka@example.org",
        "to_name": "Luka Žagar",
        "created_at": NOW,
        "facts": {},
        **given,
    }
    return Message(**values)


@transactional
def queued(count: int = 1, **given: Any) -> None:
    """Queue ``count`` messages to guest-0, guest-1, …"""
    values: dict[str, Any] = {"kind": KIND, "locale": "de", **given}
    first = outbox_size()
    outbox.enqueue_all(
        [
            MessageDraft(
                key=f"sample:{first + n}",
                to_address=values.get("to_address", f"guest-{first + n}@example.org"),
                **{name: value for name, value in values.items() if name != "to_address"},
            )
            for n in range(count)
        ],
        now=NOW - timedelta(minutes=5),
    )


def outbox_size() -> int:
    """How many messages there are in all."""
    return len(db.session.scalars(select(Message.id)).all())


def states() -> dict[MessageState, int]:
    """How many messages are in which state."""
    found: dict[MessageState, int] = {}
    for state in db.session.scalars(select(Message.state)):
        found[state] = found.get(state, 0) + 1
    db.session.rollback()
    return found


def the_message(message_id: int | None = None) -> Message:
    """The only message (or that one), read anew."""
    db.session.rollback()
    query = select(Message) if message_id is None else select(Message).filter_by(id=message_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()
