"""Whether a file holds an address, whatever kind of file it is."""

from __future__ import annotations

import io
import zipfile

import pytest

from event_mgmt.registration_desk.imports import upload_search

ADDRESS = "maja@example.org"


def _archive(text: str, *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        archive.writestr("xl/sharedStrings.xml", text)
    return file.getvalue()


@pytest.mark.parametrize(
    "file",
    [
        b"Name;E-Mail\nMaja;Maja@Example.org\n",
        "Name;E-Mail\nMaja;MAJA@example.org\n".encode("utf-16"),
        _archive("<si><t>maja@example.org</t></si>"),
        _archive("<si><r><t>maja@</t></r><r><t>example.org</t></r></si>"),
        _archive("<si><t>maja&#64;example.org</t></si>"),
    ],
)
def test_it_is_found_in_any_encoding_and_in_workbooks(file: bytes) -> None:
    assert upload_search.contains_address(file, ADDRESS)


@pytest.mark.parametrize(
    "file",
    [b"", b"other@example.org", _archive("<t>other@example.org</t>"), b"PK\x03\x04 no archive"],
)
def test_it_is_not_found_where_it_is_not(file: bytes) -> None:
    assert not upload_search.contains_address(file, ADDRESS)


def test_an_archive_that_unpacks_to_too_much_is_not_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(upload_search, "_MOST_BYTES", 1000)

    assert not upload_search.contains_address(_archive("a" * 5000 + ADDRESS), ADDRESS)
