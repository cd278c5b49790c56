"""What the tests of attendee lists share: sheets by hand, and wishes that are granted."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from event_mgmt.accounts.models import User
from event_mgmt.accounts.sessions import viewer_of
from event_mgmt.attendee_lists import downloads
from event_mgmt.attendee_lists.columns import CARD_ID, STANDARD, chosen, column_headings
from event_mgmt.attendee_lists.downloads import ExportedFile
from event_mgmt.attendee_lists.export_plan import Exporter, ExportRequest
from event_mgmt.attendee_lists.formats.document import ListDocument
from event_mgmt.events.models import Event

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def a_sheet(*keys: str, locale: str = "de", **given: Any) -> ListDocument:
    """A sheet with the standard columns ``keys``."""
    values: dict[str, Any] = {
        "locale": locale,
        "title": "Teilnehmerliste",
        "event": "Empfang & Aussprache",
        "when": "Mo., 15. Februar 2027, 18:00–21:30",
        "place": "Ständehaus, Düsseldorf",
        "hosts": "Konsulat · GZS",
        "accents": ("#3b3a8f", "#2f6b1f"),
        "taken": "Gezogen von Maja Kovač, 12. Jan. 2027, 10:00",
        "taken_at": NOW,
        "purpose": "Einlass & Empfang",
        "confidential": "Vertraulich",
        "heads": tuple(column_headings(chosen(keys, [CARD_ID, *STANDARD]))),
        **given,
    }
    return ListDocument(**values)


def taken_by(user: User, event: Event, folder: Path, **given: Any) -> ExportedFile:
    """Take a list as ``user``; by default a CSV with names in German."""
    locale = given.pop("locale", "de")
    now = given.pop("now", NOW)
    wish = ExportRequest(
        **{
            "format": "csv",
            "purpose": "Einlass",
            "columns": ("given_name", "family_name", "status"),
            **given,
        }
    )
    taker = Exporter(viewer_of(user), user.display_name, locale)
    taken = downloads.export_list(event, wish, taker=taker, folder=folder, now=now)
    with taken.file:
        return replace(taken, file=io.BytesIO(taken.file.read()))
