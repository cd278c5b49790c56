"""A house with its organiser at the browser."""

from __future__ import annotations

import pytest

from tests.builders import a_user, an_organisation
from tests.web.sign_in import signed_in


@pytest.fixture
def house(client):
    """An organiser's organisation, with that organiser signed in."""
    host = an_organisation("Chemie.NRW", country="DE")
    signed_in(client, a_user(host))
    return host
