"""Looking into the mailbox that bounces come back to: seldom, briefly, and beside the delivery.

A thread of the worker's process does it, so that a mail server that hangs delays no mail. Of all
workers on all machines one looks at a time. What a mail leads to is committed before the mail is
deleted, together with its number; so one that is looked at again after a kill leads to nothing.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import structlog
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from event_mgmt.core.database import database_now, db
from event_mgmt.core.errors import error_location
from event_mgmt.core.refusals import Busy
from event_mgmt.mail.bounces import reports, service
from event_mgmt.mail.bounces.codes import codes_in
from event_mgmt.mail.bounces.imap import Mailbox, SelectedFolder
from event_mgmt.mail.bounces.service import Bounce, BounceOutcome, MailPosition
from event_mgmt.mail.transports import ServerUnreachable
from event_mgmt.settings import BounceMailbox, Settings

log = structlog.get_logger()

EVERY_SECONDS: Final = 60.0
DEADLINE_SECONDS: Final = 120.0
MOST_LOOKED_AT: Final = 2_000
"""How many mails, the newest, one look takes in; what is older is nothing of ours, or its turn
comes when these are gone.
"""
_LISTED_AT_ONCE: Final = 200
_REMOVED_AT_ONCE: Final = 20
_LONGEST_PAUSE: Final = 900.0
_STATUS_PARTS: Final = (2, 3)  # RFC 6522 says the second; some put a notice of their own before it
_WAIT_FOR_THE_END: Final = 5.0


@dataclass
class MailboxCheck:
    """What one look at the mailbox came to; ``fault`` says why it could not be read to the end."""

    marked: int = 0
    read: int = 0
    left: int = 0
    later: int = 0
    fault: str = ""

    def count(self, outcome: BounceOutcome) -> None:
        """One more mail came to that."""
        name = outcome.value
        setattr(self, name, getattr(self, name) + 1)


def mailbox_fingerprint(mailbox: BounceMailbox) -> str:
    """What tells one mailbox from another, and gives nothing away."""
    stated = f"{mailbox.host}\0{mailbox.username}\0{mailbox.folder}"
    return sha256(stated.encode()).hexdigest()[:32]


def check_mailbox(
    *,
    is_urgent: bool = False,
    failures: int = 0,
    wants_to_stop: Callable[[], bool] = lambda: False,
) -> MailboxCheck | None:
    """Read what has come back, in this application's context; None when it is not our turn.

    ``is_urgent``: do not wait for the next look that was agreed on.
    """
    settings: Settings = current_app.extensions["settings"]
    if settings.bounces is None:
        return None
    mark, holder = mailbox_fingerprint(settings.bounces), _name()
    now = database_now()
    if not service.take_lease(mark, holder, is_urgent=is_urgent, now=now):
        return None
    found = MailboxCheck()
    try:
        _MailboxReader(settings, mark, found, now=now, wants_to_stop=wants_to_stop).read()
    except ServerUnreachable as error:
        found.fault = str(error)
        log.error("bounce_mailbox_away", reason=found.fault)  # noqa: TRY400 - a server that is away is no fault in the code
    finally:
        db.session.rollback()
        now = database_now()
        pause = pause_after(failures + 1) if found.fault else EVERY_SECONDS
        next_look = now + timedelta(seconds=pause)
        service.release_lease(mark, holder, fault=found.fault, next_look_at=next_look, now=now)
    return found


def pause_after(failures: int) -> float:
    """Seconds until the next look after so many that failed: one minute, 2, 4 … up to 15."""
    return min(_LONGEST_PAUSE, EVERY_SECONDS * 2 ** min(failures - 1, 6))


class _MailboxReader:
    """One look, from signing in to the last deletion."""

    def __init__(
        self,
        settings: Settings,
        mark: str,
        found: MailboxCheck,
        *,
        now: datetime,
        wants_to_stop: Callable[[], bool],
    ) -> None:
        assert settings.bounces is not None
        self._secret_key = settings.secret_key
        self._mark = mark
        self._found = found
        self._now = now
        self._wants_to_stop = wants_to_stop
        self._ends_at = time.monotonic() + DEADLINE_SECONDS
        self._mailbox = Mailbox(settings.bounces)

    def read(self) -> None:
        try:
            opened = self._mailbox.open(seconds=DEADLINE_SECONDS)
            for uids in self._listed(opened):
                self._deal_with(uids, opened.validity)
        finally:
            self._mailbox.close()

    def _listed(self, opened: SelectedFolder) -> Iterator[list[int]]:
        """Numbers of mails, the newest ones first: what is deleted meanwhile moves none of them."""
        last, oldest = opened.count, max(1, opened.count - MOST_LOOKED_AT + 1)
        while last >= oldest and not self._is_over():
            first = max(oldest, last - _LISTED_AT_ONCE + 1)
            yield self._mailbox.numbers(first, last)
            last = first - 1

    def _deal_with(self, uids: list[int], validity: int) -> None:
        known = service.handled(self._mark, validity, uids)
        doomed = [uid for uid, is_left in known.items() if not is_left]
        for uid in sorted(set(uids) - known.keys()):
            if self._is_over():
                break
            place = MailPosition(self._mark, validity, uid)
            bounce = self._fetched(uid)
            if bounce is None:
                self._found.count(BounceOutcome.LATER)
                continue
            outcome = service.handle(place, bounce, secret_key=self._secret_key, now=self._now)
            self._found.count(outcome)
            if outcome in {BounceOutcome.MARKED, BounceOutcome.READ}:
                doomed.append(uid)
            if len(doomed) >= _REMOVED_AT_ONCE:
                self._mailbox.remove(doomed)
                doomed = []
        self._mailbox.remove(doomed)

    def _fetched(self, uid: int) -> Bounce | None:
        """As little of one mail as shows what it is: of a letter its header, nothing else.

        None where the server does not give it now.
        """
        raw = self._mailbox.head(uid)
        if not raw:
            return None
        head = reports.head_of(raw)
        codes, is_automatic = reports.codes_addressed(head), reports.is_automatic(head)
        if not reports.is_report(head):
            return Bounce(codes, None, is_automatic)
        for number in _STATUS_PARTS:
            mime, body = self._mailbox.part(uid, number)
            part = reports.head_of(mime)
            if part.get_content_type() not in reports.STATUS_TYPES:
                continue
            encoding = str(part.get("Content-Transfer-Encoding", ""))
            report = reports.read(body, encoding=encoding)
            codes |= codes_in(report.envelope_id)
            codes |= self._returned(uid, number + 1)
            return Bounce(codes, report, is_automatic)
        return Bounce(codes, None, is_automatic)

    def _returned(self, uid: int, number: int) -> dict[str, int]:
        """Codes in the header of the message that a report gives back, where it does."""
        kind = reports.head_of(self._mailbox.part_head(uid, number)).get_content_type()
        if kind not in {"message/rfc822", "message/global", *reports.HEADER_TYPES}:
            return {}
        is_message = kind == "message/rfc822"
        raw = self._mailbox.returned_head(uid, number, is_message=is_message)
        return reports.code_returned(raw)

    def _is_over(self) -> bool:
        return self._wants_to_stop() or time.monotonic() >= self._ends_at


class MailboxPoller:
    """The thread that looks now and then, for as long as a worker runs."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._is_stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._failures = 0

    def start(self) -> None:
        """Begin, where there is a mailbox."""
        settings: Settings = self._app.extensions["settings"]
        if settings.bounces is not None:
            self._thread = threading.Thread(target=self._run, name="bounces", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End after the mail in hand; a server that hangs is not waited for."""
        self._is_stopping.set()
        if self._thread is not None:
            self._thread.join(_WAIT_FOR_THE_END)

    def _run(self) -> None:
        while not self._is_stopping.is_set():
            self._look()
            self._is_stopping.wait(EVERY_SECONDS / 6)

    def _look(self) -> None:
        try:
            with self._app.app_context():
                found = check_mailbox(
                    failures=self._failures, wants_to_stop=self._is_stopping.is_set
                )
        except Exception as error:  # noqa: BLE001 - logged, and tried again later
            is_known = isinstance(error, (SQLAlchemyError, Busy, OSError))
            happening = "bounces_interrupted" if is_known else "bounces_failed"
            log.error(happening, error=type(error).__name__, where=error_location(error))  # noqa: TRY400 - the error's own words may be about a person
            return
        if found is not None:
            self._failures = self._failures + 1 if found.fault else 0


def _name() -> str:
    return f"{socket.gethostname()[:40]}/{os.getpid()}/{secrets.token_hex(6)}"
