"""Recipients as mail programs show and copy them: "Ana Kos <ana@example.org>; Jan Kos <…>"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from event_mgmt.registration_desk.imports.sheets import ListFile, ListSheet, RowCollector, SheetRow

_ADDRESS: Final = re.compile(
    r"(?<![^\s<>,;:()\[\]\"])[^\s<>,;:()\[\]\"@]{1,64}@[^\s<>,;:()\[\]\"@]{3,190}"
)
_FIELD: Final = re.compile(
    r"^(?:An|To|Cc|Bcc|Za|Von|From|Od|Kp|Skp|Kopie|Blindkopie|Empfänger|Prejemniki?):[ \t]*",
    re.IGNORECASE | re.MULTILINE,
)
_OPENS: Final = re.compile(r"[<(]\s*(?:mailto:)?\s*$", re.IGNORECASE)
_CLOSES: Final = re.compile(r"\s*[>)]")
_SEPARATORS: Final = " ,;.\t\r\n"
_QUOTES: Final = "\"'„“”‚‘’ "
_FIRST: Final = 400
_LONGEST_NAME: Final = 120

Recipient = tuple[str, str]
"""(name, address); the name is '' where none is said."""


def recipients(text: str) -> list[Recipient]:
    """The people of a text that is nothing but recipients; none of any other text.

    They stand in lines of their own, or after each other with semicolons or commas between.
    """
    text = _without_heading(_FIELD.sub("", text.lstrip("\N{BOM}").strip()))
    if "@" not in text[:_FIRST]:
        return []
    found: list[Recipient] = []
    ends = 0
    for match in _ADDRESS.finditer(text):
        before = text[ends : match.start()]
        opens = _OPENS.search(before)
        name = _name(before[: opens.start()] if opens else before)
        if name is None or (name and not opens and any(map(before.__contains__, ",;\t\n"))):
            return []
        found.append((name, match[0].rstrip(".")))
        closes = _CLOSES.match(text, match.end()) if opens else None
        ends = closes.end() if closes else match.end()
    return [] if text[ends:].strip(_SEPARATORS) else found


def _without_heading(text: str) -> str:
    """``text`` without a first line that says what follows, and holds nobody's address."""
    first, _, rest = text.partition("\n")
    is_heading = "@" not in first and len(first) <= _LONGEST_NAME and not set(first) & set(",;\t|")
    return rest.strip() if is_heading and rest else text


def _name(text: str) -> str | None:
    """A name before an address; None for what is none."""
    name = text.strip(_SEPARATORS).strip(_QUOTES)
    if "\n" in name or len(name) > _LONGEST_NAME or any(sign in name for sign in "<>;:=|"):
        return None
    return " ".join(name.split())


def read_recipients(
    found: Sequence[Recipient], encoding: str, heading: tuple[str, str]
) -> ListFile:
    """A row for each recipient, below the ``heading`` of names and addresses."""
    rows = RowCollector()
    rows.take(0, enumerate(heading))
    for number, recipient in enumerate(found, start=1):
        rows.take(number, enumerate(recipient))
    return ListFile((ListSheet(tuple(rows.rows)),), encoding)


def in_rows(sheet: ListSheet, heading: tuple[str, str]) -> ListSheet:
    """A sheet whose rows are one cell each, with recipients in them, as names and addresses.

    Any other sheet as it is.
    """
    rows = sheet.rows
    if not rows or sheet.hidden_columns or any(sum(map(bool, row.cells)) != 1 for row in rows):
        return sheet
    texts = [(row, next(filter(None, row.cells))) for row in rows]
    if "@" not in texts[0][1]:
        texts = texts[1:]
    taken = [SheetRow(0, heading)]
    for row, text in texts:
        found = recipients(text)
        if not found:
            return sheet
        taken += [SheetRow(row.number, person, row.hidden) for person in found]
    return replace(sheet, rows=tuple(taken)) if len(taken) > 1 else sheet
