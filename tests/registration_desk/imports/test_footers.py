"""What stands beneath a list, without an application."""

from __future__ import annotations

import pytest

from event_mgmt.registration_desk.imports.footers import beneath
from event_mgmt.registration_desk.imports.sheets import SheetRow

ANA = SheetRow(1, ("Ana", "Kos", "a@example.org"))


@pytest.mark.parametrize(
    "cells",
    [
        ("Bitte bis 3.4. zurück an das Sekretariat",),
        ("* = hat noch nicht geantwortet",),
        ("", "Stand: 3.4.2026"),
        ("Stand:", "3.4.2026"),
        ("Seite 1 von 2",),
        ("Natisnjeno", "", "3. 4. 2026"),
        ("Fragen an Frau Müller, mueller@example.org",),
        ("Vsa imena so navedena z dovoljenjem udeležencev.",),
        ("12 Personen",),
        ("(12 udeležencev)",),
        ("3 guests",),
    ],
)
def test_notes_beneath_a_list_are_nobody(cells: tuple[str, ...]) -> None:
    note = SheetRow(3, cells)

    assert beneath([ANA, note]) == [note]


@pytest.mark.parametrize(
    "cells",
    [
        ("Ana", "Kos", "a@example.org"),
        ("Madonna",),
        ("Ludwig van der Meer",),
        ("", "", "a@example.org"),
        ("Maria de la Cruz y Ortega",),
        ("Larry", "Page"),
        ("Kontakt", "GmbH"),
        ("Jan Kos", "", "Begleitung von Ana Kos 2"),
        ("Anna Müller, M.A.",),
    ],
)
def test_whoever_may_be_somebody_is_no_note(cells: tuple[str, ...]) -> None:
    assert beneath([ANA, SheetRow(3, cells)]) == []


def test_a_note_between_people_is_asked_about() -> None:
    assert beneath([SheetRow(1, ("Stand: 3.4.2026",)), ANA]) == []
