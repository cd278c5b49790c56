"""Files of other kinds than workbooks and separated text, for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{kind}:1.0"'
    for name, kind in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
    )
)
_MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def an_opendocument(body: str, *, styles: str = "", head: str = "", manifest: str = "") -> bytes:
    """An .ods whose spreadsheet holds ``body``: its tables, in markup."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<office:document-content {_SPACES}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("mimetype", _MIMETYPE, compress_type=zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
    return out.getvalue()


def a_table(*rows: str, name: str = "Gäste", style: str = "", columns: str = "") -> str:
    """A sheet of an .ods; ``rows`` are in markup."""
    shown = f' table:style-name="{style}"' if style else ""
    return f'<table:table table:name="{name}"{shown}>{columns}{"".join(rows)}</table:table>'


def a_row(*cells: str, more: str = "") -> str:
    """A row of texts, or of cells in markup."""
    return f"<table:table-row {more}>{''.join(map(_cell, cells))}</table:table-row>"


def _cell(cell: str) -> str:
    if cell.startswith("<"):
        return cell
    return f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>"


def a_page(*rows: Sequence[str], before: str = "") -> bytes:
    """A page with one table."""
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<html><head></head><body>{before}<table>{lines}</table></body></html>".encode()
