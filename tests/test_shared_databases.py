"""Between two tests nothing stays, neither rows nor numbers, also where somebody still looks on."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.organisations.models import Organisation
from tests import shared_databases
from tests.builders import an_event, an_organisation


def _names() -> list[str]:
    statement = select(Organisation.slug).execution_options(populate_existing=True)
    found = list(db.session.scalars(statement))
    db.session.rollback()
    return found


def test_an_emptied_database_counts_anew_and_keeps_what_is_written_in_its_order(app: Flask) -> None:
    for _ in range(2):
        organisations = [an_organisation(slug=f"o{n}") for n in range(5)]
        assert [organisation.id for organisation in organisations] == [1, 2, 3, 4, 5]
        assert an_event(organisations[0]).id == 1
        assert _names() == ["o0", "o1", "o2", "o3", "o4"]

        db.session.expunge_all()
        shared_databases.empty(app)

        assert _names() == []
        assert db.session.scalars(select(Event.id)).all() == []


def test_a_number_taken_in_vain_is_free_again(app: Flask) -> None:
    with pytest.raises(IntegrityError):
        an_event(Organisation(id=77))
    db.session.rollback()

    shared_databases.empty(app)

    assert an_event().id == 1


def test_rows_that_another_connection_could_still_see_go_too(app: Flask) -> None:
    an_organisation(slug="old")
    with db.engine.connect() as other:
        if db.engine.dialect.name == "postgresql":
            other.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT txid_current()")
        db.session.expunge_all()
        shared_databases.empty(app)

        if db.engine.dialect.name == "postgresql":
            assert shared_databases._written(db.session.connection()) == ([], [])
    for n in range(3):
        an_organisation(slug=f"new-{n}")
    assert _names() == ["new-0", "new-1", "new-2"]
