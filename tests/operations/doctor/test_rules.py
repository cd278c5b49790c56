"""What the examination calls well, a warning and a problem."""

from __future__ import annotations

from datetime import timedelta

import pytest

from event_mgmt.operations.doctor import rules
from event_mgmt.operations.doctor.finding import Level
from tests.conftest import NOW

OK, WARNING, PROBLEM = Level.OK, Level.WARNING, Level.PROBLEM
KEY = "q7Rz-2mKd_XwYb9sJtLe4Vh1NcPg6UfAo8Ti3Sx"
GB = 1 << 30
WELL_SET = {
    "server_encoding": "UTF8",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "1min",
}
PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


@pytest.mark.parametrize(
    ("key", "mode", "is_shared", "level"),
    [
        (KEY, 0o600, False, OK),
        (KEY, None, True, OK),
        (KEY, 0o600, True, WARNING),
        (KEY, 0o640, False, PROBLEM),
        (KEY, 0o604, False, PROBLEM),
        ("a" * 64, None, False, PROBLEM),
        ("0123456789" * 4, None, False, PROBLEM),
        ("Change-Me-Before-You-Start-1234567890", None, False, PROBLEM),
    ],
)
def test_a_key_is_random_and_nobody_else_s(key, mode, is_shared, level) -> None:
    finding = rules.secret_key(key, mode=mode, is_shared=is_shared)

    assert finding.level is level
    assert key not in finding.words


@pytest.mark.parametrize(
    ("mode", "is_writable", "level"),
    [(0o700, True, OK), (0o755, True, WARNING), (0o710, True, WARNING), (0o700, False, PROBLEM)],
)
def test_the_instance_folder_is_for_the_service_alone(mode, is_writable, level) -> None:
    assert rules.folder("instance", mode=mode, is_writable=is_writable).level is level


@pytest.mark.parametrize(
    ("free", "level"), [(3 * GB, OK), (GB, WARNING), (GB // 4, WARNING), (GB // 5, PROBLEM)]
)
def test_a_disk_has_room(free, level) -> None:
    assert rules.disk("instance", free=free, total=100 * GB).level is level


@pytest.mark.parametrize(
    ("url", "hops", "level"),
    [
        ("http://127.0.0.1:5000", 0, OK),
        ("http://localhost", 0, OK),
        ("http://[::1]:5000", 0, OK),
        ("http://events.example.org", 1, PROBLEM),
        ("http://192.168.1.4:5000", 0, PROBLEM),
        ("https://events.example.org", 0, WARNING),
        ("https://events.example.org", 1, OK),
    ],
)
def test_guests_come_by_tls_and_are_told_apart(url, hops, level) -> None:
    assert rules.base_url(url, proxy_hops=hops).level is level


@pytest.mark.parametrize(
    ("version", "level"),
    [((3, 51, 2), PROBLEM), ((3, 40, 1), PROBLEM), ((3, 51, 3), OK), ((3, 53, 0), OK)],
)
def test_a_sqlite_that_may_corrupt_its_file_is_a_problem(version, level) -> None:
    assert rules.sqlite_version(version).level is level


@pytest.mark.parametrize(
    ("changed", "file_system", "level"),
    [
        ({}, "ext4", OK),
        ({}, "", OK),
        ({"journal_mode": "delete"}, "ext4", PROBLEM),
        ({"synchronous": 1}, "ext4", PROBLEM),
        ({"foreign_keys": 0}, "ext4", PROBLEM),
        ({}, "nfs4", PROBLEM),
    ],
)
def test_sqlite_is_durable_and_on_a_disk_of_this_machine(changed, file_system, level) -> None:
    found = {**PRAGMAS, **changed}

    assert rules.sqlite_settings(found, file_system=file_system).level is level


@pytest.mark.parametrize(("number", "level"), [(180001, OK), (140012, OK), (130000, WARNING)])
def test_an_old_postgresql_is_a_warning(number, level) -> None:
    assert rules.postgresql_version(number).level is level


@pytest.mark.parametrize(
    ("changed", "levels"),
    [
        ({}, [OK]),
        ({"server_encoding": "SQL_ASCII"}, [PROBLEM]),
        ({"fsync": "off", "synchronous_commit": "off"}, [PROBLEM, PROBLEM]),
        ({"lock_timeout": "0", "statement_timeout": "0"}, [WARNING]),
    ],
)
def test_postgresql_keeps_what_it_acknowledged(changed, levels) -> None:
    found = rules.postgresql_settings({**WELL_SET, **changed})

    assert [finding.level for finding in found] == levels


@pytest.mark.parametrize(("number", "notes"), [(140012, False), (150000, True), (180001, True)])
def test_the_oldest_postgresql_in_use_is_not_asked_what_it_cannot_know(number, notes) -> None:
    assert rules.notes_collation(number) is notes


@pytest.mark.parametrize(
    ("stored", "actual", "level"),
    [(None, None, OK), ("2.36", "2.36", OK), ("2.31", "2.36", PROBLEM)],
)
def test_indexes_made_with_another_collation_are_a_problem(stored, actual, level) -> None:
    assert rules.collation(stored, actual).level is level


@pytest.mark.parametrize(
    ("seconds", "level"), [(0.2, OK), (-2, OK), (10, WARNING), (-10, WARNING), (3600, PROBLEM)]
)
def test_clocks_go_alike(seconds, level) -> None:
    assert rules.clock("the database", timedelta(seconds=seconds)).level is level


@pytest.mark.parametrize(
    ("held_hours_ago", "waited_minutes", "level"),
    [(None, None, OK), (None, 1, OK), (None, 5, WARNING), (None, 11, PROBLEM), (2, 60, WARNING)],
)
def test_mail_goes_out_in_time(held_hours_ago, waited_minutes, level) -> None:
    held_at = NOW - timedelta(hours=held_hours_ago) if held_hours_ago else None
    oldest = NOW - timedelta(minutes=waited_minutes) if waited_minutes else None

    assert rules.outbox(held_at, oldest, now=NOW).level is level


@pytest.mark.parametrize(
    ("host", "is_secure", "level"),
    [
        ("relay.example.org", True, OK),
        ("127.0.0.1", False, OK),
        ("relay.example.org", False, WARNING),
    ],
)
def test_mail_travels_under_tls(host, is_secure, level) -> None:
    assert rules.relay(f"{host}:25", host=host, is_secure=is_secure).level is level


@pytest.mark.parametrize(
    ("address", "is_file", "level"),
    [
        ("events@example.org", False, PROBLEM),
        ("events@example.org", True, OK),
        ("office@cluster.nrw", False, OK),
    ],
)
def test_mails_come_from_an_address_that_exists(address, is_file, level) -> None:
    assert rules.sender(address, is_file=is_file).level is level


def test_a_script_without_a_font_is_told_with_its_remedy_and_is_no_trouble() -> None:
    well, lacking = rules.other_scripts([]), rules.other_scripts(["Chinese", "Korean"])

    assert (well.level, well.remedy) == (OK, "")
    assert lacking.level is OK
    assert "no font for Chinese, Korean" in lacking.words
    assert "fonts-noto-cjk" in lacking.remedy


@pytest.mark.parametrize(
    ("damaged", "hours", "level"),
    [(0, 0, Level.OK), (0, 1, Level.OK), (0, 3, Level.WARNING), (1, 0, Level.PROBLEM)],
)
def test_files_are_whole_and_swept_in_time(damaged: int, hours: int, level: Level) -> None:
    found = rules.files(7, size=1 << 20, damaged=damaged, overdue=timedelta(hours=hours))

    assert found.level is level
