"""A release as XLIFF 1.2: a `trans-unit` for each segment, a `group` for each block.

What the standard has no place for stands in attributes of a namespace of ours: hash, number, state, match rate, origin,
person; of comments, when they were written and whether they are open.
"""

from __future__ import annotations

from itertools import groupby

from lxml import etree

from tm.exchange.work import xliffstates
from tm.exchange.work.bounds import outgoing
from tm.exchange.work.values import APPROVED, WorkFile, WorkRow
from tm.exchange.work.xliffcodes import OURS, Mark, Pen, pieces, top
from tm.types import Code

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
REASON = "passerelle:reason"  # who a note is from that says why a segment was sent back
_X, _P = f"{{{NAMESPACE}}}", f"{{{OURS}}}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_ROLES = {"heading": "heading", "caption": "caption", "list-item": "listitem", "table-cell": "cell"}
_PAIRED = {"bold": "bold", "italic": "italic", "underline": "underlined", "link": "link"}
_ALONE = {"picture": "image", "break": "lb"}


def write(work: WorkFile) -> bytes:
    """The file in UTF-8; the same work gives the same bytes. Raises what `bounds.outgoing` raises."""
    outgoing(work)
    root = top(f"{_X}xliff", {None: NAMESPACE, "p": OURS})
    root.set("version", "1.2")
    attributes = {
        "original": work.original,
        "source-language": "fr",
        "target-language": "en",
        "datatype": "x-passerelle",
        f"{_P}release": work.release,
        f"{_P}title": work.title,
    }
    file = etree.SubElement(root, f"{_X}file", attributes)
    body = etree.SubElement(file, f"{_X}body")
    for count, (_, rows) in enumerate(groupby(work.rows, lambda row: row.block), 1):
        _group(body, count, list(rows))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _group(body: etree._Element, count: int, rows: list[WorkRow]) -> None:
    role = rows[0].role
    attributes = {"id": f"b{count}", "restype": _ROLES.get(role, f"x-{role}")}
    group = etree.SubElement(body, f"{_X}group", attributes)
    for row in rows:
        _unit(group, row)


def _unit(group: etree._Element, row: WorkRow) -> None:
    ours = {"hash": row.source_hash, "number": str(row.number), "state": row.state}
    ours |= {"rate": "" if row.rate is None else str(row.rate), "origin": row.origin or "", "person": row.person}
    unit = etree.SubElement(group, f"{_X}trans-unit", {"id": row.id, _SPACE: "preserve"})
    if row.state == APPROVED:
        unit.set("approved", "yes")
    for name, value in ours.items():
        if value:
            unit.set(_P + name, value)
    known = {code.number: code for code in row.codes}
    _fill(etree.SubElement(unit, f"{_X}source"), row.source, known)
    target = etree.SubElement(unit, f"{_X}target")
    state, qualifier = xliffstates.old(row.state, row.rate)
    target.set("state", state)
    if qualifier:
        target.set("state-qualifier", qualifier)
    _fill(target, row.target, known)
    _notes(unit, row)


def _notes(unit: etree._Element, row: WorkRow) -> None:
    if row.reason:
        etree.SubElement(unit, f"{_X}note", {"from": REASON}).text = row.reason
    for comment in row.comments:
        etree.SubElement(unit, f"{_X}note", {"from": comment.author}).text = comment.text
    for comment in row.comments:
        etree.SubElement(unit, f"{_P}comment", {"at": comment.at, "open": "yes" if comment.open else "no"})


def _fill(element: etree._Element, text: str, known: dict[int, Code]) -> None:
    pen = Pen(element)
    for piece in pieces(text, known):
        if isinstance(piece, Mark):
            _code(pen, piece, known.get(piece.number))
        else:
            pen.text(piece)


def _code(pen: Pen, mark: Mark, code: Code | None) -> None:
    number = str(mark.number)
    table = _ALONE if mark.form == "alone" else _PAIRED
    kind = {"ctype": table.get(code.kind, f"x-{code.kind}")} if code is not None else {}
    if mark.form == "alone":
        pen.element(f"{_X}ph", {"id": number, **kind}, mark.shown)
    elif not mark.paired:
        pen.element(f"{_X}it", {"id": number, "pos": mark.form, **kind}, mark.shown)
    elif mark.form == "open":
        pen.element(f"{_X}bpt", {"id": number, "rid": number, **kind}, mark.shown)
    else:
        pen.element(f"{_X}ept", {"id": number, "rid": number}, mark.shown)
