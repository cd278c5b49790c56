"""Answers with a file: names, types and headers that let no file act as a page of ours."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from event_mgmt.files import downloads, queries
from event_mgmt.files.downloads import safe_name
from event_mgmt.files.kinds import FileKind
from event_mgmt.files.purposes import FileOwner
from event_mgmt.files.service import CHUNK_BYTES
from tests.builders import an_event
from tests.files.samples import FOR_A_DAY, PURPOSE, kept, pdf


@pytest.mark.parametrize(
    ("given", "kind", "shown"),
    [
        ("Programm Köln.pdf", FileKind.PDF, "Programm Köln.pdf"),
        ("PROGRAMM.PDF", FileKind.PDF, "PROGRAMM.pdf"),
        ("../../etc/passwd", FileKind.TEXT, "passwd.txt"),
        ("C:\\Users\\me\\list.csv", FileKind.TEXT, "list.csv"),
        ("rate.pdf.exe", FileKind.PDF, "rate.pdf.exe.pdf"),
        ("page.html", FileKind.TEXT, "page.html.txt"),
        ("picture.png", FileKind.PDF, "picture.png.pdf"),
        ("gpj\u202efdp.pdf", FileKind.PDF, "gpjfdp.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", FileKind.PDF, "aSet-Cookie x=1.pdf"),
        ('"quoted";.pdf', FileKind.PDF, "quoted;.pdf"),
        ("", FileKind.PDF, "file.pdf"),
        (".pdf", FileKind.PDF, "pdf.pdf"),
        ("...", FileKind.OTHER, "file.bin"),
        ("list.xlsx", FileKind.ZIP, "list.xlsx"),
        ("x" * 500 + ".pdf", FileKind.PDF, "x" * 120 + ".pdf"),
    ],
)
def test_a_name_is_plain_and_ends_as_its_kind(given: str, kind: FileKind, shown: str) -> None:
    assert safe_name(given, kind) == shown


def test_a_file_is_sent_as_a_download_and_never_shown(app: Flask, now: datetime) -> None:
    content = pdf(CHUNK_BYTES + 5)
    file_id = kept(content, FileOwner(event_id=an_event().id), now=now)

    with app.test_request_context():
        file = queries.claimed_file(file_id, PURPOSE, now=now)
        response = downloads.answer(file, name="Ključna točka.pdf")

    headers = response.headers
    assert response.content_length == len(content)
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == (
        "attachment; filename=\"kljucna tocka.pdf\"; filename*=UTF-8''Klju%C4%8Dna%20to%C4%8Dka.pdf"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, no-store"
    assert b"".join(response.response) == content


def test_a_page_that_somebody_uploads_is_sent_as_text(app: Flask, now: datetime) -> None:
    page = b"<!doctype html><script>alert(1)</script>"
    owner = FileOwner(event_id=an_event().id)
    file_id = kept(page, owner, now=now, purpose=FOR_A_DAY)

    with app.test_request_context():
        file = queries.claimed_file(file_id, FOR_A_DAY, now=now)
        response = downloads.answer(file, name="index.html")

    assert response.headers["Content-Type"] == "text/plain"
    assert "index.html.txt" in response.headers["Content-Disposition"]
