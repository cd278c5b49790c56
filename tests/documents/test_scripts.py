"""Names in other scripts are printed, and never as boxes."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest
from flask import Flask
from flask_babel import force_locale
from pypdf.generic import ContentStream

from event_mgmt.attendee_lists.formats import pdf
from event_mgmt.documents import engine
from event_mgmt.documents.font_coverage import lacking
from event_mgmt.documents.typeset import files_of, the_fonts
from tests.attendee_lists.making import a_sheet

SCRIPTS = {
    "Latin": "Đặng Ștefan Łukasz İpek Ħāris",
    "Greek": "Παπαδόπουλος Ἀλέξανδρος",
    "Cyrillic": "Шевченко Ђорђе Қасым",
    "Armenian": "Խաչատրյան",
    "Georgian": "შევარდნაძე",
    "Hebrew": "רבינוביץ׳",
    "Arabic": "محمد عبد الله",
    "Devanagari": "श्रीमती शर्मा",
    "Thai": "ประยุทธ์",
}
UNKNOWN = "𓀀𓁐"
OWN = engine.FONTS


def set_with(name: str, path: Path, app: Flask) -> pypdf.PdfReader:
    """A sign-in sheet and, in bold, that of somebody of this name."""
    sheet = a_sheet("number", "academic_title", "given_name", "family_name", "organisation",
                    "function", "companion_of")  # fmt: skip
    with app.app_context(), force_locale("de"):
        pdf.write_sign_in(sheet, [[1, "", name, name, name, "", ""]], path)
    return pypdf.PdfReader(path)


def empty_glyphs(document: pypdf.PdfReader) -> int:
    """How often a page shows the glyph that stands for missing ones, which is number 0."""
    found = 0
    for page in document.pages:
        for operands, operator in ContentStream(page.get_contents(), document).operations:
            if operator in {b"Tj", b"TJ"}:
                shown = operands[0] if operator == b"TJ" else operands
                codes = b"".join(part.original_bytes for part in shown if hasattr(part, "encode"))
                found += sum(pair == (0, 0) for pair in zip(codes[::2], codes[1::2], strict=True))
    return found


@pytest.mark.parametrize("script", SCRIPTS)
def test_our_own_fonts_have_the_letters_of_each_script(script: str) -> None:
    own = [font for font in files_of(the_fonts()) if OWN in font[0].parents]

    assert lacking(SCRIPTS[script], own) == set()
    assert lacking(UNKNOWN + "王", own) == {*UNKNOWN, "王"}


def test_names_of_all_scripts_are_printed(sqlite_app: Flask, tmp_path: Path) -> None:
    document = set_with(" ".join(SCRIPTS.values()), tmp_path / "list", sqlite_app)

    text = "".join(page.extract_text() for page in document.pages)
    assert empty_glyphs(document) == 0
    assert "Шевченко" in text
    assert "steht für einen Buchstaben" not in " ".join(text.split())


def test_letters_without_a_font_get_a_mark_and_the_sheet_says_so(
    sqlite_app: Flask, tmp_path: Path
) -> None:
    document = set_with(f"Ana {UNKNOWN}", tmp_path / "list", sqlite_app)

    text = " ".join(" ".join(page.extract_text() for page in document.pages).split())
    assert empty_glyphs(document) == 0
    assert "Ana ??" in text
    assert "steht für einen Buchstaben" in text
    assert b"pdfuaid:part" in (tmp_path / "list").read_bytes()


def test_invisible_letters_need_no_font_and_unreadable_files_have_none(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"\x00\x01\x00\x00\xff\xff")
    (tmp_path / "empty.ttf").touch()

    fonts = [(broken, 0), (tmp_path / "empty.ttf", 0), (tmp_path / "none.ttf", 0)]
    assert lacking("a\u200b\u00ad\u2067\ufe0f\u00a0", fonts) == set()
    assert lacking("Ž", fonts) == {"Ž"}


def test_which_letters_have_no_font_is_told_before_anything_is_set() -> None:
    assert engine.without_font(f"Žagar {UNKNOWN} Παπαδόπουλος") == "".join(sorted(UNKNOWN))
    assert engine.without_font("".join(SCRIPTS.values())) == ""
