"""Documents say of themselves that screen readers can read them, and nothing loads the typesetter."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
from flask import Flask
from flask_babel import force_locale

from event_mgmt.attendee_lists.formats import pdf
from event_mgmt.documents import engine
from tests.attendee_lists.making import a_sheet

SCRIPTS = ("Arabic", "Armenian", "Devanagari", "Georgian", "Hebrew", "Thai")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list.pdf"


@pytest.mark.parametrize("title", ["Teilnehmerliste", "𓀀"])
def test_a_document_carries_the_identifier_of_pdf_ua(
    sqlite_app: Flask, path: Path, title: str
) -> None:
    """ISO 14289-1, 5: the metadata name the part of the standard; also where a font lacks a letter."""
    with sqlite_app.test_request_context(), force_locale("de"):
        pdf.write_table(a_sheet("family_name", title=title), [], path)

    metadata = pypdf.PdfReader(path).xmp_metadata
    assert metadata is not None
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata.stream.get_data()


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_fonts_of_each_script_come_along(script: str) -> None:
    assert (engine.FONTS / f"NotoSans{script}-Regular.ttf").is_file()
    assert (engine.FONTS / f"NotoSans{script}-Bold.ttf").is_file()


def test_control_a_layout_outside_of_the_package_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="typesetting failed"):
        engine.set_pdf("../outside.typ", {}, tmp_path / "x.pdf", at=_instant())


def _instant() -> int:
    return int(datetime(2027, 1, 12, tzinfo=UTC).timestamp())


def test_the_typesetter_is_not_loaded_with_the_application() -> None:
    code = "import sys, event_mgmt.documents.engine; assert 'typst' not in sys.modules"

    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)

    assert done.returncode == 0, done.stderr.decode()
