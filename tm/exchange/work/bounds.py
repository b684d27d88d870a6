"""What all formats refuse, on the way out and on the way back."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import BinaryIO

from lxml import etree

from tm.documents import package
from tm.documents.guard import control_character
from tm.errors import InputError, TooLarge
from tm.exchange.guarded import entities
from tm.exchange.work.values import Returned, WorkFile

BYTES = 20_000_000
ROWS = 20_000
LONGEST = 20_000  # characters of a text
# rows of a table are so much alike that they are packed to less than a hundredth
ARCHIVE = package.Bounds(ratio=500)
ELEMENTS = 6_000_000  # of a table with all its rows, in a word processor
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def outgoing(work: WorkFile) -> WorkFile:
    """The work, if every format can hold it. Raises InputError CONTROL_CHARACTER, SEGMENT_TOO_LONG; TooLarge
    WORK_TOO_MANY_ROWS."""
    if len(work.rows) > ROWS:
        raise _too_many()
    for text in (work.release, work.title, work.original):
        _check_characters(text)
    for row in work.rows:
        _check_text(row.source, f"segment {row.number}")
        _check_text(row.target, f"segment {row.number}")
        for text in (row.person, row.reason, *(code.shown for code in row.codes)):
            _check_characters(text)
        for comment in row.comments:
            _check_text(comment.text, f"segment {row.number}")
            _check_characters(comment.author + comment.at)
    return work


def incoming(data: bytes) -> bytes:
    """The bytes of a file, if they are to be looked at. Raises InputError EMPTY_FILE, TooLarge."""
    if not data:
        raise InputError("The file is empty.", code="EMPTY_FILE", todo="Check that the right file was chosen.")
    if len(data) > BYTES:
        raise TooLarge(f"The file has {len(data):,} bytes; at most {BYTES:,} are read.")
    return data


def repacked(stream: BinaryIO, **instead: bytes) -> bytes:
    """The archive that a library of ours has written, without the time of day; `instead`: parts that take the place of
    its own."""
    with zipfile.ZipFile(stream) as archive:
        return package.packed({name: archive.read(name) for name in archive.namelist()} | instead)


def part(data: bytes, name: str) -> etree._Element:
    """The XML of a part of an archive. Raises InputError XML_ENTITY_FORBIDDEN, and what `tm.documents.package.tree`
    raises; TooLarge WORK_TOO_MANY_ROWS before memory is taken for more elements than a table can have."""
    if data.count(b"<") > 2 * ELEMENTS:
        raise _too_many()
    with without_entities():
        return package.tree(data, name, (250, ELEMENTS))


@contextmanager
def without_entities() -> Iterator[None]:
    """A document type in a part of an archive is refused in the words of all XML that comes back."""
    try:
        yield
    except InputError as error:
        if error.code == "XML_DTD_FORBIDDEN":
            raise entities() from None
        raise


def gathered(found: Iterable[Returned]) -> list[Returned]:
    """What a file holds, each segment once, in the order of the file. Raises InputError: WORK_NO_IDS, WORK_ID_TWICE,
    SEGMENT_TOO_LONG, CONTROL_CHARACTER; TooLarge WORK_TOO_MANY_ROWS."""
    by_id: dict[str, Returned] = {}
    for count, one in enumerate(found, 1):
        if count > ROWS:
            raise _too_many()
        for text in _texts(one):
            _check_text(text, one.place)
        by_id[one.id] = _together(by_id[one.id], one) if one.id in by_id else one
    if not by_id:
        raise InputError(
            "The file names no segments.",
            code="WORK_NO_IDS",
            todo="Hand in the file that was exported for this, with its ids.",
        )
    return list(by_id.values())


def _texts(one: Returned) -> Iterator[str]:
    yield one.id
    yield one.target
    yield one.source or ""
    yield from one.comments


def _together(first: Returned, again: Returned) -> Returned:
    """A segment that stands in a file twice with the same texts."""
    if (first.source, first.target, first.state) != (again.source, again.target, again.state):
        raise InputError(
            f"The segment {first.id[:60]} stands in the file twice, with different texts.",
            code="WORK_ID_TWICE",
            where=f"{first.place}, {again.place}",
            todo="Delete one of the two.",
        )
    more = tuple(text for text in again.comments if text not in first.comments)
    return replace(first, comments=first.comments + more)


def _too_many() -> TooLarge:
    return TooLarge(
        f"The file has more than {ROWS:,} segments.",
        code="WORK_TOO_MANY_ROWS",
        todo="Divide it and hand in the parts.",
    )


def _check_text(text: str, place: str) -> None:
    if len(text) > LONGEST:
        raise InputError(f"A text has more than {LONGEST:,} characters.", code="SEGMENT_TOO_LONG", where=place)
    _check_characters(text, place)


def _check_characters(text: str, place: str = "") -> None:
    if found := _FORBIDDEN.search(text):
        refusal = control_character(text, found.start())
        refusal.where = place or refusal.where
        raise refusal
