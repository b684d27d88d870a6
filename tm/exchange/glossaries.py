"""Files of glossaries by their names: which format, and its entries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from tm.errors import InputError
from tm.types import Concept

Kind = Literal["tbx", "csv"]
_ENDINGS: dict[str, Kind] = {"tbx": "tbx", "xml": "tbx", "csv": "csv", "tsv": "csv", "txt": "csv"}
TYPES: dict[Kind, str] = {"tbx": "application/x-tbx", "csv": "text/csv"}


def read(filename: str, data: bytes) -> list[Concept]:
    """The entries of a file, whose name says its format. Raises InputError TYPE_UNKNOWN, EMPTY_FILE, and what
    `tm.exchange.tbx.read` and `tm.exchange.termtable.read` raise."""
    from tm.exchange import tbx, termtable

    ending = filename.rsplit(".", 1)[-1].lower()
    if ending not in _ENDINGS:
        message = f"“.{ending[:20]}” is not a format of glossaries."
        raise InputError(message, code="TYPE_UNKNOWN", where=filename[:200], todo="Use .tbx or .csv.")
    if not data.strip():
        raise InputError("The file is empty.", code="EMPTY_FILE", where=filename[:200])
    return tbx.read(data) if _ENDINGS[ending] == "tbx" else termtable.read(data)


def write(kind: Kind, concepts: Iterable[Concept]) -> bytes:
    """The entries as a file of a format."""
    from tm.exchange import tbx, termtable

    return tbx.write(concepts) if kind == "tbx" else termtable.write(concepts)
