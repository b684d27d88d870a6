"""The vocabulary of Word documents, and what is taken out of them before anything is read.

Tracked changes stand as if all were accepted, comments and hidden text are gone: what somebody has deleted, said aside
or hidden is not to appear in a publication.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
VAL = f"{W}val"

_DELETED = frozenset(f"{W}{name}" for name in ("del", "moveFrom"))
_INSERTED = frozenset(f"{W}{name}" for name in ("ins", "moveTo"))
_CHANGES = frozenset(
    f"{W}{name}"
    for name in (
        "rPrChange pPrChange sectPrChange tblPrChange trPrChange tcPrChange tblPrExChange tblGridChange "
        "numberingChange cellIns cellMerge moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd "
        "customXmlInsRangeStart customXmlInsRangeEnd customXmlDelRangeStart customXmlDelRangeEnd"
    ).split()
)
_COMMENT_MARKS = frozenset(f"{W}{name}" for name in ("commentRangeStart", "commentRangeEnd", "commentReference"))
_OF_FIELDS = frozenset(f"{W}{name}" for name in ("rPr", "fldChar", "instrText"))
_FALSE = frozenset({"0", "false", "off"})


def tag_of(element: etree._Element) -> str:
    """The name of an element, "" for a comment or a processing instruction."""
    tag: object = element.tag
    return tag if isinstance(tag, str) else ""


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The child of that name in the main vocabulary."""
    return element.find(f"{W}{name}") if element is not None else None


def val(element: etree._Element | None, name: str) -> str:
    """The value of a child such as `w:pStyle`, "" without one."""
    found = child(element, name)
    return found.get(VAL, "") if found is not None else ""


def is_on(element: etree._Element | None, name: str) -> bool:
    """Whether a property such as `w:b` is there and not switched off."""
    found = child(element, name)
    return found is not None and found.get(VAL, "true").lower() not in _FALSE


def clean(root: etree._Element, hidden_styles: frozenset[str]) -> Counter[str]:
    """Take tracked changes, comments and hidden text out of a part, in place; how many of each there were."""
    found: Counter[str] = Counter()
    for element in list(root.iter(*_DELETED)):
        if _is_mark(element):
            continue
        found["deletions"] += 1
        _remove(element)
    for paragraph in reversed(list(root.iter(f"{W}p"))):
        _join_with_next(paragraph, found)
    for cell in list(root.iter(f"{W}tr", f"{W}tc")):
        if child(child(cell, "trPr"), "del") is not None or child(child(cell, "tcPr"), "cellDel") is not None:
            found["deletions"] += 1
            _remove_cell(cell)
    for element in list(root.iter(*_INSERTED)):
        found["insertions"] += 1
        _unwrap(element)
    for element in list(root.iter(*_CHANGES)):
        found["changes of form"] += element.tag.endswith("Change")
        _remove(element)
    found.update(_without_asides(root, hidden_styles))
    return +found


def _without_asides(root: etree._Element, hidden_styles: frozenset[str]) -> Iterator[str]:
    for element in list(root.iter(*_COMMENT_MARKS)):
        parent = element.getparent()
        if element.tag.endswith("commentReference"):
            yield "comments"
        _remove(element)
        if parent is not None and parent.tag == f"{W}r" and all(one.tag == f"{W}rPr" for one in parent):
            _remove(parent)
    paragraphs = {
        paragraph
        for paragraph in (root.iter(f"{W}p") if hidden_styles else ())
        if val(child(paragraph, "pPr"), "pStyle") in hidden_styles
    }
    for run in list(root.iter(f"{W}r")):
        if _is_hidden(run, hidden_styles, paragraphs):
            if next(run.iter(f"{W}t"), None) is not None:
                yield "hidden texts"
            _empty(run)


def _is_hidden(run: etree._Element, hidden_styles: frozenset[str], paragraphs: set[etree._Element]) -> bool:
    properties = child(run, "rPr")
    if child(properties, "vanish") is not None:
        return is_on(properties, "vanish")
    if val(properties, "rStyle") in hidden_styles:
        return True
    return next(run.iterancestors(f"{W}p"), None) in paragraphs


def _empty(run: etree._Element) -> None:
    """Take a run out, but for the marks of a field: others of it may stand in runs that are seen."""
    for element in list(run):
        if element.tag not in _OF_FIELDS:
            run.remove(element)
    if all(element.tag == f"{W}rPr" for element in run):
        _remove(run)


def _is_mark(element: etree._Element) -> bool:
    """Whether a deletion says that the end of a paragraph, or a row, was deleted."""
    parent = element.getparent()
    return parent is not None and parent.tag in (f"{W}rPr", f"{W}trPr")


def _join_with_next(paragraph: etree._Element, found: Counter[str]) -> None:
    """A paragraph whose end was deleted runs on into the next one."""
    properties = child(child(paragraph, "pPr"), "rPr")
    marks = [mark for mark in (child(properties, "del"), child(properties, "moveFrom")) if mark is not None]
    if not marks:
        return
    found["deletions"] += 1
    following = paragraph.getnext()
    if following is None or following.tag != f"{W}p":
        for mark in marks:
            _remove(mark)
        return
    at = 1 if child(following, "pPr") is not None else 0
    for element in reversed([one for one in paragraph if one.tag != f"{W}pPr"]):
        following.insert(at, element)
    _remove(paragraph)


def _remove_cell(cell: etree._Element) -> None:
    """Take a cell or row out, and what would be left of its row or table without any."""
    outer = cell.getparent()
    _remove(cell)
    if outer is not None and outer.tag in (f"{W}tr", f"{W}tbl") and next(outer.iter(f"{W}tc"), None) is None:
        _remove_cell(outer)


def _unwrap(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    for inner in reversed(list(element)):
        parent.insert(at + 1, inner)
    parent.remove(element)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
