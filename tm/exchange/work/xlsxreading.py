"""A table in a spreadsheet that comes back, from whatever has saved it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tm.documents import package
from tm.errors import InputError, TooLarge, WrongType
from tm.exchange.work import table
from tm.exchange.work.bounds import ARCHIVE, ROWS, incoming, part
from tm.exchange.work.values import Returned

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

KIND = "spreadsheet"
_COLUMNS = 50
# what spreadsheets write for a control character, and for a `_` that would look like one. Not every program writes the
# second: any other character that is written so is text
_ESCAPED = re.compile(r"_x(00[01][0-9A-Fa-f]|005[Ff])_")


def read(data: bytes) -> list[Returned]:
    """The segments of all sheets of a spreadsheet. Raises what `bounds` and `tm.documents.package` raise, WrongType,
    InputError XML_ENTITY_FORBIDDEN."""
    held = package.opened(incoming(data), KIND, ARCHIVE)
    if "xl/workbook.xml" not in held.parts:
        raise WrongType(
            "The file is an archive, but no spreadsheet.", todo="Hand in the spreadsheet (.xlsx) that was exported."
        )
    if any("vbaProject" in name for name in held.parts):
        raise WrongType(
            "The document holds macros or programs.", code="MACRO_NOT_ACCEPTED", todo="Save it without them, as .xlsx."
        )
    for name, text in held.parts.items():
        if name.endswith((".xml", ".rels")):
            part(text, name)
    return table.returned(_places(data))


def _places(data: bytes) -> Iterator[table.Place]:
    rows = _values(data)
    while True:
        try:
            number, values = next(rows)
        except StopIteration:
            return
        except TooLarge:
            raise
        except Exception as error:  # what the library raises on damaged parts is no family of its own
            raise InputError(
                f"The {KIND} is damaged.", code="ARCHIVE_DAMAGED", todo="Open it in its own program and save it again."
            ) from error
        yield number, [_text(value) for value in values]


def _values(data: bytes) -> Iterator[tuple[int, tuple[Any, ...]]]:
    from openpyxl import load_workbook

    book: Workbook = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            for number, values in enumerate(sheet.iter_rows(max_col=_COLUMNS, values_only=True), 1):
                if number > 2 * ROWS:
                    raise TooLarge(
                        f"The file has more than {ROWS:,} segments.",
                        code="WORK_TOO_MANY_ROWS",
                        todo="Divide it and hand in the parts.",
                    )
                yield number, values
    finally:
        book.close()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))
