from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from event_mgmt.core import throttle
from event_mgmt.core.database import db
from event_mgmt.rooms import jobs_of

HOUR = timedelta(hours=1)


def test_tries_are_counted_up_within_their_window(app, now):
    counts = [
        throttle.count_attempt("door", window=HOUR, now=now + timedelta(minutes=n))
        for n in (0, 1, 59)
    ]

    assert counts == [1, 2, 3]


def test_a_new_window_begins_with_the_first_try_after_the_last_one(app, now):
    throttle.count_attempt("door", window=HOUR, now=now)
    throttle.count_attempt("door", window=HOUR, now=now)
    later = now + HOUR

    assert throttle.count_attempt("door", window=HOUR, now=later) == 1
    assert throttle.count_attempt("door", window=HOUR, now=later + timedelta(minutes=59)) == 2


def test_windows_that_have_ended_are_forgotten(app, now):
    throttle.count_attempt("old", window=HOUR, now=now)
    throttle.count_attempt("new", window=HOUR, now=now + HOUR)

    throttle.delete_expired_counts(now + HOUR)

    kept = db.session.execute(select(throttle.ThrottleCount.key)).scalars().all()
    assert kept == ["new"]


def test_the_worker_forgets_them(sqlite_app):
    assert throttle.delete_expired_counts in jobs_of(sqlite_app)
