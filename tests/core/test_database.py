"""One use case is one transaction, on both databases."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from event_mgmt.core.database import db, each_in_own_transaction, transactional
from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Busy
from event_mgmt.organisations.models import Sector


def _count() -> int:
    return db.session.execute(select(func.count()).select_from(Sector)).scalar_one()


def test_what_a_verb_writes_is_committed_once_it_returns(app: Flask) -> None:
    @transactional
    def add() -> None:
        db.session.add(Sector(code="plastics", name=Localized(de="Kunststoff", sl="Plastika č")))

    add()
    db.session.rollback()

    stored = db.session.scalars(select(Sector)).one()
    assert stored.name.into("sl") == "Plastika č"
    assert stored.name.into("en") == "Kunststoff"


def test_a_verb_that_fails_leaves_nothing_behind(app: Flask) -> None:
    @transactional
    def add_and_fail() -> None:
        db.session.add(Sector(code="plastics", name=Localized(de="Kunststoff")))
        db.session.flush()
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        add_and_fail()

    assert _count() == 0


def test_a_verb_inside_a_verb_joins_its_transaction(app: Flask) -> None:
    @transactional
    def inner() -> None:
        db.session.add(Sector(code="plastics", name=Localized(de="Kunststoff")))

    @transactional
    def outer() -> None:
        inner()
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        outer()

    assert _count() == 0


def test_a_verb_that_lost_a_race_for_a_key_runs_again_and_sees_the_winner(app: Flask) -> None:
    seen: list[int] = []

    @transactional
    def add_if_missing() -> None:
        seen.append(_count())
        if len(seen) == 1:
            raise IntegrityError("INSERT", {}, Exception("taken meanwhile"))

    add_if_missing()

    assert seen == [0, 0]


def test_a_writing_transaction_holds_the_write_lock_from_its_first_statement(
    sqlite_app: Flask,
) -> None:
    from pysqlite3 import dbapi2

    other = dbapi2.connect(db.engine.url.database, timeout=0, isolation_level=None)

    @transactional
    def hold() -> str:
        try:
            other.execute("BEGIN IMMEDIATE")
        except dbapi2.OperationalError as error:
            return str(error)
        return "got it"

    assert "locked" in hold()
    other.close()


def test_the_embedded_database_is_durable_and_keeps_foreign_keys(sqlite_app: Flask) -> None:
    pragma = lambda name: db.session.execute(text(f"PRAGMA {name}")).scalar_one()  # noqa: E731 - a name for one expression

    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2
    assert pragma("foreign_keys") == 1
    assert pragma("secure_delete") == 1


def test_one_of_many_that_fails_keeps_no_other_waiting_and_is_told_at_the_end() -> None:
    done: list[int] = []

    def tenth_of(number: int) -> None:
        done.append(10 // number)

    with pytest.raises(ZeroDivisionError):
        each_in_own_transaction(tenth_of, [1, 0, 2])

    assert done == [10, 5]


def test_a_database_that_is_busy_ends_the_many_at_once() -> None:
    done: list[int] = []

    def wait_for(number: int) -> None:
        done.append(number)
        raise Busy

    with pytest.raises(Busy):
        each_in_own_transaction(wait_for, [1, 2])

    assert done == [1]


def test_an_error_of_the_database_names_nobody(app: Flask) -> None:
    with pytest.raises(IntegrityError) as refused:
        db.session.execute(
            text("INSERT INTO sectors (id, code, name) VALUES (1, :name, NULL)"),
            {"name": "Ljudmila Žlahtnikova"},
        )
    db.session.rollback()

    assert "Ljudmila" not in str(refused.value).partition("DETAIL")[0]
