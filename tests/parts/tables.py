"""What people and their programs do to tables, for tests."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import openpyxl
import pytest
from docx.document import Document
from openpyxl.worksheet.worksheet import Worksheet

from tests.parts.work import usual
from tm.exchange.work import FORMATS, Format, Returned

WORD, SHEET = FORMATS["table-docx"], FORMATS["table-xlsx"]
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def in_word(change: Callable[[Document], object], work: bytes | None = None) -> list[Returned]:
    """What comes back after a change in a Word document."""
    document = docx.Document(io.BytesIO(work or WORD.write(usual())))
    change(document)
    stream = io.BytesIO()
    document.save(stream)
    return WORD.read(stream.getvalue())


def in_sheet(change: Callable[[Worksheet], object], work: bytes | None = None) -> list[Returned]:
    """What comes back after a change in a spreadsheet."""
    book = openpyxl.load_workbook(io.BytesIO(work or SHEET.write(usual())))
    change(book["Translation"])
    stream = io.BytesIO()
    book.save(stream)
    return SHEET.read(stream.getvalue())


def put_word(place: int, column: int, text: str) -> Callable[[Document], object]:
    """Puts a text into a cell of a Word document; rows count from the head, 0."""

    def change(document: Document) -> None:
        document.tables[0].cell(place, column).text = text

    return change


def put_sheet(place: int, column: int, text: object) -> Callable[[Worksheet], object]:
    """Puts a value into a cell of a spreadsheet; rows count from the head, 0."""

    def change(sheet: Worksheet) -> None:
        sheet.cell(place + 1, column + 1).value = text

    return change


PUT = [(in_word, put_word, WORD), (in_sheet, put_sheet, SHEET)]
both = pytest.mark.parametrize(("within", "put", "form"), PUT, ids=["docx", "xlsx"])


def table_texts(form: Format) -> list[list[str]]:
    """The texts of a table, row by row."""
    data = form.write(usual())
    if form is WORD:
        table = docx.Document(io.BytesIO(data)).tables[0]
        return [[cell.text for cell in each.cells] for each in table.rows]
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Translation"]
    return [["" if value is None else str(value) for value in each] for each in sheet.iter_rows(values_only=True)]


def saved(form: Format, data: bytes, change: Callable) -> bytes:
    """A file after a change by another program."""
    stream = io.BytesIO()
    if form is WORD:
        document = docx.Document(io.BytesIO(data))
        change(document)
        document.save(stream)
    else:
        book = openpyxl.load_workbook(io.BytesIO(data))
        change(book["Translation"])
        book.save(stream)
    return stream.getvalue()


def drop_column(form: Format, column: int) -> Callable:
    """Takes a column out."""

    def of_word(document: Document) -> None:
        for each in document.tables[0].rows:
            each._tr.remove(each._tr.tc_lst[column])

    return of_word if form is WORD else lambda sheet: sheet.delete_cols(column + 1)
