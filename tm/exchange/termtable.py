"""A glossary as a table: one entry to a row, as spreadsheets write it (CSV).

The columns are found by their names, English or French, in any order; only the one for French is needed. Several terms
in one cell have ` | ` between them; a `|` that belongs to a term is written `\\|`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from tm.documents.decode import decode
from tm.errors import InputError, TooLarge
from tm.terms.entry import checked
from tm.types import Concept, Term, TermStatus

LARGEST = 20_000_000  # bytes
COLUMNS = ("French", "English", "Allowed", "Forbidden", "Domain", "Note", "Status")
_NAMES = {
    "french": "French", "français": "French", "francais": "French", "fr": "French", "source": "French",
    "english": "English", "anglais": "English", "en": "English", "target": "English", "preferred": "English",
    "préféré": "English", "allowed": "Allowed", "admis": "Allowed", "autorisé": "Allowed", "admitted": "Allowed",
    "forbidden": "Forbidden", "interdit": "Forbidden", "proscrit": "Forbidden", "deprecated": "Forbidden",
    "domain": "Domain", "domaine": "Domain", "subject": "Domain", "note": "Note", "remarque": "Note",
    "comment": "Note", "status": "Status", "statut": "Status", "état": "Status",
}  # fmt: skip
_STATES = {"": True, "approved": True, "agreed": True, "approuvé": True, "proposed": False, "proposé": False}
_RANKS: tuple[tuple[str, TermStatus], ...] = (
    ("English", "preferred"),
    ("Allowed", "allowed"),
    ("Forbidden", "forbidden"),
)
_BETWEEN = re.compile(r"(?<!\\)((?:\\\\)*)\s*\|\s*")
# a spreadsheet takes a cell that begins so for a formula
_FORMULA = re.compile(r"'*[=+\-@\t]")


def read(data: bytes) -> list[Concept]:
    """The entries of a table with a line of names; commas, semicolons or tabs between the columns. Empty rows are left
    out.

    Raises InputError CSV_EMPTY, CSV_NO_HEADER, CSV_COLUMN (a column with a name that is not known, or twice), CSV_ROW
    (a row of another length), CSV_STATUS, what `tm.terms.entry.checked` raises, each with the row as a spreadsheet
    counts them; TooLarge; and what `tm.documents.decode` raises.
    """
    if len(data) > LARGEST:
        raise TooLarge(f"The file has {len(data):,} bytes; at most {LARGEST:,} are read.")
    text = decode(data).text
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True))
    except csv.Error as error:
        todo = "Export it again as CSV in UTF-8."
        raise InputError(f"The table cannot be read: {error}.", code="CSV_INVALID", todo=todo) from None
    if not rows or not any(rows[0]):
        raise InputError(
            "The table is empty.", code="CSV_EMPTY", todo=f"The first row has names: {', '.join(COLUMNS)}."
        )
    columns = _columns(rows[0])
    return [_concept(columns, row, number) for number, row in enumerate(rows[1:], 2) if any(map(str.strip, row))]


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _columns(names: Sequence[str]) -> list[str]:
    found = [_NAMES.get(name.strip().lower(), "") for name in names]
    if "French" not in found:
        raise InputError(
            "The first row names no column for French.",
            code="CSV_NO_HEADER",
            where="row 1",
            todo=f"Name the columns: {', '.join(COLUMNS)}.",
        )
    for place, (name, column) in enumerate(zip(names, found, strict=True)):
        if (not column and name.strip()) or (column and column in found[:place]):
            what = "is known" if column else "is not known"
            raise InputError(
                f"The column “{name.strip()[:40]}” {what}{' already' if column else ''}.",
                code="CSV_COLUMN",
                where=f"row 1, column {place + 1}",
                todo=f"Known are {', '.join(COLUMNS)}, each once.",
            )
    return found


def _concept(columns: Sequence[str], row: Sequence[str], number: int) -> Concept:
    if len(row) > len(columns) and any(map(str.strip, row[len(columns) :])):
        message = f"The row has {len(row)} cells, the first row names {len(columns)}."
        raise InputError(message, code="CSV_ROW", where=f"row {number}", todo="Put texts with commas into quotes.")
    cells = {column: _plain(cell) for column, cell in zip(columns, row, strict=False) if column}
    english = [Term(text, status) for column, status in _RANKS for text in _parts(cells.get(column, ""))]
    state = cells.get("Status", "").strip().lower()
    if state not in _STATES:
        where = f"row {number}, column Status"
        raise InputError(
            f"There is no status “{state[:40]}”.", code="CSV_STATUS", where=where, todo="approved, proposed."
        )
    french = tuple(_parts(cells.get("French", "")))
    note, domain = cells.get("Note", ""), cells.get("Domain", "")
    return checked(Concept(french, tuple(english), domain, note, _STATES[state]), f"row {number}")


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _parts(cell: str) -> list[str]:
    parts = _BETWEEN.sub("\\1\0", cell).split("\0")
    return [part.replace("\\|", "|").replace("\\\\", "\\").strip() for part in parts if part.strip()]


def write(concepts: Iterable[Concept]) -> bytes:
    """The entries as CSV in UTF-8 with a byte order mark, by which spreadsheets know it; `read` gives them back."""
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for concept in concepts:
        table.writerow([(_FORMULA.match(cell) and f"'{cell}") or cell for cell in _cells(concept)])
    return out.getvalue().encode("utf-8-sig")


def _cells(concept: Concept) -> Iterator[str]:
    yield _joined(concept.french)
    for _, status in _RANKS:
        yield _joined(concept.called(status))
    yield concept.domain
    yield concept.note
    yield "approved" if concept.agreed else "proposed"


def _joined(terms: Iterable[str]) -> str:
    return " | ".join(term.replace("\\", "\\\\").replace("|", "\\|") for term in terms)
