"""Answering with a file: as a download, never as one of our pages, under a name that is safe."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

from werkzeug.wrappers import Response

from event_mgmt.core.text import fold
from event_mgmt.files import queries
from event_mgmt.files.kinds import FileKind
from event_mgmt.files.models import StoredFile

_LONGEST_NAME: Final = 120
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_OPEN: Final = "application/vnd.oasis.opendocument."
_TYPES: Final[dict[FileKind, dict[str, str]]] = {
    FileKind.PNG: {"png": "image/png"},
    FileKind.JPEG: {"jpg": "image/jpeg", "jpeg": "image/jpeg"},
    FileKind.WEBP: {"webp": "image/webp"},
    FileKind.PDF: {"pdf": "application/pdf"},
    FileKind.ZIP: {
        "zip": "application/zip",
        "xlsx": f"{_OFFICE}spreadsheetml.sheet",
        "docx": f"{_OFFICE}wordprocessingml.document",
        "pptx": f"{_OFFICE}presentationml.presentation",
        "ods": f"{_OPEN}spreadsheet",
        "odt": f"{_OPEN}text",
        "odp": f"{_OPEN}presentation",
    },
    FileKind.TEXT: {
        "txt": "text/plain",
        "csv": "text/csv",
        "tsv": "text/tab-separated-values",
        "json": "application/json",
        "vcf": "text/vcard",
        "ics": "text/calendar",
    },
    FileKind.OTHER: {"bin": "application/octet-stream"},
}
"""Endings that a file of each kind may have, the first one where it has none of them."""

_SANDBOX: Final = "sandbox; default-src 'none'"


def answer(file: StoredFile, *, name: str) -> Response:
    """The file as a download under ``name`` (see ``safe_name``), sent chunk by chunk.

    Whoever calls has asked whether the viewer may see it; ``queries.claimed_file`` answers 404 for
    the rest. A file that turns out damaged on the way is cut off, so that it is seen to be short.
    """
    shown = safe_name(name, file.kind)
    ending = PurePosixPath(shown).suffix[1:]
    response = Response(
        queries.open_chunks(file), content_type=_TYPES[file.kind][ending], direct_passthrough=True
    )
    response.content_length = file.size
    response.headers["Content-Disposition"] = _attachment(shown)
    response.headers["Content-Security-Policy"] = _SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def safe_name(name: str, kind: FileKind) -> str:
    """``name`` without folders, control or invisible characters, and with an ending of its kind.

    Such as ``rate.pdf.exe`` of a PDF, which becomes ``rate.pdf.exe.pdf``.
    """
    last = re.split(r"[/\\]", name)[-1]
    name = "".join(c for c in last if unicodedata.category(c)[0] not in "CZ" or c == " ")
    name = re.sub(r'[<>:"|?*]', "", name).strip(". ")
    stem, _dot, ending = name.rpartition(".")
    endings = _TYPES[kind]
    if not stem or ending.lower() not in endings:
        stem, ending = name, next(iter(endings))
    return f"{stem[:_LONGEST_NAME].strip('. ') or 'file'}.{ending.lower()}"


def _attachment(name: str) -> str:
    """The header of RFC 6266: a plain name for old programs, the whole one beside it."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", fold(name)) or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
