"""One planner's process: plans again and again until nothing is left, and tells how many."""

from __future__ import annotations

import os
from datetime import datetime
from multiprocessing.connection import Connection

from sqlalchemy import func, literal, select

from event_mgmt.core.database import db
from event_mgmt.mail.models import Message
from event_mgmt.messaging import planner
from tests.applications import an_application

ROUNDS = 5


def fair(now: datetime) -> int:
    """Plan as the worker does."""
    return planner.plan(now)


def careless(now: datetime, line: Connection) -> int:
    """The control: look first, write later, with keys that do not meet."""
    due = planner.due_rules(now)
    wanted = db.session.execute(planner._unwritten(due, now)).all()
    db.session.rollback()
    line.send("looked")
    line.recv()
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


def work(instance: str, database_url: str, way: str, now: datetime, line: Connection) -> None:
    """Say "ready", wait for a word, plan, and send how many messages were written."""
    app = an_application(INSTANCE_DIR=instance, DATABASE_URL=database_url)
    with app.app_context():
        db.session.execute(select(literal(1), func.count(Message.id))).one()
        db.session.rollback()
        line.send("ready")
        line.recv()
        if way == "careless":
            line.send(careless(now, line))
        else:
            line.send(sum(fair(now) for _ in range(ROUNDS)))
