"""``flask accounts create``."""

from __future__ import annotations

import pytest
from flask import Flask

from event_mgmt.accounts import passwords, queries
from event_mgmt.accounts.models import Role
from tests.builders import an_organisation

PASSWORD = "vier pferde am rhein"
NAMES = ("--given-name", "Maja", "--family-name", "Kovač")


def test_an_account_is_made_with_its_place_in_a_team(sqlite_app: Flask) -> None:
    organisation = an_organisation(slug="kunststoff-nrw")
    run = sqlite_app.test_cli_runner().invoke(
        args=[
            *("accounts", "create", "Maja@Example.org", *NAMES, "--password", PASSWORD),
            *("--organisation", "kunststoff-nrw", "--role", "organiser", "--language", "sl"),
        ]
    )

    assert run.exit_code == 0, run.output
    assert PASSWORD not in run.output
    user = queries.user_by_email("maja@example.org")
    assert user is not None
    assert passwords.matches(user.password_hash, PASSWORD)
    assert (user.locale, user.is_platform_admin) == ("sl", False)
    [place] = user.memberships
    assert (place.organisation_id, place.role) == (organisation.id, Role.ORGANISER)


def test_the_password_is_asked_for_without_being_shown(sqlite_app: Flask) -> None:
    run = sqlite_app.test_cli_runner().invoke(
        args=["accounts", "create", "op@example.org", *NAMES, "--platform"],
        input=f"{PASSWORD}\n{PASSWORD}\n",
    )

    assert run.exit_code == 0, run.output
    assert PASSWORD not in run.output
    user = queries.user_by_email("op@example.org")
    assert user is not None
    assert user.is_platform_admin


@pytest.mark.parametrize(
    "arguments",
    [
        ("maja@example.org", "--password", "short"),
        ("no address", "--password", PASSWORD),
        ("maja@example.org", "--password", PASSWORD, "--organisation", "unknown"),
    ],
)
def test_what_is_refused_is_told_in_one_line_and_nothing_is_made(
    sqlite_app: Flask, arguments: tuple[str, ...]
) -> None:
    run = sqlite_app.test_cli_runner().invoke(args=["accounts", "create", *arguments, *NAMES])

    assert run.exit_code == 1
    assert run.output.startswith("Error: ")
    assert len(run.output.splitlines()) == 1
    assert queries.user_by_email("maja@example.org") is None
