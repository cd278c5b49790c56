"""A file's kind is what its bytes say."""

from __future__ import annotations

import pytest

from event_mgmt.files.kinds import FileKind, kind_of


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", FileKind.PNG),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", FileKind.JPEG),
        (b"RIFF\x24\0\0\0WEBPVP8 ", FileKind.WEBP),
        (b"RIFF\x24\0\0\0WAVEfmt ", FileKind.OTHER),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", FileKind.PDF),
        (b"PK\x03\x04\x14\0", FileKind.ZIP),
        ("Ime;Priimek\r\nŽiga;Čeh\n".encode(), FileKind.TEXT),
        ("Name;Straße\n".encode("cp1252"), FileKind.TEXT),
        ("Name;Ort\n".encode("utf-16"), FileKind.TEXT),
        ("\ufeffName;Ort\n".encode(), FileKind.TEXT),
        (b"<!doctype html><script>", FileKind.TEXT),
        (b"MZ\x90\0\x03", FileKind.OTHER),
        (b"\x7fELF\x02\x01\x01\0", FileKind.OTHER),
    ],
)
def test_a_kind_is_told_by_the_first_bytes(head: bytes, kind: FileKind) -> None:
    assert kind_of(head) is kind
