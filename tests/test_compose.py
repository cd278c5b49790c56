"""The file for containers: the services there are, and the settings that the system reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from event_mgmt import settings
from event_mgmt.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
IMAGE = (ROOT / "deploy" / "container" / "Dockerfile").read_text()
FILE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, Any] = FILE["services"]


class Asked(Mapping[str, str]):
    """An environment that notes which names are asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def filled_in(given: Mapping[str, str]) -> dict[str, str]:
    """The settings of the services that run the system, with what ``.env`` gives."""

    def value(found: re.Match[str]) -> str:
        name, kind, default = found.groups()
        assert given.get(name) or kind != ":?", name
        return given.get(name) or (default if kind == ":-" else "")

    texts = SERVICES["web"]["environment"].items()
    return {name: re.sub(r"\$\{(\w+)(:[-?])?([^}]*)\}", value, text) for name, text in texts}


def loaded(folder: Path, **given: str) -> Settings:
    """What the system makes of them."""
    environ = filled_in({"DATABASE_PASSWORD": "secret", **given})
    return settings.load({**environ, "INSTANCE_DIR": str(folder)})


def test_pages_and_mail_are_told_every_setting_that_the_system_reads(tmp_path: Path) -> None:
    asked = Asked({"INSTANCE_DIR": str(tmp_path)})
    settings.load(asked)
    of_the_image = set(
        re.findall(r"\b([A-Z_]+)=", "".join(re.findall(r"^ENV .*$", IMAGE, re.MULTILINE)))
    )

    told = set(SERVICES["web"]["environment"])

    assert SERVICES["worker"]["environment"] == SERVICES["web"]["environment"]
    assert told | (of_the_image & asked.names) == asked.names - {"XDG_STATE_HOME", "HOME"}
    assert told & of_the_image == set()


def test_a_password_for_the_database_is_all_that_must_be_given(tmp_path: Path) -> None:
    found = loaded(tmp_path)

    assert found.database_url == "postgresql://events:secret@database/events"
    assert found.public_base_url == "http://127.0.0.1:5000"
    assert (found.mail.scheme, found.mail_workers, found.proxy_hops) == ("file", 0, 0)
    with pytest.raises(AssertionError, match="DATABASE_PASSWORD"):
        filled_in({})


def test_a_relay_and_an_address_are_taken_from_what_is_given(tmp_path: Path) -> None:
    relay = "smtp://events:word@relay.example.org:587"

    found = loaded(
        tmp_path, MAIL_URL=relay, PUBLIC_BASE_URL="https://e.example.org", PROXY_HOPS="1"
    )

    assert (found.mail.host, found.is_https, found.proxy_hops) == ("relay.example.org", True, 1)


def test_there_is_a_database_pages_mail_and_tls_where_it_is_asked_for() -> None:
    assert {name for name, each in SERVICES.items() if "profiles" not in each} == {
        "database",
        "web",
        "worker",
    }
    assert SERVICES["proxy"]["profiles"] == ["tls"]
    assert SERVICES["worker"]["image"] == SERVICES["web"]["image"]
    assert [name for name, each in SERVICES.items() if "restart" not in each] == []


def test_what_is_mounted_and_built_exists() -> None:
    build = SERVICES["web"]["build"]
    mounts = [
        mount.split(":")[0] for each in SERVICES.values() for mount in each.get("volumes", [])
    ]

    assert (ROOT / build["context"] / build["dockerfile"]).is_file()
    for mount in mounts:
        assert (ROOT / mount).exists() if mount.startswith(".") else mount in FILE["volumes"]


def test_only_what_answers_browsers_is_reached_from_outside() -> None:
    published = {name: each["ports"] for name, each in SERVICES.items() if "ports" in each}

    assert published.pop("proxy")
    assert published == {"web": ["127.0.0.1:5000:5000"]}
