"""One planner's process: plans again and again until nothing is left, and tells how many.

Run by the tests as ``python -m tests.reminders.planning`` with a JSON order on the first line of
standard input. It says "ready", waits for the next line, plans, and prints its figure.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime

from sqlalchemy import func, literal, select

from event_mgmt.core.database import db
from event_mgmt.mail.models import Message
from event_mgmt.reminders import planner
from tests.applications import an_application

ROUNDS = 5


def fair(now: datetime) -> int:
    """Plan as the worker does."""
    return planner.plan(now)


def careless(now: datetime) -> int:
    """The control: look first, write later, with keys that do not meet."""
    due = planner.due_rules(now)
    wanted = db.session.execute(planner._unwritten(due, now)).all()
    db.session.rollback()
    sys.stdout.write("looked\n")
    sys.stdout.flush()
    sys.stdin.readline()
    db.session.connection(execution_options={"writes": True})
    for row in wanted:
        message = Message(
            key=f"{row.key}:{os.getpid()}",
            kind=planner.KIND,
            locale=row.locale,
            to_address=row.email,
            event_id=row.event_id,
            registration_id=row.id,
            rule_id=row.rule_id,
            created_at=now,
            due_at=now,
        )
        db.session.add(message)
    db.session.commit()
    return len(wanted)


def main() -> None:
    """Follow one order from standard input."""
    order = json.loads(sys.stdin.readline())
    app = an_application(INSTANCE_DIR=order["instance"], DATABASE_URL=order["database_url"])
    now = datetime.fromisoformat(order["now"])
    with app.app_context():
        db.session.execute(select(literal(1), func.count(Message.id))).one()
        db.session.rollback()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        if order["way"] == "careless":
            written = careless(now)
        else:
            written = sum(fair(now) for _ in range(ROUNDS))
    sys.stdout.write(f"{written}\n")


if __name__ == "__main__":
    main()
