"""XLSX: typed cells, a frozen heading that is printed on every page, and who took the list."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _

from event_mgmt.attendee_lists.columns import Cell, Cells, ColumnHeading, ColumnKind, is_all_text
from event_mgmt.attendee_lists.formats import xlsx_layout
from event_mgmt.attendee_lists.formats.document import ListDocument

if TYPE_CHECKING:
    from rustpy_xlsxwriter import Format

LONGEST_CELL: Final = 32_767
"""Characters that one cell takes (Excel specifications and limits)."""

LONGEST_BAND: Final = 255
"""Characters that a header or footer takes, its codes included."""

_BATCH: Final = 250

_DATES: Final = {"de": "dd.mm.yyyy", "sl": "d. m. yyyy", "en": "yyyy-mm-dd"}
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_A_NAME: Final = re.compile(r"[\[\]:*?/\\]")


def write(sheet: ListDocument, rows: Iterable[Cells], path: Path) -> None:
    """Write the workbook row by row: memory does not grow with the list.

    Guests' text is written as text cells in the text format, so that neither ``=cmd…`` nor
    ``+49…`` is ever calculated, not even when somebody edits the cell.
    """
    from rustpy_xlsxwriter import Format, write_worksheet  # noqa: PLC0415 - loaded when needed

    labels = [head.label for head in sheet.heads]
    records = _with_heading(_records(sheet.heads, rows), labels)
    first = list(itertools.islice(records, xlsx_layout.SAMPLE))
    is_whole = len(first) < xlsx_layout.SAMPLE
    looked_at = first if is_whole else first[: xlsx_layout.GLANCE]
    widths = [
        xlsx_layout.width(head, (row[head.label] for row in looked_at)) for head in sheet.heads
    ]
    heading = Format().set_bold().set_background_color("#e8f0f6").set_text_wrap()
    heading.set_align("top").set_border_bottom("thin")
    write_worksheet(
        itertools.chain(first, records),
        str(path),
        sheet_name=_sheet_name(sheet.title),
        freeze_row=1,
        freeze_col=_frozen(sheet.heads),
        header_format=heading,
        autofilter=True,
        column_widths=widths,
        row_heights=xlsx_layout.heights(labels, [list(row.values()) for row in looked_at], widths),
        column_formats={
            head.label: _style(Format, head, sheet.locale, wrap=is_whole) for head in sheet.heads
        },
        ignore_errors=[head.label for head in sheet.heads if head.kind is ColumnKind.TEXT],
        page_setup={
            **xlsx_layout.setup(sheet.heads, widths),
            "header": _band(("&L", sheet.event), ("&R", sheet.when)),
            "footer": _band(("&L", sheet.taken), ("&R", f"{sheet.confidential} · ")) + "&P / &N",
        },
    )


def _frozen(heads: tuple[ColumnHeading, ...]) -> int:
    """How many columns never scroll away: up to the family name, if it is near the beginning."""
    keys = [head.key for head in heads[:5]]
    return keys.index("family_name") + 1 if "family_name" in keys else 0


def _style(style: type[Format], head: ColumnHeading, locale: str, *, wrap: bool) -> Format:
    """Numbers and words keep away from each other; with ``wrap`` no text is cut by another."""
    date = _DATES[locale]
    top = style().set_align("top")
    match head.kind:
        case ColumnKind.TEXT | ColumnKind.WORD | ColumnKind.YES_NO | ColumnKind.LONG_TEXT:
            text = top.set_num_format("@")
            return text.set_text_wrap() if wrap or head.kind is ColumnKind.LONG_TEXT else text
        case ColumnKind.DATE:
            return top.set_num_format(date).set_align("left")
        case ColumnKind.MOMENT:
            return top.set_num_format(f"{date} hh:mm").set_align("left")
        case _:
            return top.set_align("right").set_indent(1)


def _with_heading(
    records: Iterator[dict[str, Cell]], labels: list[str]
) -> Iterator[dict[str, Cell]]:
    """A list of nobody has its heading too, over one empty row: the writer reads it off a row."""
    first = next(records, None)
    yield dict.fromkeys(labels) if first is None else first
    yield from records


def _records(heads: tuple[ColumnHeading, ...], rows: Iterable[Cells]) -> Iterator[dict[str, Cell]]:
    """The rows as the writer takes them; a batch is made ready column by column."""
    labels = [head.label for head in heads]
    ready = [_readied(head.kind) for head in heads]
    stream = iter(rows)
    while batch := list(itertools.islice(stream, _BATCH)):
        columns = zip(*batch, strict=True)
        made = [make(cells) for make, cells in zip(ready, columns, strict=True)]
        for row in zip(*made, strict=True):
            yield dict(zip(labels, row, strict=True))


def _readied(kind: ColumnKind) -> Callable[[Cells], Cells]:
    """A function that makes the cells of a column such as a workbook may hold."""
    match kind:
        case ColumnKind.DATE | ColumnKind.MOMENT:
            return lambda cells: cells
        case ColumnKind.YES_NO:
            yes_no: dict[object, str | None] = {None: None, True: _("yes"), False: _("no")}
            return lambda cells: _writable([yes_no.get(cell, cell) for cell in cells])
        case _:
            return _writable


def _writable(cells: Cells) -> Cells:
    """Texts without what XML forbids, as long as a cell is. Most columns need one look."""
    texts = cells if is_all_text(cells) else [cell for cell in cells if isinstance(cell, str)]
    if "".join(texts).isprintable() and max(map(len, texts), default=0) <= LONGEST_CELL:
        return cells
    return [
        _NOT_IN_XML.sub("", cell)[:LONGEST_CELL] if isinstance(cell, str) else cell
        for cell in cells
    ]


def _sheet_name(title: str) -> str:
    return _NOT_IN_A_NAME.sub(" ", title).strip("' ")[:31] or "1"


def _band(*parts: tuple[str, str]) -> str:
    """A header or footer; a & in a text is doubled, else it would begin a code."""
    room = (LONGEST_BAND - 12) // len(parts)
    fitting = [(code, text[: room - text.count("&") - 2]) for code, text in parts]
    return "".join(code + text.replace("&", "&&") for code, text in fitting)
