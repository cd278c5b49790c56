"""Lists that the version before took in: still imported, replaced, forgotten and erased."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from event_mgmt.accounts.models import Role, User
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.files.models import FileChunk, StoredFile
from event_mgmt.registration_desk.imports import uploads
from event_mgmt.registration_desk.imports.models import FormerUpload, ImportList
from tests.builders import a_user, an_event, saved
from tests.registration_desk.imports.lists import a_csv
from tests.registration_desk.imports.test_import_views import IVO, MAJA, count, here, run, upload
from tests.web.sign_in import signed_in


@pytest.fixture
def user(event: Event) -> User:
    return a_user(event.host, Role.ADMINISTRATOR)


@pytest.fixture
def event(sqlite_app: Flask) -> Event:
    return an_event(seats=10, published_at=utc_now())


@pytest.fixture
def organiser(sqlite_app: Flask, user: User) -> FlaskClient:
    return signed_in(sqlite_app.test_client(), user)


@pytest.fixture
def former(event: Event, user: User) -> FormerUpload:
    """What the old code has written while both serve."""
    return saved(
        FormerUpload(
            token=secrets.token_urlsafe(24),
            event_id=event.id,
            user_id=user.id,
            kept_at=utc_now(),
            file_name="gaeste.csv",
            pool_id=event.pools[0].id,
            locale="de",
            contents=a_csv(MAJA, IVO),
        )
    )


def rows(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_it_is_imported_and_gone(
    organiser: FlaskClient, event: Event, former: FormerUpload
) -> None:
    run(organiser, here(event, former.token))

    assert count() == 2
    assert rows(FormerUpload) == 0


def test_another_list_of_the_same_person_takes_its_place_as_a_file(
    organiser: FlaskClient, event: Event, former: FormerUpload
) -> None:
    upload(organiser, event, a_csv(IVO))

    assert (rows(FormerUpload), rows(ImportList), rows(StoredFile)) == (0, 1, 1)


def test_it_is_forgotten_after_a_day(former: FormerUpload) -> None:
    assert uploads.forget_old_uploads(utc_now()) == 0
    assert uploads.forget_old_uploads(utc_now() + uploads.LASTS + timedelta(minutes=1)) == 1
    assert rows(FormerUpload) == 0


@pytest.mark.parametrize("holding", ["", "maja@example.org"])
def test_it_is_erased_with_whoever_may_stand_on_it(former: FormerUpload, holding: str) -> None:
    assert uploads.erase_all(holding="nobody@example.org") == 0
    assert uploads.erase_all(holding=holding) == 1
    assert rows(FormerUpload) == 0


def test_control_a_list_of_this_version_leaves_no_file_behind_either(
    organiser: FlaskClient, event: Event
) -> None:
    upload(organiser, event, a_csv(MAJA))
    assert rows(FileChunk) == 1

    assert uploads.erase_all(holding="maja@example.org") == 1

    assert (rows(ImportList), rows(StoredFile), rows(FileChunk)) == (0, 0, 0)
