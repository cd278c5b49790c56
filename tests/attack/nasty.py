"""Values that no honest browser sends."""

from __future__ import annotations

from typing import Final

TEXTS: Final = (
    "",
    " ",
    "\0",
    "a\0b",
    "\x1b[2J\r\nX: y",
    "\u2028\u202e\ufeff",
    "İıſK\u0130" * 50,
    "e\u0301\u0308" * 200,
    "\U0001f3f4\U000e0067",
    "ﷺ" * 300,
    "'",
    "' OR '1'='1' --",
    '"; DROP TABLE users; --',
    "id,(SELECT password_hash FROM users)",
    "%",
    "_%\\",
    "%s%n%(x)s{0}",
    "[]",
    "{}",
    "null",
    "true",
    "../../../etc/passwd",
    "http://evil.example.net/",
    "<script>alert(1)</script>",
)
NUMBERS: Final = (
    "0",
    "-1",
    "1e9",
    "NaN",
    "inf",
    "-0",
    "1.5",
    "+1",
    " 1",
    "1_000",
    "0x10",
    "²",
    "١٢",
    "2147483648",
    "9223372036854775808",
    "9" * 40,
    "9" * 5000,
)
TIMES: Final = (
    "2027-02",
    "2027-13",
    "0000-00",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59",
    "0001-01-01T00:00",
    "2027-02-30",
    "2027-03-28T02:30",
    "24:00",
    "-2027-01-01",
)
BYTES: Final = (b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\x80", b"%", b"%zz", b"\x80" * 100)
FEW: Final = (
    "a\0b",
    "9" * 40,
    "9" * 5000,
    "²",
    "9999-12-31T23:59",
    "' OR '1'='1' --",
    "İıſK\u0130" * 50,
)
"""Those that have broken most: for the quick form, and for the second database."""
