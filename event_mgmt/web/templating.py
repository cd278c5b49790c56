"""What every template can call."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from flask import Flask, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from event_mgmt.core import countries
from event_mgmt.core.clock import utc_now, wall_clock
from event_mgmt.core.localized import Localized
from event_mgmt.settings import Settings
from event_mgmt.web import times, uploads
from event_mgmt.web.locale import OWN_NAMES, current_language, switch_url
from event_mgmt.web.security import csp_nonce


def init_app(app: Flask, settings: Settings) -> None:
    """Give templates their globals and filters."""
    digests = _digests(Path(app.static_folder or ""))

    def asset(path: str) -> str:
        return url_for("static", filename=path, v=digests[path])

    app.jinja_env.globals.update(
        asset=asset,
        csp_nonce=csp_nonce,
        locales=list(OWN_NAMES.items()),
        public_base_url=settings.public_base_url,
        site_name=settings.site_name or _l("Events & Delegations"),
        switch_url=switch_url,
        is_endpoint=lambda *names: request.endpoint in names,
    )
    app.jinja_env.filters.update(
        into=_into,
        day=_day,
        short_datetime=_short_datetime,
        country=country_name,
        date_within=_date_within,
        deadline=_deadline,
        short_date=_short_date,
        time_of=_time_of,
        span=_span,
        event_times=_event_times,
        file_limit=_file_limit,
    )
    app.context_processor(lambda: {"locale": current_language()})
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.bytecode_cache = _BytecodeCache.within(settings.instance)


def _file_limit(most: int) -> dict[str, object]:
    """Attributes of a file field by which the browser itself says that a file is too large."""
    words = _("This file is too large: at most %(size)s.", size=uploads.size_text(most))
    return {"data-most-bytes": most, "data-too-large": words}


class _BytecodeCache(FileSystemBytecodeCache):
    """Templates as they were compiled last time: a third of the way to the first page.

    They are found by their source, so that a new version of one is compiled anew. Where they
    cannot be kept, pages do without.
    """

    @classmethod
    def within(cls, instance: Path) -> _BytecodeCache | None:
        """Kept in the instance's folder, for its owner only."""
        folder = instance / "templates"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            return None
        return cls(str(folder))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one; a full disk is no reason not to show the page."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:10]
        for path in folder.rglob("*")
        if path.is_file()
    }


def _into(text: Localized) -> str:
    return text.into(current_language())


def _day(value: date | datetime, zone: str | None = None) -> str:
    return times.day(value, current_language(), zone)


def _date_within(value: date | datetime, zone: str | None = None) -> str:
    return times.date_within(value, current_language(), zone)


def _deadline(value: datetime, zone: str) -> str:
    return times.deadline_in_zone(value, zone, current_language())


def _short_datetime(value: datetime, zone: str) -> str:
    return times.short_datetime(value, zone, current_language(), now=utc_now())


class TimedEvent(Protocol):
    """Something that begins and ends by the wall clock of a zone."""

    @property
    def starts_at(self) -> datetime: ...  # noqa: D102 - its name says it
    @property
    def ends_at(self) -> datetime: ...  # noqa: D102 - its name says it
    @property
    def time_zone(self) -> str: ...  # noqa: D102 - its name says it


def _span(event: TimedEvent) -> str:
    return times.span(event.starts_at, event.ends_at, event.time_zone, current_language())


def _event_times(event: TimedEvent, *, is_off: bool = False) -> times.EventTimes:
    return times.event_times(
        event.starts_at, event.ends_at, event.time_zone, current_language(), is_off=is_off
    )


def _short_date(value: datetime, zone: str) -> str:
    return times.short_date(wall_clock(value, zone).date(), current_language())


def _time_of(value: datetime, zone: str) -> str:
    return times.time_of(value, zone, current_language())


def country_name(code: str, locale: str | None = None) -> str:
    """The country's name in the reader's language; the code itself where it is unknown."""
    return countries.name_of(code, locale or current_language())
