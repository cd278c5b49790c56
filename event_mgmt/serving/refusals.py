"""What a client reads that never got as far as a page. In all three languages: nobody has looked
which one it reads.
"""

from __future__ import annotations

from typing import Final


def _answer(status: str, *lines: str, later: bool = False) -> bytes:
    body = "".join(f"{line}\n" for line in lines).encode()
    head = [
        f"HTTP/1.1 {status}",
        "Connection: close",
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        *(["Retry-After: 5"] if later else []),
    ]
    return "".join(f"{line}\r\n" for line in [*head, ""]).encode() + body


TOO_SLOW: Final = _answer(
    "408 Request Timeout",
    "Die Anfrage kam zu langsam an. Bitte versuchen Sie es mit besserer Verbindung noch einmal.",
    "Zahteva je prihajala prepočasi. Poskusite znova z boljšo povezavo.",
    "The request arrived too slowly. Please try again with a better connection.",
)
OVERLOADED: Final = _answer(
    "503 Service Unavailable",
    "Im Moment kommen zu viele Anfragen an. Bitte versuchen Sie es in einigen Sekunden erneut.",
    "Trenutno prihaja preveč zahtev. Poskusite znova čez nekaj sekund.",
    "Too many requests are coming in. Please try again in a few seconds.",
    later=True,
)
HEAD_TOO_LONG: Final = _answer(
    "431 Request Header Fields Too Large",
    "Die Anfrage hat zu lange Kopfzeilen. Löschen Sie die Cookies dieser Seite und versuchen Sie es"
    " noch einmal.",
    "Zahteva ima predolge glave. Izbrišite piškotke te strani in poskusite znova.",
    "The request's header fields are too long. Please delete this site's cookies and try again.",
)
DISK_FULL: Final = _answer(
    "503 Service Unavailable",
    "Auf dem Server ist kein Speicherplatz mehr frei. Es wurde nichts geändert."
    " Bitte versuchen Sie es später noch einmal.",
    "Na strežniku ni več prostora na disku. Nič ni bilo spremenjeno. Poskusite znova pozneje.",
    "There is no room left on the server's disk. Nothing was changed. Please try again later.",
    later=True,
)
