"""What stands at the repository's top: it agrees with the Makefile, the documents and itself."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def recipe(target: str) -> list[str]:
    """What ``make <target>`` types, one line each, as somebody at the top of the repository would."""
    found = re.search(
        rf"^{target}:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE
    )
    assert found, target
    return [line.strip().replace("$(BIN)", ".venv/bin") for line in found[1].splitlines()]


def test_each_hook_before_a_commit_is_a_line_of_make_check() -> None:
    configuration = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())

    repositories = {each["repo"] for each in configuration["repos"]}
    entries = [hook["entry"] for each in configuration["repos"] for hook in each["hooks"]]

    assert repositories == {"local"}
    assert entries == recipe("check")


def test_the_version_is_the_one_that_the_changelog_opens_with() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    newest = re.search(r"^## (\S+)(.*)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert newest
    is_unreleased = newest[2] == " (unreleased)"
    assert project["version"] == newest[1] + (".dev0" if is_unreleased else "")


def test_the_licence_of_the_metadata_is_the_one_of_the_notice() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    notice = (ROOT / project["license-files"][0]).read_text()

    assert notice.startswith(f"SPDX-License-Identifier: {project['license']}\n")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_of_a_document_leads_to_a_file(document: Path) -> None:
    targets = re.findall(r"\]\((?![a-z]+:)([^)#\s]+)", document.read_text())

    assert [to for to in targets if not (document.parent / to).exists()] == []


def test_the_index_of_the_documents_names_each_of_them() -> None:
    index = (ROOT / "docs" / "README.md").read_text()

    unnamed = [path.name for path in (ROOT / "docs").glob("*.md") if f"({path.name})" not in index]

    assert unnamed == ["README.md"]


def workflow() -> dict[str, Any]:
    """The one job of the workflow that runs on every change."""
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text()
    [job] = yaml.safe_load(text)["jobs"].values()
    return dict(job)


def test_the_workflow_does_what_the_makefile_and_ci_run_do_and_nothing_else() -> None:
    typed = [step["run"] for step in workflow()["steps"] if "run" in step]
    texts = [(ROOT / ".ci" / "run").read_text(), *typed]
    targets = re.findall(r"\bmake ([a-z-]+)", "\n".join(texts))

    assert [line for line in typed if not re.fullmatch(r"\.ci/run|make [a-z-]+", line)] == []
    assert typed
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert {"check", "test"} <= set(targets)
    for target in targets:
        assert recipe(target), target


def test_the_workflow_runs_each_python_that_the_metadata_name() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))

    assert workflow()["strategy"]["matrix"]["python"] == named
    assert project["requires-python"] == f">={named[0]}"
