"""Files and bodies that promise little and cost much."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

from tests.registration_desk.imports.documents import a_row, a_table, an_opendocument
from tests.registration_desk.imports.lists import a_workbook

MEGABYTE = 1024 * 1024
_SHEET = "xl/worksheets/sheet1.xml"
_STRINGS = "xl/sharedStrings.xml"
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    + "]>"
)
_TYPES = (
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def _rebuilt(change: Callable[[str, bytes], bytes | None], **more: bytes) -> bytes:
    """A sound workbook with some of its parts replaced."""
    out = io.BytesIO()
    sound = a_workbook(("Ana", "Novak", "ana@example.org", "Novak d.o.o."))
    with (
        zipfile.ZipFile(io.BytesIO(sound)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None and name not in more:
                new.writestr(name, content)
        for name, content in more.items():
            new.writestr(name, content)
    return out.getvalue()


def _sheet(rows: str, *, head: str = "", dimension: str = "A1:D2") -> bytes:
    return (
        f'{_HEAD}{head}<worksheet {_MAIN}><dimension ref="{dimension}"/>'
        f"<sheetData>{rows}</sheetData></worksheet>"
    ).encode()


def _with_sheet(content: bytes) -> bytes:
    return _rebuilt(lambda name, old: content if name == _SHEET else old)


def _text(cell: str, text: str) -> str:
    return f'<c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c>'


def zip_bomb() -> bytes:
    """A sheet that unpacks to 100 MB."""
    return _with_sheet(_sheet(" " * (100 * MEGABYTE)))


def lying_zip_bomb() -> bytes:
    """The same, while the archive's directory tells of a kilobyte."""
    content = bytearray(zip_bomb())
    at = 0
    while (at := content.find(b"PK\x01\x02", at)) >= 0:
        length = struct.unpack_from("<H", content, at + 28)[0]
        if bytes(content[at + 46 : at + 46 + length]) == _SHEET.encode():
            struct.pack_into("<I", content, at + 24, 1024)
        at += 4
    return bytes(content)


def billion_laughs(part: str) -> bytes:
    """Entities within entities, in one part of the workbook."""
    body = f"<row r='1'>{_text('A1', '&a11;')}</row>"
    if part == "sheet":
        return _with_sheet(_sheet(body, head=_LAUGHS))

    def change(name: str, old: bytes) -> bytes:
        if name.endswith(part):
            text = old.decode().partition("?>")[2] or old.decode()
            return f"{_HEAD}{_LAUGHS}{text}".replace("Gäste", "&a11;").encode()
        return old

    return _rebuilt(change)


def outside_entity() -> bytes:
    """A cell that would read a file of the server's."""
    head = "<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
    rows = "".join(f"<row r='{n}'>{_text(f'A{n}', '&f;')}</row>" for n in (1, 2))
    return _with_sheet(_sheet(rows, head=head))


def vast_dimension() -> bytes:
    """Two cells in the farthest corners of the largest sheet there is."""
    rows = f"<row r='1'>{_text('A1', 'Vorname')}</row>"
    rows += f"<row r='1048576'>{_text('XFD1048576', 'x')}</row>"
    return _with_sheet(_sheet(rows, dimension="A1:XFD1048576"))


