"""The worker: does what comes due, and delivers mail, until it is told to stop."""

from __future__ import annotations

import os
import select
import signal
import time
from types import FrameType

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from event_mgmt.core.database import database_now
from event_mgmt.core.errors import error_location
from event_mgmt.core.refusals import Busy
from event_mgmt.mail.bounces import poller
from event_mgmt.mail.bounces.poller import MailboxPoller
from event_mgmt.mail.delivery import Deliverer
from event_mgmt.mail.rules import relay_pause
from event_mgmt.mail.transports import transport_for
from event_mgmt.rooms import Job, jobs_of

log = structlog.get_logger()

JOBS_EVERY_SECONDS = 20.0
LOOK_EVERY_SECONDS = 1.0
HANG_UP_AFTER_SECONDS = 5.0


class Worker:
    """One process's loop over the jobs of its rooms and the outbox.

    Workers go by the database's clock: one whose machine is an hour ahead would remind early, end
    offers early, and take messages that others are sending.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._is_stopping = False
        self._wake_reader, self._wake_writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._deliverer = Deliverer(
            transport_for(app.extensions["settings"].mail),
            wants_to_stop=lambda: self._is_stopping,
        )
        self._absences = 0
        self._last_sent = 0.0

    def stop(self) -> None:
        """Finish the message in hand, write down what became of it, and end.

        May be called by a signal handler: it takes no lock.
        """
        self._is_stopping = True
        os.write(self._wake_writer, b"!")

    def run(self) -> None:
        """Work until stopped. A fault is logged and tried again after a pause."""
        next_jobs = 0.0
        polling = MailboxPoller(self._app)
        polling.start()
        while not self._is_stopping:
            if time.monotonic() >= next_jobs:
                self.do_jobs()
                next_jobs = time.monotonic() + JOBS_EVERY_SECONDS
            self._wait(self.deliver())
        self._deliverer.rest()
        polling.stop()

    def run_once(self) -> bool:
        """Do all that is due; gives whether nothing had to be left waiting."""
        done = self.do_jobs()
        with self._app.app_context():
            report = self._deliverer.deliver_due(database_now())
            self._deliverer.rest()
            back = poller.check_mailbox(is_urgent=True, wants_to_stop=lambda: self._is_stopping)
        return done and not report.is_relay_away and not (back and back.fault)

    def do_jobs(self) -> bool:
        """Every job once; one that fails does not keep the others from running."""
        all_done = True
        for job in jobs_of(self._app):
            if self._is_stopping:
                break
            try:
                with self._app.app_context():
                    job(database_now())
            except Exception as error:  # noqa: BLE001 - one job's fault must not stop the others
                all_done = False
                self._log_failure("job_failed", error, job=_name(job))
        return all_done

    def deliver(self) -> float:
        """Deliver what is due; gives how many seconds to wait before looking again."""
        try:
            with self._app.app_context():
                report = self._deliverer.deliver_due(database_now())
        except (SQLAlchemyError, Busy, OSError) as error:
            self._log_failure("delivery_interrupted", error)
            self._absences += 1
            return relay_pause(self._absences)
        if report.is_relay_away:
            self._absences = 1 if report.sent else self._absences + 1
            return relay_pause(self._absences)
        self._absences = 0
        self._hang_up_when_idle(report.total)
        return LOOK_EVERY_SECONDS

    def _wait(self, seconds: float) -> None:
        select.select([self._wake_reader], [], [], seconds)

    def _hang_up_when_idle(self, delivered: int) -> None:
        if delivered:
            self._last_sent = time.monotonic()
        elif self._last_sent and time.monotonic() - self._last_sent > HANG_UP_AFTER_SECONDS:
            self._deliverer.rest()
            self._last_sent = 0.0

    def _log_failure(self, happening: str, error: Exception, **facts: str) -> None:
        log.error(happening, error=type(error).__name__, where=error_location(error), **facts)


def main(app: Flask, *, once: bool = False) -> int:
    """Run a worker in this process; gives the exit status."""
    worker = Worker(app)

    def _stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stop()

    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    if once:
        return 0 if worker.run_once() else 1
    worker.run()
    return 0


def _name(job: Job) -> str:
    return f"{job.__module__}.{getattr(job, '__qualname__', 'job')}"
