"""A relay that the test has in its hand, and what guests read of what it took."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import icalendar

from event_mgmt.mail.delivery import Deliverer, DeliveryReport
from event_mgmt.mail.rules import AttemptResult
from event_mgmt.mail.transports import OutgoingMail, RelayReply

Answers = Callable[[str], AttemptResult]


def takes_all(_recipient: str) -> AttemptResult:
    """A good relay."""
    return AttemptResult.ACCEPTED


@dataclass
class Mail:
    """One mail as its reader has it."""

    to: str
    parsed: EmailMessage

    @property
    def subject(self) -> str:
        """Its subject."""
        return str(self.parsed["Subject"])

    @property
    def text(self) -> str:
        """Its words."""
        body: Any = self.parsed.get_body(("plain",))
        return str(body.get_content()).replace("\r\n", "\n")

    @property
    def entry(self) -> tuple[str, icalendar.Event] | None:
        """The calendar part's method, and its only entry."""
        for part in self.parsed.walk():
            if part.get_content_type() == "text/calendar":
                calendar = icalendar.Calendar.from_ical(part.get_payload(decode=True))
                return part.get_param("method"), calendar.walk("VEVENT")[0]
        return None


@dataclass
class Post:
    """Takes mails, or answers as ``answers`` decides; ``lost`` ones may have arrived all the same."""

    answers: Answers = takes_all
    taken: list[Mail] = field(default_factory=list)
    during: Callable[[], None] = lambda: None
    reads: Callable[[Mail, AttemptResult], None] = lambda _mail, _verdict: None

    def open(self) -> None:
        """Always ready."""

    def close(self) -> None:
        """Nothing to close."""

    def send(self, outgoing: OutgoingMail) -> RelayReply:
        """One mail, and what else happens in this very moment."""
        verdict = self.answers(outgoing.recipient)
        parsed: Any = message_from_bytes(outgoing.content, policy=policy.default)
        mail = Mail(outgoing.recipient, parsed)
        if verdict is AttemptResult.ACCEPTED:
            self.taken.append(mail)
        self.reads(mail, verdict)
        self.during()
        return RelayReply(verdict)

    def deliver(self, now: datetime, answers: Answers = takes_all) -> list[Mail]:
        """Let a worker deliver what is due; the mails that the relay took."""
        self.answers, self.taken = answers, []
        self.run(now)
        return self.taken

    def run(self, now: datetime) -> DeliveryReport:
        """A worker of its own delivers what is due."""
        return Deliverer(self).deliver_due(now)
