"""A release on its way to a colleague or another tool, and back.

    FORMATS["xliff21"].write(work) -> bytes          the same work gives the same bytes
    FORMATS["xliff21"].read(data) -> list[Returned]  what another tool, or a person, has made of it
    returned(data, "release.xlf") -> list[Returned]  the same, by the name of the file

Nothing is believed that comes back: the caller compares ids, hashes and texts with its own, and who may do what with a
state is its own affair too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tm.errors import InputError
from tm.exchange.work import docxreading, docxwriting, po, xliff12, xliff21, xliffreading, xlsxreading, xlsxwriting
from tm.exchange.work.values import Returned, WorkComment, WorkFile, WorkRow, new_comments, source_hash

__all__ = [
    "FORMATS",
    "Format",
    "Returned",
    "WorkComment",
    "WorkFile",
    "WorkRow",
    "new_comments",
    "returned",
    "source_hash",
]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, how its files end (without a dot), its media type, and both directions."""

    name: str
    ending: str
    media: str
    write: Callable[[WorkFile], bytes]
    read: Callable[[bytes], list[Returned]]


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format("xliff12", "xlf", "application/x-xliff+xml", xliff12.write, xliffreading.read),
        Format("xliff21", "xlf", "application/xliff+xml", xliff21.write, xliffreading.read),
        Format("po", "po", "text/x-gettext-translation", po.write, po.read),
        Format(
            "table-docx",
            "docx",
            f"{_OFFICE}.wordprocessingml.document",
            docxwriting.write,
            docxreading.read,
        ),
        Format("table-xlsx", "xlsx", f"{_OFFICE}.spreadsheetml.sheet", xlsxwriting.write, xlsxreading.read),
    )
}
_READERS = {each.ending: each.read for each in FORMATS.values()} | {"xliff": xliffreading.read}


def returned(data: bytes, filename: str) -> list[Returned]:
    """What came back in a file, read as the end of its name says. Raises InputError TYPE_UNKNOWN, and what the reader
    raises."""
    ending = filename.rsplit(".", 1)[-1].lower()
    if ending not in _READERS:
        raise InputError(
            f"“.{ending[:20]}” is not a format in which work comes back.",
            code="TYPE_UNKNOWN",
            where=filename[:200],
            todo="Use .xlf, .po, .docx or .xlsx.",
        )
    return _READERS[ending](data)
