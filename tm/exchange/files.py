"""Exchange files by their names: which format, and its pairs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Literal

from tm.errors import InputError
from tm.text.codes import plain
from tm.types import Pair, Provenance

Kind = Literal["tmx", "po", "tsv", "xliff"]
_ENDINGS: dict[str, Kind] = {
    "tmx": "tmx", "po": "po", "pot": "po", "tsv": "tsv", "tab": "tsv", "xlf": "xliff", "xliff": "xliff",
}  # fmt: skip
_DONE = (None, "translated", "approved")


def kind_of(filename: str) -> Kind:
    """The format that the end of the name says. Raises InputError TYPE_UNKNOWN."""
    ending = filename.rsplit(".", 1)[-1].lower()
    if ending not in _ENDINGS:
        raise InputError(
            f"“.{ending[:20]}” is not an exchange format.",
            code="TYPE_UNKNOWN",
            where=filename[:200],
            todo="Use .tmx, .po, .xlf or .tsv.",
        )
    return _ENDINGS[ending]


def read(kind: Kind, stream: BinaryIO, *, label: str) -> Iterator[Pair]:
    """The pairs of a file, in order; `label` stands for the document where a pair names none.

    TMX is read as a stream, however long it is; the other formats are read whole. Raises InputError and its kin, with
    the place in the file, when it comes to it.
    """
    from tm.exchange import po, tmx, tsv

    if kind == "tmx":
        yield from tmx.read(stream, label=label)
    elif kind == "po":
        yield from po.read(stream.read(), label=label)
    elif kind == "xliff":
        yield from _xliff(stream.read(), label)
    else:
        yield from tsv.read(stream.read(), label=label)


def _xliff(data: bytes, label: str) -> Iterator[Pair]:
    """The translated units of XLIFF 1.2 or 2, without their inline codes: the memory has none."""
    from tm.exchange.work import xliffreading

    for number, unit in enumerate(xliffreading.read(data), 1):
        source, target = plain(unit.source or "").strip(), plain(unit.target).strip()
        if source and target and unit.state in _DONE:
            yield Pair(source, target, Provenance(label, number))
