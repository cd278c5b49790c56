"""``flask doctor`` on real set-ups: a good one, and ones that are broken in one place each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

import event_mgmt.documents.engine
from event_mgmt import settings as settings_module
from event_mgmt.audit.service import SYSTEM
from event_mgmt.core.database import db
from event_mgmt.mail import outbox_hold
from event_mgmt.operations.doctor import database, examination, installation, mail
from event_mgmt.operations.doctor.finding import Finding, Level
from event_mgmt.tasks.enums import TaskState
from tests.applications import an_application
from tests.builders import a_registration, a_task, a_user, an_event, an_organisation
from tests.conftest import NOW, make_app
from tests.mail.relay import HANG_UP, Relay
from tests.mail.samples import queued


@contextmanager
def a_system(instance: Path, *, is_migrated: bool = True, **environ: str) -> Iterator[Flask]:
    """A system of its own, whose settings may be broken."""
    if is_migrated:
        app = make_app(instance, "", **environ)
    else:
        app = an_application(INSTANCE_DIR=str(instance), **environ)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def found_in(app: Flask, now: datetime = NOW) -> list[Finding]:
    """Everything that the examination finds."""
    return list(examination.examine(app.extensions["settings"], now=now))


def about(subject: str, found: list[Finding]) -> list[Level]:
    """How bad each finding on ``subject`` is."""
    return [finding.level for finding in found if finding.subject == subject]


def troubles(found: list[Finding]) -> list[str]:
    """What is not well; catalogues are as fresh as the checkout and no business of these tests."""
    return [f.subject for f in found if f.level is not Level.OK and f.subject != "languages"]


def test_a_good_set_up_is_well_in_every_line(app: Flask) -> None:
    Path(app.instance_path).chmod(0o700)
    a_registration(an_event(), companions=2)

    found = found_in(app)

    assert troubles(found) == (["secret key"] if db.engine.dialect.name == "postgresql" else [])
    subjects = {finding.subject for finding in found}
    assert {"secret key", "disk", "PDF", "time zones", "mail relay", "schema", "seats"} <= subjects
    assert {"database version", "database settings", "outbox"} <= subjects
    assert all(finding.remedy for finding in found if finding.level is not Level.OK)


def test_the_command_prints_a_line_each_and_ends_with_the_worst(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        examination,
        "examine",
        lambda _settings, *, now: iter(
            [
                Finding(Level.OK, "disk", "enough"),
                Finding(Level.PROBLEM, "schema", "old", "upgrade"),
                Finding(Level.WARNING, "clock", "slow", "wind it up"),
            ]
        ),
    )

    run = sqlite_app.test_cli_runner().invoke(args=["doctor"])

    assert run.exit_code == 2
    assert run.output.splitlines() == [
        "ok       disk               enough",
        "problem  schema             old -> upgrade",
        "warning  clock              slow -> wind it up",
    ]


def test_an_examination_that_breaks_is_a_problem_and_the_rest_goes_on(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_settings: object, _now: object) -> Iterator[Finding]:
        raise ZeroDivisionError("about luka@example.org")

    monkeypatch.setattr(examination, "OF_THE_INSTALLATION", (broken, installation.zones))

    found = found_in(sqlite_app)

    assert (found[0].subject, found[0].level) == ("broken", Level.PROBLEM)
    assert "luka" not in found[0].words
    assert about("time zones", found) == [Level.OK]


def test_seats_that_are_counted_wrongly_are_found(app: Flask) -> None:
    event = an_event()
    a_registration(event)
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text("UPDATE seat_pools SET taken = 2"))

    [seats] = [finding for finding in found_in(app) if finding.subject == "seats"]

    assert (seats.level, seats.words) == (Level.PROBLEM, f"counted wrongly at event {event.id}")


def test_a_damaged_file_is_found(tmp_path: Path) -> None:
    with a_system(tmp_path) as app:
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            page = connection.exec_driver_sql(
                "SELECT rootpage FROM sqlite_master WHERE name = 'attendees'"
            ).scalar_one()
        db.engine.dispose()
        path = Path(db.engine.url.database or "")
        content = bytearray(path.read_bytes())
        content[4096 * (page - 1) : 4096 * (page - 1) + 8] = b"\xff" * 8
        path.write_bytes(content)

        assert about("integrity", found_in(app)) == [Level.PROBLEM]


def test_a_database_out_of_reach_is_one_problem_and_no_trace(tmp_path: Path) -> None:
    url = "postgresql://events:hidden@127.0.0.1:9/events"
    with a_system(tmp_path, is_migrated=False, DATABASE_URL=url) as app:
        found = found_in(app)

    assert about("database", found) == [Level.PROBLEM]
    assert found[-1].subject == "database"
    assert "hidden" not in found[-1].words


def test_a_schema_that_is_behind_is_told_with_its_remedy(tmp_path: Path) -> None:
    with a_system(tmp_path, is_migrated=False) as app:
        [schema] = [finding for finding in found_in(app) if finding.subject == "schema"]

    assert (schema.level, schema.remedy) == (Level.PROBLEM, "flask --app app db upgrade")


def test_mail_that_is_held_and_mail_that_waits_are_told(app: Flask) -> None:
    queued(1)
    assert about("outbox", found_in(app, NOW + timedelta(hours=1))) == [Level.PROBLEM]

    outbox_hold.hold(reason="restored", by=SYSTEM, now=NOW)

    assert about("outbox", found_in(app, NOW + timedelta(hours=1))) == [Level.WARNING]


def test_mail_of_kinds_that_this_version_does_not_send_is_told_and_is_not_late(app: Flask) -> None:
    queued(1, kind="of_a_newer_version")

    assert about("outbox", found_in(app, NOW + timedelta(hours=1))) == [Level.OK, Level.WARNING]


def _carried(relay: Relay, instance: Path, *, mail_from: str = "office@cluster.nrw") -> dict:
    environ = {"MAIL_URL": relay.url, "MAIL_FROM": mail_from, "INSTANCE_DIR": str(instance)}
    settings = settings_module.load(environ, testing=True)
    return {f.subject: f for f in mail.relay(settings, NOW)}


def test_the_relay_is_asked_and_nothing_is_sent(tmp_path: Path) -> None:
    with Relay() as relay:
        found = _carried(relay, tmp_path)
        relay.settle()

    assert found["mail relay"].level is Level.OK
    said = [command.split()[0].upper() for command in relay.commands]
    assert said == ["EHLO", "MAIL", "RCPT", "RSET", "QUIT"]
    assert relay.received == []


@pytest.mark.parametrize("said", [HANG_UP, "421 come back later", "554 not you"])
def test_a_relay_that_does_not_let_us_in_is_a_problem(tmp_path: Path, said: object) -> None:
    with Relay(says=lambda step, _c: said if step == "greeting" else ...) as relay:
        found = _carried(relay, tmp_path)

    assert found["mail relay"].level is Level.PROBLEM


@pytest.mark.parametrize(
    ("step", "said", "remedy"),
    [
        ("MAIL", "553 5.7.1 not your address", "MAIL_FROM"),
        ("RCPT", "554 5.7.1 Relay access denied", "user and password"),
    ],
)
def test_a_relay_that_would_carry_nothing_on_is_a_problem(
    tmp_path: Path, step: str, said: str, remedy: str
) -> None:
    with Relay(says=lambda at, _c: said if at == step else ...) as relay:
        found = _carried(relay, tmp_path)

    assert found["mail relay"].level is Level.PROBLEM
    assert remedy in found["mail relay"].remedy


def test_a_relay_that_is_gone_is_a_problem(tmp_path: Path) -> None:
    with Relay() as relay:
        pass

    assert _carried(relay, tmp_path)["mail relay"].level is Level.PROBLEM


def test_a_relay_whose_clock_is_off_is_told(tmp_path: Path) -> None:
    late = "220 relay ESMTP ready; Thu, 1 Jan 2026 09:00:00 +0100"
    with Relay(says=lambda step, _c: late if step == "greeting" else ...) as relay:
        found = _carried(relay, tmp_path)

    assert found["clock"].level is Level.PROBLEM
    assert mail.date_in(late) == datetime(2026, 1, 1, 8, tzinfo=UTC)
    assert mail.date_in("relay ready") is None


def test_the_file_system_of_a_path_is_that_of_the_nearest_mount() -> None:
    mounts = (
        "/dev/sda1 / ext4 rw 0 0\n"
        "server:/data /srv nfs4 rw 0 0\n"
        "/dev/sdb1 /srv/events xfs rw 0 0\n"
        "tmpfs /srv/event tmpfs rw 0 0\n"
    )

    assert database.file_system_of(Path("/var/lib/x"), mounts) == "ext4"
    assert database.file_system_of(Path("/srv/other/x"), mounts) == "nfs4"
    assert database.file_system_of(Path("/srv/events/x"), mounts) == "xfs"
    assert database.file_system_of(Path("/srv/events/x"), "") == ""


def test_a_missing_font_and_a_missing_catalogue_are_told(
    sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "_FONT_FOLDER", tmp_path)
    monkeypatch.setattr(installation, "resource", tmp_path.joinpath)
    for locale in ("de", "sl", "en"):
        folder = tmp_path / "translations" / locale / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "messages.po").touch()

    found = found_in(sqlite_app)

    assert about("PDF", found) == [Level.PROBLEM]
    assert about("languages", found) == [Level.PROBLEM]


@pytest.mark.parametrize(
    ("missing", "named"), [("", []), ("汉語", ["Chinese"]), ("かナ한글", ["Japanese", "Korean"])]
)
def test_scripts_are_named_for_which_the_machine_has_no_font(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch, missing: str, named: list[str]
) -> None:
    asked: list[str] = []

    def without_font(text: str) -> str:
        asked.append(text)
        return missing

    monkeypatch.setattr(event_mgmt.documents.engine, "without_font", without_font)

    finding = next(found for found in found_in(sqlite_app) if found.subject == "PDF scripts")

    assert asked == ["汉語かナ한글"]
    assert [name for name in ("Chinese", "Japanese", "Korean") if name in finding.words] == (
        named or ["Chinese", "Japanese", "Korean"]
    )
    assert bool(finding.remedy) is bool(named)


def test_tasks_that_nobody_runs_are_told(app: Flask) -> None:
    user = a_user(an_organisation())
    assert about("tasks", found_in(app, NOW)) == [Level.OK]

    a_task(user)

    assert about("tasks", found_in(app, NOW + timedelta(hours=1))) == [Level.PROBLEM]
    a_task(user, state=TaskState.RUNNING, leased_until=NOW + timedelta(hours=2))
    assert about("tasks", found_in(app, NOW + timedelta(hours=1))) == [Level.WARNING]


def test_a_task_whose_process_is_gone_is_told(app: Flask) -> None:
    a_task(a_user(an_organisation()), state=TaskState.RUNNING, leased_until=NOW)

    assert about("tasks", found_in(app, NOW + timedelta(seconds=1))) == [Level.WARNING]
