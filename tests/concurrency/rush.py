"""One process of a rush: many threads that register at the same instant."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from event_mgmt.audit.service import PARTICIPANT
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Busy, Refusal
from event_mgmt.registrations import commands
from event_mgmt.registrations.enums import Source, Status
from event_mgmt.registrations.lifecycle import persistence
from event_mgmt.registrations.models import Registration
from tests.applications import an_application
from tests.registrations.parties import a_party


def fair(order: dict[str, Any], number: int, now: datetime) -> str:
    """Register as guests do, each with a form of their own."""
    party = a_party("Gost", f"Številka {number}")
    nonce = f"nonce-{number}"
    made = commands.register(order["event_id"], party, nonce=nonce, by=PARTICIPANT, now=now)
    return str(made.status)


def same_form(order: dict[str, Any], _number: int, now: datetime) -> str:
    """Send one and the same form, as an impatient finger does."""
    made = commands.register(order["event_id"], a_party(), nonce="same", by=PARTICIPANT, now=now)
    return f"{made.id}"


def same_person(order: dict[str, Any], number: int, now: datetime) -> str:
    """Register one person from many windows."""
    receipt = commands.register_online(order["event_id"], a_party(), nonce=f"n-{number}", now=now)
    return str(receipt.status)


def counting(order: dict[str, Any], number: int, now: datetime) -> str:
    """The control: count the seats taken, then insert, as the promise forbids."""
    taken = db.session.execute(
        select(func.count())
        .select_from(Registration)
        .where(Registration.event_id == order["event_id"], Registration.status == Status.CONFIRMED)
    ).scalar_one()
    db.session.rollback()
    if taken >= order["seats"]:
        return "refused"
    db.session.connection(execution_options={"writes": True})
    persistence.insert_party(
        a_party("Gost", f"Številka {number}"),
        event_id=order["event_id"],
        pool_id=order["pool_id"],
        status=Status.CONFIRMED,
        nonce=f"nonce-{number}",
        source=Source.WEB,
        now=now,
    )
    db.session.commit()
    return str(Status.CONFIRMED)


WAYS = {f.__name__: f for f in (fair, same_form, same_person, counting)}


def _patiently(way: Callable[..., str], *order: Any) -> str:
    """Try again when the database was busy, as its words ask for: a slow machine is no fault."""
    for _ in range(10):
        try:
            return way(*order)
        except Busy:
            db.session.rollback()
    return way(*order)


def run(app: Flask, order: dict[str, Any]) -> list[str]:
    """Let all threads go at once; what became of each, in any order."""
    start = threading.Barrier(order["threads"])
    now = datetime.fromisoformat(order["now"])
    way = WAYS[order["way"]]
    results: list[str] = []

    def one(number: int) -> None:
        with app.app_context():
            start.wait()
            try:
                results.append(_patiently(way, order, number, now))
            except Refusal as refusal:
                results.append(f"refused: {type(refusal).__name__}")
            except Exception as error:  # the parent must learn of every fault
                results.append(f"fault: {type(error).__name__}: {error}")

    numbers = range(order["first"], order["first"] + order["threads"])
    threads = [threading.Thread(target=one, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def work(order: dict[str, Any], line: Connection) -> None:
    """Say "ready", wait for a word, let go of all threads at once, and send what became of each."""
    app = an_application(INSTANCE_DIR=order["instance"], DATABASE_URL=order["database_url"])
    with app.app_context():
        db.session.execute(select(func.count()).select_from(Registration)).scalar_one()
        db.session.remove()
    line.send("ready")
    line.recv()
    line.send(run(app, order))
