"""Mails as they arrive in a mailbox for bounces: reports of several makes, absences, letters."""

from __future__ import annotations

from typing import Any

RETURNED = "From: events@example.org\r\nTo: guest-0@example.org\r\nSubject: Sie sind angemeldet\r\n"

_HEAD = """\
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b/1"

This is a MIME-encapsulated message.
"""


def a_report(
    to: str,
    *,
    recipient: str = "rfc822; guest-0@example.org",
    original: str = "",
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "smtp; 550 5.1.1 <guest-0@example.org>: user unknown",
    envelope_id: str = "",
    returned: str = RETURNED,
    returned_type: str = "text/rfc822-headers",
    status_type: str = "message/delivery-status",
    words: str = "I'm sorry to have to inform you that your message could not be delivered.",
    **fields: Any,
) -> bytes:
    """A delivery status notification in the form of RFC 3464, as Postfix sends it."""
    stated = {
        "Original-Recipient": original,
        "Final-Recipient": recipient,
        "Action": action,
        "Status": status,
        "Diagnostic-Code": diagnostic,
        **fields,
    }
    per_recipient = "\r\n".join(f"{name}: {value}" for name, value in stated.items() if value)
    per_message = "Reporting-MTA: dns; mx.example.net"
    if envelope_id:
        per_message += f"\r\nOriginal-Envelope-Id: {envelope_id}"
    parts = [
        ("text/plain; charset=us-ascii", words),
        (status_type, f"{per_message}\n\n{per_recipient}"),
        (returned_type, returned),
    ]
    inner = "\n\n".join(f"--b/1\nContent-Type: {kind}\n\n{text}" for kind, text in parts)
    mail = f"{_HEAD.format(to=to)}\n{inner}\n\n--b/1--\n"
    return mail.replace("\r\n", "\n").replace("\n", "\r\n").encode()


def an_absence(to: str) -> bytes:
    """Somebody is on holiday (RFC 3834)."""
    return (
        f"From: guest-0@example.org\r\nTo: {to}\r\nAuto-Submitted: auto-replied (vacation)\r\n"
        "Subject: Abwesend\r\n\r\nIch bin im Urlaub. 550 5.1.1 Status: 5.1.1 Action: failed\r\n"
    ).encode()


def a_letter(to: str = "events@example.org") -> bytes:
    """A human being wrote it."""
    return (
        f"From: guest-0@example.org\r\nTo: {to}\r\nSubject: Frage\r\n\r\nWo kann ich parken?\r\n"
    ).encode()
