"""An application that knows the tests' kinds of tasks, and somebody who asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from event_mgmt.accounts.sessions import viewer_of
from event_mgmt.tasks import service
from event_mgmt.tasks.service import About
from tests.builders import NOW, a_user, an_organisation
from tests.tasks.kinds_for_tests import Counting, known

Ask = Callable[..., int]


@pytest.fixture
def tasks_app(app: Flask) -> Iterator[Flask]:
    """On each database in turn."""
    with known(app):
        yield app


@pytest.fixture
def ask(tasks_app: Flask) -> Ask:
    """Ask for a task as a member of a new organisation, unless told whose; gives its id."""

    def asked(kind: str = "count", *, user=None, organisation=None, now=NOW, **given) -> int:
        organisation = organisation or an_organisation()
        user = user or a_user(organisation)
        about = About(organisation.id, given.pop("event_id", None))
        return service.ask(
            kind, Counting(**given), viewer=viewer_of(user), locale="de", about=about, now=now
        )

    return asked
