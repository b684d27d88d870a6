"""A release as a table in a spreadsheet.

Every text is stored as text, so that no program runs or reckons what begins with `=`, `+`, `-` or `@`.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from tm.errors import TooLarge
from tm.exchange.work import table
from tm.exchange.work.bounds import outgoing, repacked
from tm.exchange.work.values import WorkFile, WorkRow

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_WIDTHS = (6, 24, 60, 60, 16, 40)
_LINE, _TALLEST = 15, 400  # points
_CELL = 32_767  # characters that a spreadsheet keeps in a cell
_BEFORE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_RUNS = re.compile(r"[=+\-@\t\r]")
_PROPERTIES = "docProps/core.xml"
_CORE = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/'
    b'2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Passerelle</dc:creator>'
    b"</cp:coreProperties>"
)


def write(work: WorkFile) -> bytes:
    """The spreadsheet; the same work gives the same bytes on a machine. Raises what `bounds.outgoing` raises.

    Where a cell cannot hold all comments of a segment, the last ones are there.
    """
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "Translation"
    _rows(sheet, outgoing(work))
    about = book.create_sheet("About")
    about.column_dimensions["A"].width = 100
    for number, text in enumerate(filter(None, [work.title, work.release, work.original, *table.RULES]), 1):
        _put(about, number, 1, text)
    stream = io.BytesIO()
    book.save(stream)
    # the library writes the time of day into it
    return repacked(stream, **{_PROPERTIES: _CORE})


def _rows(sheet: Worksheet, work: WorkFile) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.datavalidation import DataValidation

    for column, (name, width) in enumerate(zip(table.HEADS, _WIDTHS, strict=True), 1):
        _put(sheet, 1, column, name).font = Font(bold=True)
        sheet.column_dimensions[chr(64 + column)].width = width
    small = Font(size=7, color="808080")
    for number, row in enumerate(work.rows, 2):
        sheet.cell(number, 1, row.number).alignment = Alignment(vertical="top")
        texts = _cells(row)
        for column, text in enumerate(texts[1:], 2):
            _put(sheet, number, column, text)
        sheet.cell(number, 2).font = small
        sheet.row_dimensions[number].height = _height(texts)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    choice = DataValidation("list", formula1='"draft,translated"', allow_blank=True, showErrorMessage=False)
    choice.add(f"E2:E{len(work.rows) + 2}")
    sheet.add_data_validation(choice)


def _cells(row: WorkRow) -> tuple[str, ...]:
    for left_out in range(len(row.comments) + 1):
        texts = tuple(map(_escaped, table.cells(row, left_out)))
        if max(map(len, texts)) <= _CELL:
            return texts
    raise TooLarge(
        f"A text has more than {_CELL:,} characters.", code="SEGMENT_TOO_LONG", where=f"segment {row.number}"
    )


def _height(texts: tuple[str, ...]) -> float:
    """Points for the longest text of a row: not every program measures that by itself. The key is small."""
    columns = zip(texts[2:], _WIDTHS[2:], strict=True)
    lines = [sum(1 + len(line) // width for line in text.split("\n")) for text, width in columns]
    return min(_TALLEST, _LINE * max(2, *lines))


def _put(sheet: Worksheet, row: int, column: int, text: str) -> Any:
    from openpyxl.styles import Alignment

    cell = sheet.cell(row, column)
    if text:
        cell.value = text
        cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if _RUNS.match(text):
        cell.quotePrefix = True
    return cell


def _escaped(text: str) -> str:
    return _BEFORE.sub("_x005F_", text).replace("\r", "_x000D_")
