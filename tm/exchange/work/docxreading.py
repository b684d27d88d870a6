"""A table in a Word document that comes back: from Word, LibreOffice or whatever has saved it."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from tm.documents import docx, package
from tm.documents.wordml import MC, W, clean, tag_of
from tm.errors import WrongType
from tm.exchange.work import table
from tm.exchange.work.bounds import ARCHIVE, incoming, part
from tm.exchange.work.values import Returned

_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_SIGNS = {f"{W}{name}": sign for name, sign in _CHARACTERS.items()}


def read(data: bytes) -> list[Returned]:
    """The segments of all tables of a document; tracked changes stand as if all were accepted. Raises what `bounds`
    and `tm.documents.package` raise, WrongType too."""
    held = package.opened(incoming(data), docx.KIND, ARCHIVE)
    main = _main(held)
    root = part(held.parts[main], main)
    clean(root, docx.hidden_styles(held, main))
    return table.returned(_rows(root))


def _main(held: package.Package) -> str:
    try:
        return docx.main_part(held)
    except WrongType as error:
        error.todo = "Hand in the Word document that was exported."
        raise


def _rows(root: etree._Element) -> Iterator[table.Place]:
    for number, row in enumerate(root.iter(f"{W}tr"), 1):
        cells = [cell for cell in row.iter(f"{W}tc") if next(cell.iterancestors(f"{W}tr"), None) is row]
        yield number, ["\n".join(map(_text, _paragraphs(cell))) for cell in cells]


def _paragraphs(cell: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs of a cell; those of a text box are none of its own."""
    for paragraph in cell.iter(f"{W}p"):
        if next(paragraph.iterancestors(f"{W}tc", f"{W}p"), None) is cell:
            yield paragraph


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
