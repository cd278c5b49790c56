"""What stands beneath a list and is nobody: notes, totals, when it was printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from event_mgmt.core.text import fold
from event_mgmt.registration_desk.imports import column_detection, person_names
from event_mgmt.registration_desk.imports.sheets import SheetRow
from event_mgmt.registration_desk.imports.word_lists import by_bars

_BEGINS: Final = by_bars(
    "stand|stand vom|erstellt|erstellt am|gedruckt|gedruckt am|ausgedruckt|seite|quelle|hinweis"
    "|hinweise|anmerkung|anmerkungen|legende|bemerkung|achtung|bitte|ruckfragen|fragen|kontakt"
    "|stanje|stanje na dan|pripravil|pripravila|natisnjeno|izpisano|stran|vir|opomba|opombe|legenda"
    "|vprasanja|prosimo|as of|printed|printed on|created|page|source|note|notes|legend|please"
    "|questions|exportiert|exported|izvozeno|aktualisiert|updated|posodobljeno|letzte anderung"
)
"""With what such lines begin; a figure or a colon goes with it, or a whole sentence."""
_COUNT: Final = re.compile(
    r"\(?\d{1,5}\s+(?:personen|person|teilnehmer\w*|gaste|anmeldungen|zusagen|absagen|oseb\w*"
    r"|udelezen\w*|gostov|prijav\w*|people|guests|participants|attendees|registrations|entries)\)?"
)
_ENDS: Final = (".", "!", "?", ":", ";")
_SENTENCE: Final = 4
"""So many words a line has that ends like a sentence; more where it only reads like one."""
_LONG: Final = 6
_MOST_CELLS: Final = 3


def beneath(rows: Sequence[SheetRow]) -> list[SheetRow]:
    """The rows at the end of a list that are notes, up to the first that may be somebody."""
    found: list[SheetRow] = []
    for row in reversed(rows):
        cells = [cell for cell in row.cells if cell]
        if not _is_note(cells):
            break
        found.append(row)
    return found[::-1]


def _is_note(cells: Sequence[str]) -> bool:
    if len(cells) > _MOST_CELLS or any(map(column_detection.is_address, cells)):
        return False
    text = " ".join(" ".join(cells).split())
    if _COUNT.fullmatch(fold(text).strip(" .")) or text[:1] in "*•=→†¹²³":
        return True
    begins = column_detection.begins_with(cells[0], _BEGINS)
    if begins and (":" in text or any(map(str.isdigit, text))):
        return True
    return len(cells) == 1 and _is_sentence(text, begins=begins)


def _is_sentence(text: str, *, begins: bool) -> bool:
    words = text.split()
    small = [word for word in words if word[0].islower() and not person_names.is_particle(word)]
    if "@" in text and len(words) >= _SENTENCE:
        return True
    if len(small) < 2:
        return False
    return (
        len(words) >= _LONG
        or begins
        or (
            len(words) >= _SENTENCE
            and text.endswith(_ENDS)
            and not person_names.is_title(words[-1])
        )
    )
