"""A table in a Word document that comes back: from Word, LibreOffice or whatever has saved it."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from tm.documents import docx, package
from tm.documents.wordml import MC, W, clean, tag_of
from tm.errors import WrongType
from tm.exchange.work import table
from tm.exchange.work.bounds import ARCHIVE, incoming, part, without_entities
from tm.exchange.work.values import Returned

_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_THROUGH = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "smartTag"))
_SIGNS = {f"{W}{name}": sign for name, sign in _CHARACTERS.items()}


def read(data: bytes) -> list[Returned]:
    """The segments of all tables of a document; tracked changes stand as if all were accepted. Raises what `bounds`
    and `tm.documents.package` raise, WrongType too."""
    held = package.opened(incoming(data), docx.KIND, ARCHIVE)
    with without_entities():
        main = _main(held)
        hidden = docx.hidden_styles(held, main)
    root = part(held.parts[main], main)
    clean(root, hidden)
    return table.returned(_rows(root))


def _main(held: package.Package) -> str:
    try:
        return docx.main_part(held)
    except WrongType as error:
        error.todo = "Hand in the Word document that was exported."
        raise


def _rows(root: etree._Element) -> Iterator[table.Place]:
    for number, row in enumerate(root.iter(f"{W}tr"), 1):
        yield number, ["\n".join(map(_text, _own(cell, f"{W}p"))) for cell in _own(row, f"{W}tc")]


def _own(element: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """The cells of a row, or the paragraphs of a cell; not those of a table inside of it."""
    for child in element:
        tag = tag_of(child)
        if tag == wanted:
            yield child
        elif tag in _THROUGH:
            yield from _own(child, wanted)


def _text(element: etree._Element) -> str:
    return "".join(_runs(element))


def _runs(element: etree._Element) -> Iterator[str]:
    for child in element:
        tag = tag_of(child)
        if tag == f"{W}t":
            yield child.text or ""
        elif tag in _SIGNS:
            yield _SIGNS[tag]
        elif tag and tag not in (f"{W}pPr", f"{W}rPr", f"{W}drawing", f"{W}pict", f"{MC}AlternateContent"):
            yield from _runs(child)