def rows_of_nothing() -> bytes:
    """As many empty rows as the limit on unpacking allows."""
    return _with_sheet(_sheet("<row/>" * (11 * MEGABYTE // 6)))


def cells_of_nothing() -> bytes:
    """One row of as many empty cells as the limit allows."""
    return _with_sheet(_sheet("<row>" + "<c/>" * (11 * MEGABYTE // 4) + "</row>"))


def shared_strings() -> bytes:
    """As many shared strings as the limit allows, used by no cell."""
    strings = f"{_HEAD}<sst {_MAIN}>{'<si><t/></si>' * (11 * MEGABYTE // 13)}</sst>".encode()

    def change(name: str, old: bytes) -> bytes:
        return old.replace(b"</Types>", _TYPES.encode()) if "Content_Types" in name else old

    return _rebuilt(change, **{_STRINGS: strings})


def deep_markup() -> bytes:
    """Elements within elements, a million deep."""
    deep = 700_000
    return _with_sheet(_sheet("<row>" + "<c>" * deep + "</c>" * deep + "</row>"))


def many_parts() -> bytes:
    """An archive of thirty thousand files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "")
        for number in range(15_000):
            archive.writestr(f"{number}", "")
    return out.getvalue()


def cut_off() -> bytes:
    """Half a workbook."""
    whole = a_workbook(("Ana", "Novak", "ana@example.org", "x"))
    return whole[: len(whole) // 2]


_WIDE = (
    "<table:table-cell table:number-columns-repeated='16384'><text:p>x</text:p></table:table-cell>"
)
_DOOR = "<table><tr><td>"


def repeated_rows() -> bytes:
    """Two elements of an .ods that stand for seventeen thousand million cells."""
    return an_opendocument(a_table(a_row(_WIDE, more='table:number-rows-repeated="1048576"')))


def repeated_a_little() -> bytes:
    """Rows and columns repeated as often as the limits allow, each with much text."""
    cell = (
        "<table:table-cell table:number-columns-repeated='90'><text:p>"
        + "langer Text " * 2000
        + "</text:p></table:table-cell>"
    )
    return an_opendocument(a_table(a_row(cell, more='table:number-rows-repeated="2000"')))


def one_string_everywhere() -> bytes:
    """A shared string of a megabyte in each of a hundred thousand cells."""
    long = "x" * (8 * MEGABYTE)
    strings = f"{_HEAD}<sst {_MAIN}><si><t>{long}</t></si></sst>".encode()
    rows = "".join(
        f"<row r='{r}'>" + "<c t='s'><v>0</v></c>" * 50 + "</row>" for r in range(1, 2001)
    )

    def change(name: str, old: bytes) -> bytes:
        if name == _SHEET:
            return _sheet(rows)
        return old.replace(b"</Types>", _TYPES.encode()) if "Content_Types" in name else old

    return _rebuilt(change, **{_STRINGS: strings})


def far_corner_once() -> bytes:
    """A sheet of two cells: the first there is, and the last."""
    rows = f"<row r='1'>{_text('A1', 'Vorname')}</row>"
    rows += f"<row r='1048576'>{_text('A1048576', 'x')}{_text('XFD1048576', 'x')}</row>"
    return _with_sheet(_sheet(rows, dimension="A1"))


LISTS: dict[str, Callable[[], bytes]] = {
    "zip bomb": zip_bomb,
    "zip bomb that lies": lying_zip_bomb,
    "laughs in the sheet": lambda: billion_laughs("sheet"),
    "laughs in the workbook": lambda: billion_laughs("workbook.xml"),
    "laughs in the styles": lambda: billion_laughs("styles.xml"),
    "an entity outside": outside_entity,
    "vast dimension": vast_dimension,
    "rows of nothing": rows_of_nothing,
    "cells of nothing": cells_of_nothing,
    "shared strings": shared_strings,
    "deep markup": deep_markup,
    "many parts": many_parts,
    "cut off": cut_off,
    "an endless line": lambda: b"a" * (2 * MEGABYTE),
    "an endless row": lambda: b";" * (2 * MEGABYTE),
    "an endless row of words": lambda: b"a;" * MEGABYTE,
    "endless lines": lambda: b"\n" * (2 * MEGABYTE),
    "lines of one word": lambda: b"a\n" * MEGABYTE,
    "an open quote": lambda: b'"' + b"a\n" * (MEGABYTE - 1),
    "quotes": lambda: b'"' * (2 * MEGABYTE - 1),
    "utf-16 of nothing": lambda: b"\xff\xfe" + b"\0\0" * (MEGABYTE - 1),
    "far corner": far_corner_once,
    "one string everywhere": one_string_everywhere,
    "repeated rows": repeated_rows,
    "repeated a little": repeated_a_little,
    "laughs in an .ods": lambda: an_opendocument(a_table(a_row("&a11;")), head=_LAUGHS),
    "tags without end": (_DOOR + "<td " * (MEGABYTE // 2 - 5)).encode,
    "cells without end": (_DOOR + "<td>" * (MEGABYTE // 2 - 5)).encode,
    "open brackets": (_DOOR + "<" * (2 * MEGABYTE - 20)).encode,
    "open comments": (_DOOR + "<!--" * (MEGABYTE // 2 - 5)).encode,
    "cells over cells": lambda: (_DOOR + "<tr><td rowspan=2000 colspan=999>a" * 60_000).encode()[
        : 2 * MEGABYTE
    ],
    "cards without end": lambda: b"BEGIN:VCARD\n" * (MEGABYTE // 7),
    "many cards": lambda: b"BEGIN:VCARD\nN:A;B\nEND:VCARD\n" * 70_000,
    "a quoted card": lambda: (
        b"BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE:" + b"=\n" * (MEGABYTE - 50)
    ),
    "deep json": lambda: b"[" * MEGABYTE + b"]" * MEGABYTE,
    "wide json": lambda: b"[" + b"{}," * 600_000 + b"{}]",
    "noise": lambda: bytes(range(1, 256)) * 8000,
}
