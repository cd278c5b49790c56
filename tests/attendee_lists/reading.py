"""Who is on a list, what a taken one says, and how many were taken."""

from __future__ import annotations

import csv
import io
from typing import Any

from sqlalchemy import func, select

from event_mgmt.accounts.policy import Viewer
from event_mgmt.attendee_lists import queries
from event_mgmt.attendee_lists.criteria import ListCriteria, SortOrder
from event_mgmt.attendee_lists.downloads import ExportedFile
from event_mgmt.attendee_lists.models import Export
from event_mgmt.core.database import db
from event_mgmt.events.models import Event


def rows_in(content: bytes, separator: str = ";") -> list[list[str]]:
    """The rows of a CSV file, its heading first."""
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def rows_of(taken: ExportedFile, separator: str = ";") -> list[list[str]]:
    """The rows of a CSV list that was taken; it can be read again."""
    content = taken.file.read()
    taken.file.seek(0)
    return rows_in(content, separator)


def body_of(taken: ExportedFile) -> list[list[str]]:
    """The same rows without their heading."""
    return rows_of(taken)[1:]


def exports() -> int:
    """How many takings are on record."""
    return db.session.execute(select(func.count()).select_from(Export)).scalar_one()


def names_on_list(
    event: Event,
    viewer: Viewer,
    *,
    order: SortOrder = SortOrder.SURNAME,
    locale: str = "de",
    number: int = 1,
    **criteria: Any,
) -> list[str]:
    """The family names on one page of the list, as ``viewer`` sees it."""
    page = queries.page_of(
        event,
        viewer=viewer,
        criteria=ListCriteria(**criteria),
        order=order,
        locale=locale,
        number=number,
    )
    return [row.family_name for row in page.rows]
