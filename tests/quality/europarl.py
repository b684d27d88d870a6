"""The parallel corpus of the European Parliament, where it lies beside the project: documents with their dates."""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "europarl-1m.tsv.xz"
MISSING = "the parallel corpus is not part of the project"
_NAME = re.compile(r"ep-(\d\d)-(\d\d)-(\d\d)\b")


class Line(NamedTuple):
    """One aligned pair, with its document and the date of that."""

    document: str
    date: str
    french: str
    english: str


def date_of(document: str) -> str:
    """The date that a name carries: `ep-07-10-22-012` is of 2007-10-22."""
    named = _NAME.match(document)
    if named is None:
        raise ValueError(f"{document} carries no date")
    year, month, day = named.groups()
    return f"{'19' if int(year) >= 90 else '20'}{year}-{month}-{day}"


def lines(since: str = "", before: str = "9") -> Iterator[Line]:
    """The pairs of documents of a time, in the order of the documents."""
    with lzma.open(DATA, "rt", encoding="utf-8") as stream:
        for line in stream:
            document, french, english = line.rstrip("\n").split("\t")
            date = date_of(document)
            if since <= date < before:
                yield Line(document, date, french, english)
