"""Looking for what is left of somebody in every column of every table."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from event_mgmt.core.database import Base, db
from event_mgmt.core.text import fold


def traces_of(*words: str) -> list[str]:
    """Where any of ``words`` stands, in whichever spelling: ["table.column: word", …].

    Reads every value of every column, so that a column that is added later is read as well.
    """
    db.session.rollback()
    wanted = {word: (word.casefold(), fold(word)) for word in words}
    found = []
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(select(table)).mappings():
            for column, value in row.items():
                text = _as_text(value)
                found += [
                    f"{table.name}.{column}: {word}"
                    for word, (exact, folded) in wanted.items()
                    if exact in text.casefold() or folded in fold(text)
                ]
    db.session.rollback()
    return sorted(set(found))


def tables_in(found: Iterable[str]) -> set[str]:
    """The tables that ``traces_of`` named."""
    return {trace.partition(".")[0] for trace in found}


def _as_text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
