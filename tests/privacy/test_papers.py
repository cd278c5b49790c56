"""Sheets of data protection on paper: nothing runs into its neighbour, headings stay with theirs."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest
from flask import Flask
from flask_babel import force_locale

from event_mgmt.privacy import papers
from event_mgmt.privacy.papers import PaperSection, PaperTable
from tests.attendee_lists.paper import pages_of, structure_of
from tests.builders import NOW

LONG_WORD = "Datenschutzgrundverordnungsdurchführungsbestimmungsverzeichnis2027"
NO_SYLLABLES = "X" * 120
ADDRESS = (
    "datenschutzbeauftragte.nordrhein@wirtschaftsfoerderung.landeshauptstadt-duesseldorf.example"
)
HARD = f"{LONG_WORD} {ADDRESS} https://example.org/{NO_SYLLABLES}"


def a_sheet(
    *sections: PaperSection, locale: str = "de", subject: str = "Empfang & Aussprache"
) -> papers.PaperDocument:
    return papers.PaperDocument(
        locale=locale,
        title="Verzeichnis",
        subject=subject,
        hosts="Konsulat · GZS",
        accents=("#3b3a8f", "#2f6b1f"),
        taken="Erstellt von Maja Kovač",
        made_at=NOW,
        sections=sections,
    )


def pdf_of(sheet: papers.PaperDocument) -> bytes:
    with force_locale(sheet.locale):
        return papers.pdf_of(sheet)


@pytest.mark.parametrize("locale", ["de", "sl"])
def test_long_words_stay_in_their_columns(sqlite_app: Flask, locale: str) -> None:
    section = PaperSection(
        HARD,
        words=(HARD,),
        facts=((LONG_WORD, HARD), (NO_SYLLABLES, HARD)),
        table=PaperTable(
            (LONG_WORD, NO_SYLLABLES, "E-Mail"), [(HARD, HARD, ADDRESS)] * 3, (1, 1, 1)
        ),
    )

    pages = pages_of(pdf_of(a_sheet(section, locale=locale, subject=HARD)))

    for page in pages:
        assert page.printed_over() == []


def test_a_row_of_a_table_is_on_one_page_whole(sqlite_app: Flask) -> None:
    rows = [
        (f"Anfang{n:03}", "ein Satz über die Verarbeitung " * (n % 5 * 4) + f"Schluss{n:03}")
        for n in range(80)
    ]

    pages = pages_of(
        pdf_of(a_sheet(PaperSection("Tabelle", table=PaperTable(("A", "B"), rows, (1, 2)))))
    )

    texts = [" ".join(page.lines) for page in pages]
    assert len(texts) > 2
    for n in range(80):
        assert [f"Anfang{n:03}" in text for text in texts] == [
            f"Schluss{n:03}" in text for text in texts
        ]


@pytest.mark.parametrize("kind", ["words", "facts", "table"])
def test_no_heading_stands_alone_at_a_pages_foot(sqlite_app: Flask, kind: str) -> None:
    def section(n: int) -> PaperSection:
        kinds: dict[str, dict[str, Any]] = {
            "words": {"words": (f"Satz {n}",)},
            "facts": {"facts": [(f"Angabe {n}", "Wert")]},
            "table": {"table": PaperTable(("Spalte",), [("Zelle",)], (1,))},
        }
        return PaperSection(f"Abschnitt {n}", **kinds[kind])

    for first in range(3):
        filling = PaperSection("Anfang", words=("Satz",) * first)
        pages = pages_of(pdf_of(a_sheet(filling, *map(section, range(60)))))
        assert len(pages) > 2
        for page in pages:
            assert "Abschnitt" not in page.lines[-1]
            assert "Spalte" not in page.lines[-1]


def test_a_screen_reader_finds_headings_and_tables(sqlite_app: Flask) -> None:
    table = PaperTable(("A", "B"), [("a", "b")] * 3, (1, 2))

    pdf = pdf_of(
        a_sheet(PaperSection("Erstens", words=("Satz",), table=table), PaperSection("Zweitens"))
    )

    reader = pypdf.PdfReader(io.BytesIO(pdf))
    root: Any = reader.root_object
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "de"
    assert reader.metadata is not None
    assert reader.metadata.title == "Verzeichnis – Empfang & Aussprache"
    tree = structure_of(reader)
    assert len(list(tree.below("H1"))) == 1
    assert len(list(tree.below("H2"))) == 2
    (found,) = tree.below("Table")
    assert [len(row.children) for row in found.below("TR")] == [2] * 4
    assert {cell.scope for cell in found.below("TH")} == {"Column"}
