"""Settings are checked before anything starts."""

from __future__ import annotations

import errno
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from event_mgmt import resources, settings
from event_mgmt.settings import SettingsError

ROOT = Path(__file__).resolve().parents[1]


def _load(tmp_path: Path, **environ: str) -> settings.Settings:
    return settings.load({"INSTANCE_DIR": str(tmp_path), **environ})


def test_without_any_setting_everything_has_a_sensible_value(tmp_path: Path) -> None:
    loaded = _load(tmp_path)

    assert loaded.database_url == f"sqlite:///{tmp_path}/events.sqlite3"
    assert loaded.mail.scheme == "file"
    assert loaded.mail.folder == tmp_path / "mail"
    assert loaded.default_locale == "de"
    assert "127.0.0.1" in loaded.trusted_hosts


def test_the_secret_key_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    first, second = _load(tmp_path), _load(tmp_path)

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 48
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_processes_that_start_at_once_keep_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as several:
        keys = set(several.map(lambda _number: _load(tmp_path).secret_key, range(24)))

    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_secret_that_was_cut_short_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("")

    with pytest.raises(SettingsError, match="SECRET_KEY"):
        _load(tmp_path)


def test_a_secret_that_the_disk_has_no_room_for_stops_the_start_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SettingsError, match="No space left"):
        _load(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_secrets_do_not_show_in_a_printed_setting(tmp_path: Path) -> None:
    shown = repr(_load(tmp_path, SECRET_KEY="s" * 40, MAIL_URL="smtp://u:hidden@relay:25"))

    assert "s" * 40 not in shown
    assert "hidden" not in shown


def test_a_mail_address_gives_host_port_and_credentials(tmp_path: Path) -> None:
    relay = _load(tmp_path, MAIL_URL="smtps://user:p%40ss@mail.example.org").mail

    assert (relay.host, relay.port, relay.username, relay.password) == (
        "mail.example.org",
        465,
        "user",
        "p@ss",
    )


@pytest.mark.parametrize(
    "url", [f"smtp://events:12345{sign}6hidden7@relay.example.org:587" for sign in "/#?[ "]
)
def test_a_password_that_needs_escaping_is_told_without_repeating_any_of_it(
    tmp_path: Path, url: str
) -> None:
    with pytest.raises(SettingsError, match="%2F") as caught:
        _load(tmp_path, MAIL_URL=url)

    assert "hidden" not in str(caught.value)
    assert "12345" not in str(caught.value)


def test_a_mailbox_for_bounces_gives_server_folder_and_the_way_back(tmp_path: Path) -> None:
    loaded = _load(
        tmp_path,
        MAIL_FROM="events@veranstaltungen-düsseldorf.de",
        BOUNCE_MAILBOX="imaps://back:p%40ss@imap.example.org/R%C3%BCckl%C3%A4ufer/Neu",
    )

    bounces = loaded.bounces
    assert bounces is not None
    assert (bounces.host, bounces.port, bounces.username) == ("imap.example.org", 993, "back")
    assert (bounces.password, bounces.folder) == ("p@ss", "Rückläufer/Neu")
    assert bounces.return_path("abc") == "events+abc@xn--veranstaltungen-dsseldorf-vwc.de"
    assert "p@ss" not in repr(loaded)


@pytest.mark.parametrize(
    ("address", "way_back"),
    [
        ("bounces+{code}@example.org", "bounces+abc@example.org"),
        ("{code}@back.example.org", "abc@back.example.org"),
        ("back@example.org", "back@example.org"),
    ],
)
def test_the_way_back_is_as_the_mailboxs_provider_allows(
    tmp_path: Path, address: str, way_back: str
) -> None:
    box = "imap://back:secret@imap.example.org"
    bounces = _load(tmp_path, BOUNCE_MAILBOX=box, BOUNCE_ADDRESS=address).bounces

    assert bounces is not None
    assert (bounces.port, bounces.folder) == (143, "INBOX")
    assert bounces.return_path("abc") == way_back


@pytest.mark.parametrize(
    "address",
    ["nobody", "a@{code}.org", "{code}+{code}@example.org", f"{'b' * 41}{{code}}@example.org"],
)
def test_a_way_back_that_is_none_is_refused(tmp_path: Path, address: str) -> None:
    box = "imaps://back:hidden@imap.example.org"
    with pytest.raises(SettingsError, match="BOUNCE_ADDRESS must be") as caught:
        _load(tmp_path, BOUNCE_MAILBOX=box, BOUNCE_ADDRESS=address)

    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOUNCE_MAILBOX", "pop3s://user:pass@host"),
        ("BOUNCE_MAILBOX", "imaps://host"),
        ("BOUNCE_MAILBOX", "imaps://user@host"),
        ("BOUNCE_MAILBOX", "imaps://user:pa/ss@host"),
        ("BOUNCE_ADDRESS", "back@example.org"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("DATABASE_URL", "sqlite:///"),
        ("SECRET_KEY", "short"),
        ("PUBLIC_BASE_URL", "events.example.org"),
        ("PUBLIC_BASE_URL", "http://host:port"),
        ("PUBLIC_BASE_URL", "https://host/?a=1"),
        ("MAIL_URL", "imap://host"),
        ("MAIL_URL", "smtp://host:notaport"),
        ("MAIL_URL", "smtp://user@host"),
        ("MAIL_URL", "smtp://:password@host"),
        ("MAIL_URL", "smtp://host/path"),
        ("MAIL_URL", "smtp://host with spaces"),
        ("MAIL_URL", "smtp://user:pass%0d%0aword@host"),
        ("MAIL_CA_FILE", "/nowhere/ca.pem"),
        ("MAIL_CA_FILE", __file__),
        ("MAIL_FROM", "nobody"),
        ("DEFAULT_LOCALE", "fr"),
        ("WEB_PROCESSES", "0"),
        ("WEB_PROCESSES", "two"),
        ("PROXY_HOPS", "-1"),
        ("BIND", "5000"),
        ("BIND", "localhost:http"),
        ("BIND", "localhost:99999"),
        ("TRUSTED_HOSTS", "one.example.org two.example.org"),
        ("INSTANCE_DIR", "/proc/nowhere"),
    ],
)
def test_a_wrong_value_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings.load({"INSTANCE_DIR": str(tmp_path), name: value})

    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"HOME": "/home/maja"}, "/home/maja/.local/state/event-mgmt"),
        ({"HOME": "/home/maja", "XDG_STATE_HOME": "/state"}, "/state/event-mgmt"),
        ({"HOME": "/home/maja", "XDG_STATE_HOME": "here"}, "/home/maja/.local/state/event-mgmt"),
    ],
)
def test_an_installed_package_keeps_its_state_with_its_user(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], folder: str
) -> None:
    assert resources.default_instance(environ) == ROOT / "instance"
    monkeypatch.setattr(resources, "IS_INSTALLED", True)

    assert resources.default_instance(environ) == Path(folder)


def test_a_relative_database_of_an_installed_package_lies_in_its_state_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "IS_INSTALLED", True)

    loaded = _load(tmp_path, DATABASE_URL="sqlite:///other.sqlite3")

    assert loaded.database_url == f"sqlite:///{tmp_path}/other.sqlite3"


@pytest.mark.processes
def test_a_wrong_value_stops_the_start_with_one_line(tmp_path: Path) -> None:
    started = subprocess.run(
        [sys.executable, "-c", "import app"],
        cwd=ROOT,
        env={"INSTANCE_DIR": str(tmp_path), "MAIL_URL": "imap://host"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert started.returncode == 1
    assert started.stderr.count("\n") == 1
    assert started.stderr.startswith("Settings: MAIL_URL")
