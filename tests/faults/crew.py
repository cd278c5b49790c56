"""Worker processes that a test hires, on its database and with a relay of its own."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from typing import Any

import pytest
from flask import Flask

from event_mgmt.core.database import db
from event_mgmt.mail.delivery import Deliverer
from event_mgmt.mail.smtp import SmtpTransport
from event_mgmt.settings import MailRelay
from tests.faults import doomed
from tests.faults.doomed import Order
from tests.faults.forked import Forked, begin
from tests.mail.relay import Relay
from tests.mail.samples import NOW

AFTER_THE_LEASE = timedelta(minutes=2)


class Worker(Forked):
    """A worker process, and the line to it."""

    @property
    def was_killed(self) -> bool:
        """Whether it ended by SIGKILL."""
        return self.process.exitcode == -signal.SIGKILL

    def sent(self) -> int:
        """How many messages it says it has sent; it must have lived to tell."""
        assert self.process.exitcode == 0
        return int(self.line.recv())


@dataclass
class Crew:
    """Worker processes of one test on the test's database and relay."""

    app: Flask
    relay: Relay
    workers: list[Worker] = field(default_factory=list)

    def hire(
        self,
        phase: str = "never",
        *,
        occurrence: int = 1,
        at: datetime = NOW,
        control: str = "",
        **given: Any,
    ) -> Worker:
        """A worker that waits until it is told to work, and is killed in ``phase``."""
        order = Order(
            phase=phase,
            occurrence=occurrence,
            control=control,
            now=at,
            instance=self.app.instance_path,
            database_url=self.app.config["SQLALCHEMY_DATABASE_URI"],
            mail_url=self.relay.url,
            **given,
        )
        begun = begin(doomed.work, order)
        self.workers.append(Worker(begun.process, begun.line))
        return self.workers[-1]

    def work(self, *workers: Worker) -> None:
        """Let them go at once, and wait until all of them have ended."""
        db.session.remove()
        for worker in workers:
            assert worker.line.recv() == "ready"
        for worker in workers:
            worker.line.send("go")
        for worker in workers:
            worker.process.join(60)
        self.relay.settle()

    def finish(self, at: datetime) -> None:
        """Let a worker that lives do the rest."""
        with closing(SmtpTransport(MailRelay("smtp", "127.0.0.1", self.relay.port))) as transport:
            Deliverer(transport).deliver_due(at)

    def dismiss(self) -> None:
        """Let nobody stay behind."""
        for worker in self.workers:
            worker.process.kill()
            worker.process.join()
            worker.line.close()


@pytest.fixture
def crew(app: Flask) -> Iterator[Crew]:
    """A crew on the test's database, with a relay that behaves well."""
    with Relay() as relay:
        crew = Crew(app, relay)
        yield crew
        crew.dismiss()


def copies(relay: Relay) -> Counter[str]:
    """How many copies of each message the relay took, by Message-ID."""
    return Counter(message_from_bytes(taken.content)["Message-ID"] for taken in relay.received)
