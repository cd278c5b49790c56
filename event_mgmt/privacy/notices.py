"""The privacy notice in all its versions, word for word: what a guest was shown stays readable.

The present text is a template; each version is kept as it read in every language, in files that
never change. A test compares the present text with the files of the present version: whoever
changes a word raises PRIVACY_VERSION and keeps the new text (``flask privacy keep-notice``).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from flask import render_template
from flask_babel import force_locale
from markupsafe import Markup

from event_mgmt.core.refusals import Missing
from event_mgmt.events.models import Event
from event_mgmt.registrations.party_forms import PRIVACY_VERSION
from event_mgmt.settings import LOCALES

KEPT: Final = Path(__file__).parent / "notices_kept"
_VERSION: Final = re.compile(r"\d{4}-\d{2}[a-z]?")


def present_text(locale: str) -> str:
    """The notice as it reads now in ``locale``, as HTML."""
    columns = Event.__table__.c
    with force_locale(locale):
        return render_template(
            "event_site/_notice.html",
            months=columns.retention_months.default.arg,
            days=columns.sensitive_days.default.arg,
        ).strip()


def versions() -> list[str]:
    """All versions that were ever shown, the latest first."""
    return sorted((each.name for each in KEPT.iterdir() if each.is_dir()), reverse=True)


def text_of(version: str, locale: str) -> Markup:
    """What ``version`` said to readers of ``locale``; Missing where there was none."""
    if not _VERSION.fullmatch(version) or version not in versions():
        raise Missing
    return Markup((KEPT / version / f"{locale}.html").read_text())  # noqa: S704 - our own files


def keep_present() -> Path:
    """Keep the present text as that of PRIVACY_VERSION; FileExistsError where that has one."""
    folder = KEPT / PRIVACY_VERSION
    folder.mkdir(parents=True)
    for locale in LOCALES:
        (folder / f"{locale}.html").write_text(present_text(locale) + "\n")
    return folder
