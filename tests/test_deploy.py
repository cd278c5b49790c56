"""The files to deploy with, and the guide: what they type exists, and what fails is noticed."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import click
import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parents[1]
FLASK = "/opt/events/.venv/bin/flask"
TYPED = re.compile(r"(?:flask --app app|event-mgmt) ([a-z][^`#\n\"']*)")
GUIDES = [
    *(ROOT / "docs").glob("*.md"),
    *(path for path in (ROOT / "deploy").rglob("*") if path.is_file()),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "Makefile", "compose.yaml")),
]


def typed_in(path: Path) -> set[str]:
    """What ``path`` tells to type after ``flask --app app`` or ``event-mgmt``."""
    return {found.strip() for found in TYPED.findall(path.read_text())}


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_every_command_of_the_guides_exists_with_its_options(sqlite_app: Flask, path: Path) -> None:
    for words in typed_in(path):
        command: click.Command = sqlite_app.cli
        for word in re.split(r"[\s\[\]]+", re.split(r"[|>&;,.)]| -> ", words)[0]):
            if isinstance(command, click.Group) and word in command.commands:
                command = command.commands[word]
            elif word.startswith("--"):
                options = {option for each in command.params for option in each.opts}
                assert word in options, f"{path.name}: {words}"
        assert command is not sqlite_app.cli, f"{path.name}: {words}"


def test_the_guide_is_read() -> None:
    """The control of the test above."""
    found = typed_in(ROOT / "docs" / "operations.md")

    assert "outbox release --withdraw-none" in found
    assert len(found) > 15


def counts_as_well(unit: str, flask: Path, folder: Path) -> bool:
    """Run all that ``unit`` starts with another ``flask``; tells what systemd would make of it."""
    statuses = set(re.findall(r"^SuccessExitStatus=(.*)$", unit, re.MULTILINE))
    unit = unit.replace(FLASK, str(flask)).replace("/var/lib/events-backups", str(folder))
    for line in re.findall(r"^ExecStart=(.*)$", unit.replace("$$", "$"), re.MULTILINE):
        done = subprocess.run(shlex.split(line), check=False)
        if done.returncode and str(done.returncode) not in statuses:
            return False
    return True


@pytest.mark.parametrize(
    ("failing", "status", "is_well"),
    [
        ("nothing", 0, True),
        ("doctor", 1, True),  # warnings
        ("doctor", 2, False),
        ("backup", 1, False),
        ("ledger", 1, False),
    ],
)
def test_a_backup_that_was_not_made_is_noticed_and_a_warning_is_no_failure(
    tmp_path: Path, failing: str, status: int, is_well: bool
) -> None:
    flask = tmp_path / "flask"
    flask.write_text(f'#!/bin/sh\ncase "$*" in *{failing}*) exit {status};; esac\n')
    flask.chmod(0o700)
    unit = (ROOT / "deploy" / "systemd" / "events-backup.service").read_text()

    assert counts_as_well(unit, flask, tmp_path) is is_well
