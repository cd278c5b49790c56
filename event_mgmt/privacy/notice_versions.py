"""The privacy notice in all its versions, word for word: what a guest was shown stays readable.

The present text is a template; each version is stored as it read in every language, in files that
never change. A test compares the present text with the files of the present version: whoever
changes a word raises PRIVACY_VERSION and stores the new text (``flask privacy keep-notice``).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from flask import render_template
from flask_babel import force_locale
from markupsafe import Markup

from event_mgmt.core.privacy_notice import PRIVACY_VERSION
from event_mgmt.core.refusals import Missing
from event_mgmt.events.models import Event
from event_mgmt.settings import LOCALES

TEXTS: Final = Path(__file__).parent / "notice_texts"
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
    return sorted((each.name for each in TEXTS.iterdir() if each.is_dir()), reverse=True)


def text_of(version: str, locale: str) -> Markup:
    """What ``version`` said to readers of ``locale``; Missing where there was none."""
    if not _VERSION.fullmatch(version) or version not in versions():
        raise Missing
    return Markup((TEXTS / version / f"{locale}.html").read_text())  # noqa: S704 - our own files


def store_present() -> Path:
    """Store the present text as that of PRIVACY_VERSION; FileExistsError where that has one."""
    folder = TEXTS / PRIVACY_VERSION
    folder.mkdir(parents=True)
    for locale in LOCALES:
        (folder / f"{locale}.html").write_text(present_text(locale) + "\n")
    return folder
