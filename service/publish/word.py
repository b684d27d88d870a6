"""A bilingual release as a Word document: two columns, real styles, languages declared; the same bytes every time."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from service.publish.content import BlockText, Content, Side
from service.publish.runs import Run, said, shown
from tm.documents.package import opened, packed

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

    from service.publish.render import Facts

_STYLES = {
    "title": "Title", "subtitle": "Subtitle", "quotation": "Quote", "caption": "Caption", "list-item": "List Bullet",
}  # fmt: skip
_GREY = "5A6675"


def docx(content: Content, facts: Facts) -> bytes:
    """The release as a table with a row for each block, French on the left and English on the right."""
    from docx import Document as new

    document = new()
    _set_up(document, content, facts)
    table = document.add_table(rows=0, cols=2)
    table.autofit = False
    _head(table)
    for block in content.blocks:
        if block.segments:
            cells = table.add_row().cells
            for side, cell in zip(("fr", "en"), cells, strict=True):
                _fill(document, cell.paragraphs[0], block, side, facts)  # type: ignore[arg-type]
    _foot(document, facts)
    _lighten(document)
    stream = io.BytesIO()
    document.save(stream)
    held = opened(stream.getvalue(), "Word document")
    return packed(held.parts, deflate=False)


def _set_up(document: Document, content: Content, facts: Facts) -> None:
    from docx.shared import Mm, Pt

    section, about = document.sections[0], document.core_properties
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(20)
    about.title, about.author, about.comments = content.title("en"), facts.style.organisation, ""
    about.created = about.modified = about.last_printed = facts.moment
    about.last_modified_by, about.revision, about.language = "", 1, facts.style.language
    document.styles["Normal"].font.size = Pt(10)
    for name, size in (("Title", 16), ("Subtitle", 12), ("Heading 1", 13), ("Heading 2", 12), ("Heading 3", 11)):
        document.styles[name].font.size = Pt(size)
    header = section.header.paragraphs[0]
    header.text = "\n".join(dict.fromkeys(one for one in (facts.heading("fr"), facts.heading("en")) if one))


def _lighten(document: Document) -> None:
    """Leave out what the template brings along and nothing here uses: it is stored as it is, so that the bytes are the
    same everywhere."""
    from docx.oxml.ns import qn

    styles = document.styles.element
    for style in list(styles.iterchildren(qn("w:style"))):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:default")) != "1":
            styles.remove(style)
    for relations in (document.part.rels, document.part.package.rels):
        for key in [key for key, one in relations.items() if one.reltype.endswith(("stylesWithEffects", "thumbnail"))]:
            relations.pop(key)


def _head(table: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Mm

    row = table.add_row()
    for cell, word in zip(row.cells, ("Français", "English"), strict=True):
        run = cell.paragraphs[0].add_run(word)
        run.bold = True
    repeated = OxmlElement("w:tblHeader")
    row._tr.get_or_add_trPr().append(repeated)
    for column in table.columns:
        column.width = Mm(87)


def _fill(document: Document, paragraph: Paragraph, block: BlockText, side: Side, facts: Facts) -> None:
    name = _STYLES.get(block.role, "")
    if block.role == "heading":
        name = f"Heading {min(max(block.level, 1), 3)}"
    if name:
        paragraph.style = document.styles[name]
    for run in shown(block, side):
        _add(paragraph, run, "fr-FR" if side == "fr" else facts.style.language)


def _add(paragraph: Paragraph, run: Run, language: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    text = said(run.alone) if run.alone else run.text
    note = run.alone is not None and run.alone.kind == "note"
    if not text and not note:
        return
    made = paragraph.add_run(run.alone.shown if note and run.alone else text)
    for kind, name in (("bold", "bold"), ("italic", "italic"), ("underline", "underline")):
        if run.has(kind):  # type: ignore[arg-type]
            setattr(made, name, True)
    if note or run.has("superscript"):
        made.font.superscript = True
    elif run.has("subscript"):
        made.font.subscript = True
    if run.address:
        made.underline = True
    declared = OxmlElement("w:lang")
    declared.set(qn("w:val"), language)
    made._r.get_or_add_rPr().append(declared)


def _foot(document: Document, facts: Facts) -> None:
    from docx.shared import Pt, RGBColor

    footer = document.sections[0].footer.paragraphs[0]
    lines = [facts.style.footer_fr, facts.style.footer, facts.line]
    run = footer.add_run("\n".join(line for line in lines if line))
    run.font.size, run.font.color.rgb = Pt(8), RGBColor.from_string(_GREY)
