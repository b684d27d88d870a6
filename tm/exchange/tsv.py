"""Two columns, French and English, a tab between them, one pair a line."""

from __future__ import annotations

from collections.abc import Iterator

from tm.documents.decode import decode
from tm.documents.guard import check_text
from tm.documents.limits import Limits
from tm.errors import InputError
from tm.types import Pair, Provenance

_FRENCH_FIRST = {("fr", "en"), ("french", "english"), ("français", "anglais"), ("source", "target")}


def read(data: bytes, *, label: str = "") -> list[Pair]:
    """The pairs of a table; `label` stands for the document, the line number for the position (from 1).

    A first line that names the columns is understood, in either order; without one, French comes first. Quotation
    marks are text. Lines with one side empty give no pair. Raises InputError TSV_COLUMNS and SEGMENT_TOO_LONG with
    the line, and what `tm.documents` raises for bytes.
    """
    text = decode(data).text
    check_text(text)
    return list(_pairs(text.replace("\r\n", "\n").split("\n"), label))


def _pairs(lines: list[str], label: str) -> Iterator[Pair]:
    names = tuple(name.strip().lower() for name in lines[0].split("\t"))
    swapped = names[::-1] in _FRENCH_FIRST
    for number, line in enumerate(lines, start=1):
        if not line.strip() or (number == 1 and (swapped or names in _FRENCH_FIRST)):
            continue
        source, target = _columns(line, number)[:: -1 if swapped else 1]
        if source and target:
            yield Pair(source, target, Provenance(label, number))


def _columns(line: str, number: int) -> list[str]:
    columns = [column.strip() for column in line.split("\t")]
    if len(columns) != 2:
        raise InputError(
            f"The line has {len(columns)} columns, not 2.",
            code="TSV_COLUMNS",
            where=f"line {number}",
            todo="Write French, one tab, English.",
        )
    if max(map(len, columns)) > Limits().segment:
        raise InputError(
            f"A text has more than {Limits().segment:,} characters.", code="SEGMENT_TOO_LONG", where=f"line {number}"
        )
    return columns
