"""Pure decisions about passwords, ways back, addresses and memberships."""

from __future__ import annotations

import pytest

from event_mgmt.accounts.models import Role
from event_mgmt.accounts.rules import (
    MembershipObstacle,
    PasswordWeakness,
    membership_obstacle,
    network_of,
    password_weakness,
    safe_redirect_path,
)

ABOUT = ("maja.kovac@example.org", "maja.kovac", "Maja", "Kovač")


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("elf zeichen", PasswordWeakness.TOO_SHORT),
        ("x" * 257, PasswordWeakness.TOO_LONG),
        ("Password1234!", PasswordWeakness.COMMON),
        ("geheimgeheim", PasswordWeakness.COMMON),
        ("aaaaaaaaaaaaaaa", PasswordWeakness.COMMON),
        ("123456789012", PasswordWeakness.COMMON),
        ("987654321098", PasswordWeakness.COMMON),
        ("Düsseldorf2027", PasswordWeakness.COMMON),
        ("maja.kovac@example.org", PasswordWeakness.PERSONAL),
        ("MajaKovač1984", PasswordWeakness.PERSONAL),
        ("kovačmaja!!!", PasswordWeakness.PERSONAL),
    ],
)
def test_short_common_and_personal_passwords_are_refused(
    password: str, fault: PasswordWeakness
) -> None:
    assert password_weakness(password, about=ABOUT) is fault


@pytest.mark.parametrize(
    "password", ["vier pferde am rhein", "839201748261", "šipek-čaj-žaba", "kovač mag geheime wege"]
)
def test_long_passwords_need_no_digits_capitals_or_signs(password: str) -> None:
    assert password_weakness(password, about=ABOUT) is None


@pytest.mark.parametrize("path", ["/desk/", "/desk/events/3?page=2", "/events/a%20b#x"])
def test_paths_of_this_site_are_ways_back(path: str) -> None:
    assert safe_redirect_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "desk",
        "//evil.example",
        "/\\evil.example",
        "/\tevil.example",
        "/\n/evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/" + "x" * 2000,
        " /desk",
    ],
)
def test_everything_else_is_no_way_back(path: str | None) -> None:
    assert safe_redirect_path(path) is None


def test_a_whole_ipv6_network_counts_as_one_address() -> None:
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2:ffff::1")
    assert network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:192.0.2.7") == network_of("192.0.2.7") == "192.0.2.7"
    assert network_of("") == "unknown"


@pytest.mark.parametrize("was", Role)
@pytest.mark.parametrize("becomes", [*Role, None])
def test_nobody_changes_their_own_place(was: Role, becomes: Role | None) -> None:
    fault = membership_obstacle(is_own=True, was=was, becomes=becomes, other_administrators=5)

    assert fault is MembershipObstacle.OWN


def test_only_the_last_administrator_has_to_stay() -> None:
    def fault(was: Role, becomes: Role | None, others: int) -> MembershipObstacle | None:
        return membership_obstacle(
            is_own=False, was=was, becomes=becomes, other_administrators=others
        )

    assert fault(Role.ADMINISTRATOR, None, 0) is MembershipObstacle.LAST_ADMINISTRATOR
    assert fault(Role.ADMINISTRATOR, Role.STAFF, 0) is MembershipObstacle.LAST_ADMINISTRATOR
    assert fault(Role.ADMINISTRATOR, Role.ADMINISTRATOR, 0) is None
    assert fault(Role.ADMINISTRATOR, None, 1) is None
    assert fault(Role.STAFF, None, 0) is None
