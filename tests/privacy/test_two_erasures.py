"""Two erasures at the same moment: a guest counts once, and somebody stays to look after things."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text, update

from event_mgmt.accounts.models import User
from event_mgmt.accounts.refusals import AccountStillNeeded
from event_mgmt.audit.service import SYSTEM
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Refusal
from event_mgmt.privacy import service
from event_mgmt.registrations.models import AnonymousCount, Registration
from tests.builders import a_registration, a_user, an_event

pytestmark = pytest.mark.parametrize("backend", ["postgresql"])  # SQLite has one writer


class Second:
    """Somebody who erases ``address`` while another erasure, of the test's own, is under way."""

    def __init__(self, app: Flask, address: str, now: datetime) -> None:
        self.went: dict[str, int] = {}
        self.refusal: Refusal | None = None
        self._thread = threading.Thread(target=self._erase, args=(app, address, now))

    def _erase(self, app: Flask, address: str, now: datetime) -> None:
        with app.app_context():
            try:
                self.went = service.erase_person(address, by=SYSTEM, now=now)
            except Refusal as refusal:
                self.refusal = refusal

    def comes(self) -> None:
        """Begin, and come as far as a lock of the first, or to the end."""
        self._thread.start()
        waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while self._thread.is_alive():
            with db.engine.connect() as connection:
                if connection.execute(waits).scalar():
                    return

    def ends(self) -> None:
        """Wait for the end."""
        self._thread.join(timeout=10)
        assert not self._thread.is_alive()


def test_whoever_comes_second_waits_and_counts_nobody_again(app: Flask, now: datetime) -> None:
    event = an_event(starts_at=now - timedelta(days=30))
    guest = a_registration(event, country="SI")
    facts = {"event_id": event.id, "pool_id": guest.pool_id, "status": guest.status}
    guest_id, second = guest.id, Second(app, guest.email, now)
    db.session.remove()

    with db.engine.connect() as first:
        first.execute(select(Registration.id).where(Registration.id == guest_id).with_for_update())
        first.execute(insert(AnonymousCount).values(**facts, country="SI", people=1))
        second.comes()
        gone = {"email": "", "erased_at": now}
        first.execute(update(Registration).where(Registration.id == guest_id).values(**gone))
        first.commit()
    second.ends()

    assert db.session.execute(select(func.sum(AnonymousCount.people))).scalar() == 1
    assert (second.went["registrations"], second.went["people"]) == (0, 0)


def test_two_administrators_who_erase_each_other_do_not_both_go(app: Flask, now: datetime) -> None:
    one, other = (a_user(is_platform_admin=True, password_hash="x") for _ in range(2))
    one_id, second = one.id, Second(app, other.email, now)
    db.session.remove()

    with db.engine.connect() as first:
        everybody = select(User.id).where(User.is_platform_admin).order_by(User.id)
        first.execute(everybody.with_for_update())
        second.comes()
        gone = {"is_active": False, "is_platform_admin": False}
        first.execute(update(User).where(User.id == one_id).values(**gone))
        first.commit()
    second.ends()

    assert isinstance(second.refusal, AccountStillNeeded)
