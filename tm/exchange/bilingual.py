"""A bilingual table as a document with its translation: rows of French and English, from TSV or CSV."""

from __future__ import annotations

import csv
import io

from tm.documents.decode import decode
from tm.documents.guard import check_text
from tm.documents.limits import Limits
from tm.errors import InputError

ENDINGS = (".tsv", ".tab", ".csv")
_SEPARATORS = (";", ",", "\t")
_FRENCH = frozenset({"fr", "french", "français", "source"})
_ENGLISH = frozenset({"en", "english", "anglais", "target"})


def rows(data: bytes, filename: str, limits: Limits = Limits()) -> list[tuple[str, str]]:  # noqa: B008 - frozen
    """French and English of each row, either may be empty; rows without any text are left out.

    A first row that names the columns is understood, in either order; without one, French comes first. In CSV, commas
    or semicolons part the columns. Raises InputError: TABLE_COLUMNS and SEGMENT_TOO_LONG with the line,
    TOO_MANY_SEGMENTS, and what `tm.documents` raises for bytes.
    """
    text = decode(data).text
    check_text(text)
    first = text.lstrip("\r\n").split("\n", 1)[0]
    csv_file = filename.lower().endswith(".csv")
    separator = max(_SEPARATORS, key=first.count)
    csv.field_size_limit(10 * limits.segment)
    found: list[tuple[str, str]] = []
    try:
        stream = io.StringIO(text, newline="")
        plain = csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        for line in csv.reader(stream, delimiter=separator) if csv_file else plain:
            cells = [cell.strip() for cell in line]
            if any(cells):
                found.append(_checked(cells, len(found) + 1, limits))
    except csv.Error as error:
        raise InputError(f"The table cannot be read: {error}.", code="TABLE_COLUMNS", where=filename) from error
    if len(found) > limits.segments:
        raise InputError(f"The table has more than {limits.segments:,} rows.", code="TOO_MANY_SEGMENTS")
    return _in_order(found)


def _checked(cells: list[str], row: int, limits: Limits) -> tuple[str, str]:
    while len(cells) > 2 and not cells[-1]:
        cells.pop()
    if len(cells) != 2:
        raise InputError(
            f"The row has {len(cells)} columns, not 2.",
            code="TABLE_COLUMNS",
            where=f"row {row}",
            todo="Give French in the first column and English in the second.",
        )
    if max(map(len, cells)) > limits.segment:
        raise InputError(
            f"A text has more than {limits.segment:,} characters.", code="SEGMENT_TOO_LONG", where=f"row {row}"
        )
    return cells[0], cells[1]


def _in_order(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    if not found:
        return []
    one, other = (name.lower() for name in found[0])
    if one in _FRENCH and other in _ENGLISH:
        return found[1:]
    if one in _ENGLISH and other in _FRENCH:
        return [(french, english) for english, french in found[1:]]
    return found
