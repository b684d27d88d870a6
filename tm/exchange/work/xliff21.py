"""A release as XLIFF 2.1: a `unit` with one `segment` for each segment, a `group` for each block.

Hash, match rate, origin and person stand in the standard's metadata module; of comments, who has written them and when
in attributes of a namespace of ours.
"""

from __future__ import annotations

from itertools import groupby

from lxml import etree

from tm.exchange.work import xliffstates
from tm.exchange.work.bounds import outgoing
from tm.exchange.work.values import UNTRANSLATED, WorkFile, WorkRow
from tm.exchange.work.xliff21codes import Codes
from tm.exchange.work.xliffcodes import OURS, top

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"  # of 2.1 too
METADATA = "urn:oasis:names:tc:xliff:metadata:2.0"
REASON = "passerelle:reason"  # the category of a note that says why a segment was sent back
_X, _M, _P = f"{{{NAMESPACE}}}", f"{{{METADATA}}}", f"{{{OURS}}}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def write(work: WorkFile) -> bytes:
    """The file in UTF-8; the same work gives the same bytes. Raises what `bounds.outgoing` raises."""
    outgoing(work)
    root = top(f"{_X}xliff", {None: NAMESPACE, "mda": METADATA, "p": OURS})
    root.attrib.update({"version": "2.1", "srcLang": "fr", "trgLang": "en"})
    attributes = {"id": "f1", "original": work.original, f"{_P}release": work.release, f"{_P}title": work.title}
    file = etree.SubElement(root, f"{_X}file", {**attributes, "canResegment": "no"})
    for count, (_, rows) in enumerate(groupby(work.rows, lambda row: row.block), 1):
        _group(file, count, list(rows))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _group(file: etree._Element, count: int, rows: list[WorkRow]) -> None:
    group = etree.SubElement(file, f"{_X}group", {"id": f"b{count}", "type": f"passerelle:{rows[0].role}"})
    for row in rows:
        _unit(group, row)


def _unit(group: etree._Element, row: WorkRow) -> None:
    unit = etree.SubElement(group, f"{_X}unit", {"id": row.id, "name": str(row.number), _SPACE: "preserve"})
    _metadata(unit, row)
    _notes(unit, row)
    codes = Codes(row.codes)
    codes.data(unit, row.source + row.target)
    segment = etree.SubElement(unit, f"{_X}segment")
    state, sub = xliffstates.new(row.state)
    segment.set("state", state)
    if sub:
        segment.set("subState", sub)
    codes.fill(etree.SubElement(segment, f"{_X}source"), row.source)
    if row.target or row.state != UNTRANSLATED:
        codes.fill(etree.SubElement(segment, f"{_X}target"), row.target)


def _metadata(unit: etree._Element, row: WorkRow) -> None:
    metadata = etree.SubElement(unit, f"{_M}metadata")
    group = etree.SubElement(metadata, f"{_M}metaGroup", {"category": "passerelle"})
    rate = "" if row.rate is None else str(row.rate)
    facts = {"hash": row.source_hash, "rate": rate, "origin": row.origin or "", "person": row.person}
    for name, value in facts.items():
        if value:
            etree.SubElement(group, f"{_M}meta", {"type": name}).text = value


def _notes(unit: etree._Element, row: WorkRow) -> None:
    if not row.reason and not row.comments:
        return
    notes = etree.SubElement(unit, f"{_X}notes")
    if row.reason:
        etree.SubElement(notes, f"{_X}note", {"category": REASON}).text = row.reason
    for comment in row.comments:
        said = {"author": comment.author, "at": comment.at, "open": "yes" if comment.open else "no"}
        attributes = {"category": "comment", **{_P + name: value for name, value in said.items()}}
        etree.SubElement(notes, f"{_X}note", attributes).text = comment.text
