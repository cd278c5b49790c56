"""Examines the way mail goes: sender, relay (without sending anything), outbox."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime

from event_mgmt.core import schema
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.mail import outbox_hold
from event_mgmt.mail.bounces.imap import Mailbox
from event_mgmt.mail.mime_rendering import ascii_address
from event_mgmt.mail.smtp import SmtpTransport
from event_mgmt.mail.transports import ServerUnreachable
from event_mgmt.operations.doctor import rules
from event_mgmt.operations.doctor.finding import Finding, ok, problem, warning
from event_mgmt.settings import BOUNCE_CODE_LENGTH, Settings

_SOMEBODY_ELSE = "nobody@example.com"
"""Somewhere else (RFC 2606); a relay is asked about it, and never sent anything for it."""

_PATIENCE_SECONDS = 30.0
_DATE = re.compile(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}")


def relay(settings: Settings, _now: datetime) -> Iterator[Finding]:
    """Whether the relay lets us in and carries mail on: TLS, sign-in, sender, another domain."""
    relay = settings.mail
    yield rules.sender(settings.mail_from, is_file=relay.scheme == "file")
    if relay.folder is not None:
        yield _folder(settings)
        return
    where = f"{relay.host}:{relay.port}"
    transport = SmtpTransport(relay)
    try:
        transport.open()
    except ServerUnreachable as error:
        remedy = error.remedy or "see MAIL_URL, and what the relay's log says"
        yield problem("mail relay", error.words, remedy)
        return
    is_secure, greeting = transport.is_secure, transport.greeting
    refusal = transport.would_refuse(_sender(settings), _SOMEBODY_ELSE)
    transport.close()
    if refusal is not None:
        yield problem("mail relay", refusal.words, refusal.remedy)
        return
    yield rules.relay(where, host=relay.host, is_secure=is_secure)
    if (theirs := date_in(greeting)) is not None:
        yield rules.clock("the mail relay", theirs - utc_now())


def bounces(settings: Settings, _now: datetime) -> Iterator[Finding]:
    """Whether the mailbox for bounces can be opened, and emptied; nothing in it is touched."""
    if settings.bounces is None:
        return
    mailbox = Mailbox(settings.bounces)
    try:
        opened = mailbox.open(seconds=_PATIENCE_SECONDS)
    except ServerUnreachable as error:
        yield problem("bounce mailbox", error.words, error.remedy or "see BOUNCE_MAILBOX")
        return
    finally:
        mailbox.close()
    where = f"{settings.bounces.folder} at {settings.bounces.host}:{settings.bounces.port}"
    yield rules.bounce_mailbox(where, count=opened.count)


def _sender(settings: Settings) -> str:
    """Whom a message's envelope is from."""
    if settings.bounces is None:
        return ascii_address(settings.mail_from)
    return settings.bounces.return_path("a" * BOUNCE_CODE_LENGTH)


def _folder(settings: Settings) -> Finding:
    folder = settings.mail.folder
    assert folder is not None
    nearest = folder if folder.exists() else folder.parent
    if not os.access(nearest, os.W_OK):
        return problem("mail relay", f"{folder} cannot be written", "let the service's user own it")
    if rules.is_public(settings.public_base_url):
        return warning("mail relay", f"mails are only written to {folder}", "set MAIL_URL")
    return ok("mail relay", f"mails are written to {folder}")


def date_in(greeting: str) -> datetime | None:
    """The time in a relay's greeting, which many give (RFC 5322, 3.3)."""
    found = _DATE.search(greeting)
    return parsedate_to_datetime(found[0]) if found else None


def outbox(_settings: Settings, now: datetime) -> Iterator[Finding]:
    """Whether mail goes out."""
    if not schema.is_current(db.engine):
        return
    status = outbox_hold.outbox_status(now=now)
    db.session.rollback()
    yield rules.outbox(status.held_at, status.oldest_due_at, now=now)
    if status.for_newer:
        yield rules.mail_for_newer(status.for_newer)
