"""A process that registers and erases somebody, and is killed before it can tidy up."""

from __future__ import annotations

import os
import signal
from datetime import datetime
from multiprocessing.connection import Connection

from event_mgmt.core.database import db
from event_mgmt.privacy import service
from tests.applications import an_application
from tests.builders import an_event
from tests.privacy import people
from tests.privacy.test_erasing import ADMINISTRATOR


def registered_and_erased(now: datetime) -> None:
    """Somebody who has left traces everywhere, and is gone again."""
    event = an_event(seats=10)
    people.questions_for(event)
    people.registered(event, now=now)
    people.with_account(now=now)
    service.erase_person(people.ADDRESS, by=ADMINISTRATOR, now=now)
    db.session.rollback()


def and_killed(instance: str, now: datetime, _line: Connection) -> None:
    """The target of a process of its own."""
    app = an_application(INSTANCE_DIR=instance, DATABASE_URL="")
    with app.app_context():
        registered_and_erased(now)
        os.kill(os.getpid(), signal.SIGKILL)
