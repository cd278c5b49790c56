"""Examines what was installed and set: key, folder, disk, address, catalogues, paper, zones."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from event_mgmt.documents import engine
from event_mgmt.operations.doctor import rules
from event_mgmt.operations.doctor.finding import Finding, ok, problem
from event_mgmt.resources import resource
from event_mgmt.settings import LOCALES, Settings
from event_mgmt.web.choices import ZONES

_FONT_FOLDER: Final = engine.FONTS
_FONTS: Final = (
    "SourceSans3-Regular.ttf",
    "SourceSans3-Semibold.ttf",
    "SourceSerif4-Semibold.ttf",
    *(
        f"NotoSans{script}-{weight}.ttf"
        for script in ("Arabic", "Armenian", "Devanagari", "Georgian", "Hebrew", "Thai")
        for weight in ("Regular", "Bold")
    ),
)
_FROM_THE_MACHINE: Final = {"Chinese": "汉語", "Japanese": "かナ", "Korean": "한글"}
_SUMMER: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)
_PAPER: Final = '#set text(font: ("Source Sans 3", "Source Serif 4"))\nŽ ä č'


def secrets(settings: Settings, _now: datetime) -> Iterator[Finding]:
    """The key, and who may read it."""
    path = settings.instance / "secret_key"
    is_file = path.exists() and path.read_text().strip() == settings.secret_key
    yield rules.secret_key(
        settings.secret_key,
        mode=path.stat().st_mode & 0o777 if is_file else None,
        is_shared=not settings.is_sqlite,
    )


def places(settings: Settings, _now: datetime) -> Iterator[Finding]:
    """The instance folder and the room on its disk."""
    path = settings.instance
    yield rules.folder(
        str(path), mode=path.stat().st_mode & 0o777, is_writable=os.access(path, os.W_OK)
    )
    usage = shutil.disk_usage(path)
    yield rules.disk(str(path), free=usage.free, total=usage.total)


def address(settings: Settings, _now: datetime) -> Iterator[Finding]:
    """Whether the address in links is one that guests can open."""
    yield rules.base_url(settings.public_base_url, proxy_hops=settings.proxy_hops)


def languages(_settings: Settings, _now: datetime) -> Iterator[Finding]:
    """Whether every catalogue is compiled, and no older than its source."""
    stale = []
    for locale in LOCALES:
        source = resource(f"translations/{locale}/LC_MESSAGES/messages.po")
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or _is_newer(source, than=compiled):
            stale.append(locale)
    if stale:
        yield problem(
            "languages",
            f"not compiled: {', '.join(stale)}",
            "python -m event_mgmt.i18n compile",
        )
    else:
        yield ok("languages", ", ".join(LOCALES))


def _is_newer(source: Path, *, than: Path) -> bool:
    """Whether ``source`` was changed since; an installed package has no sources."""
    return source.exists() and source.stat().st_mtime > than.stat().st_mtime


def zones(_settings: Settings, _now: datetime) -> Iterator[Finding]:
    """Whether the machine knows the zones that events may lie in, summer time included."""
    missing = []
    for zone in ZONES:
        try:
            ZoneInfo(zone)
        except ZoneInfoNotFoundError:
            missing.append(zone)
    summer = _SUMMER.astimezone(ZoneInfo("Europe/Berlin")).hour if not missing else 14
    if missing or summer != 14:
        words = f"unknown: {', '.join(missing)}" if missing else "Berlin has no summer time"
        yield problem("time zones", words, "install requirements.txt, which brings tzdata")
    else:
        yield ok("time zones", f"{len(ZONES)} known")


def paper(_settings: Settings, _now: datetime) -> Iterator[Finding]:
    """Whether lists can be set as PDF, with our own fonts."""
    lost = [name for name in _FONTS if not (_FONT_FOLDER / name).is_file()]
    if lost:
        yield problem("PDF", f"fonts are missing: {', '.join(lost)}", "install the package anew")
    elif find_spec("typst") is None:
        yield problem("PDF", "typst is not installed", "install requirements.txt")
    else:
        yield _set_a_word()
        yield rules.other_scripts(_without_font())


def _without_font() -> list[str]:
    """The scripts too large to come along for which this machine has no font."""
    missing = set(engine.without_font("".join(_FROM_THE_MACHINE.values())))
    return [script for script, word in _FROM_THE_MACHINE.items() if not missing.isdisjoint(word)]


def _set_a_word() -> Finding:
    """In a process of its own, as lists are: a library that cannot be loaded may take it down."""
    code = (
        "import sys, typst; sys.stdout.buffer.write(typst.compile(sys.stdin.buffer.read(),"
        " format='pdf', font_paths=typst.Fonts(font_paths=[sys.argv[1]],"
        " include_embedded_fonts=False, include_system_fonts=False)))"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code, str(_FONT_FOLDER)],
        input=_PAPER.encode(),
        capture_output=True,
        timeout=30,
        check=False,
    )
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        return problem("PDF", "typst cannot set a page", "install requirements.txt anew")
    return ok("PDF", "typst and fonts")
