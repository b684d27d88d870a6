"""A release as a table in a Word document: landscape, a head that repeats on every page, codes in a style of their
own."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from lxml import etree

from tm.documents.wordml import XML_SPACE, W
from tm.exchange.work import table, tags
from tm.exchange.work.bounds import outgoing, repacked
from tm.exchange.work.values import WorkFile

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import ParagraphStyle

_WIDTHS = (1.2, 3.0, 8.0, 8.0, 2.8, 4.3)  # cm
_STYLES = ("Work Number", "Work Key", "Work French", "Work English", "Work State", "Work Comment")
_CODE, _HEAD = "Inline Code", "Work Head"
_GREY, _BLUE = "808080", "1F5FA8"
_IDS = tuple(name.replace(" ", "") for name in _STYLES)
_TAG = re.compile(r"(</?\d{1,3}/?>)")
_ELEMENTS = {"\t": "tab", "\n": "br"}
_PARTS = re.compile("([\t\n])")


def write(work: WorkFile) -> bytes:
    """The document; the same work gives the same bytes on a machine. Raises what `bounds.outgoing` raises."""
    import docx

    outgoing(work)
    document = docx.Document()
    _prepare(document)
    document.core_properties.title = work.title[:255]
    document.core_properties.author = "Passerelle"
    document.core_properties.comments = ""
    document.add_heading(work.title, 1)
    document.add_paragraph(" · ".join(filter(None, [work.release, work.original])), "Work Key")
    for rule in table.RULES:
        document.add_paragraph(rule, "Work State")
    _rows(document, work)
    stream = io.BytesIO()
    document.save(stream)
    return repacked(stream)


def _prepare(document: Document) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Cm, Pt, RGBColor

    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Cm(29.7), Cm(21)
    page.left_margin = page.right_margin = Cm(1.2)
    page.top_margin = page.bottom_margin = Cm(1.5)
    for name in (*_STYLES, _HEAD):
        style: ParagraphStyle = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.font.size = Pt(7 if name == "Work Key" else 10)
        style.font.name = "Calibri"
        style.font.bold = name == _HEAD
        style.paragraph_format.space_after = Pt(0)
        if name == "Work Key":
            style.font.color.rgb = RGBColor.from_string(_GREY)
        _language(style, "fr-FR" if name == "Work French" else "en-GB")
    code = document.styles.add_style(_CODE, WD_STYLE_TYPE.CHARACTER)
    code.font.name, code.font.bold = "Courier New", True
    code.font.color.rgb = RGBColor.from_string(_BLUE)


def _language(style: ParagraphStyle, language: str) -> None:
    properties = style.element.get_or_add_rPr()
    etree.SubElement(properties, f"{W}lang", {f"{W}val": language})


def _rows(document: Document, work: WorkFile) -> None:
    from docx.shared import Cm

    made = document.add_table(0, len(table.HEADS), "Table Grid")
    made.autofit = False
    for column, width in zip(made.columns, _WIDTHS, strict=True):
        column.width = Cm(width)
    element = made._tbl
    _row(element, table.HEADS, [_HEAD.replace(" ", "")] * len(table.HEADS), (), head=True)
    for row in work.rows:
        _row(element, table.cells(row), _IDS, tags.known(row.source, row.target))


def _row(
    made: etree._Element, texts: Collection[str], styles: Collection[str], names: Collection[str], *, head: bool = False
) -> None:
    row = etree.SubElement(made, f"{W}tr")
    properties = etree.SubElement(row, f"{W}trPr")
    etree.SubElement(properties, f"{W}cantSplit")
    if head:
        etree.SubElement(properties, f"{W}tblHeader")
    for at, (text, style, width) in enumerate(zip(texts, styles, _WIDTHS, strict=True)):
        cell = etree.SubElement(row, f"{W}tc")
        about = etree.SubElement(cell, f"{W}tcPr")
        etree.SubElement(about, f"{W}tcW", {f"{W}w": str(round(width * 567)), f"{W}type": "dxa"})
        # what was said of a segment is lines of its own, so that a new one can be written below
        for line in text.split("\n") if at in (1, 4, 5) else [text]:
            _paragraph(cell, line, style, names if at in (2, 3) else ())


def _paragraph(cell: etree._Element, text: str, style: str, names: Collection[str]) -> None:
    paragraph = etree.SubElement(cell, f"{W}p")
    etree.SubElement(etree.SubElement(paragraph, f"{W}pPr"), f"{W}pStyle", {f"{W}val": style})
    for run, is_code in _runs(text, names):
        element = etree.SubElement(paragraph, f"{W}r")
        if is_code:
            look = etree.SubElement(element, f"{W}rPr")
            etree.SubElement(look, f"{W}rStyle", {f"{W}val": _CODE.replace(" ", "")})
        for part in _PARTS.split(run):
            if part in _ELEMENTS:
                etree.SubElement(element, f"{W}{_ELEMENTS[part]}")
            elif part:
                etree.SubElement(element, f"{W}t", {XML_SPACE: "preserve"}).text = part


def _runs(text: str, names: Collection[str]) -> Iterator[tuple[str, bool]]:
    """The parts of a text, and whether each is a code."""
    plain = ""
    for part in _TAG.split(text):
        if part in names and not (len(plain) - len(plain.rstrip("\\"))) % 2:
            yield plain, False
            yield part, True
            plain = ""
        else:
            plain += part
    yield plain, False
