"""Word documents made by python-docx, with its own template and styles."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.text.paragraph import Paragraph
from lxml import etree

from tests.documents.pack import packed, png
from tests.documents.plain import SENTENCES
from tests.parts.structure_word import W, parts_of

WHEN = datetime(2031, 5, 2, tzinfo=UTC)
_UNUSED = re.compile(r"thumbnail|stylesWithEffects|customXml/|webSettings|theme/|fontTable")


def saved(document: Word) -> bytes:
    """The document without the parts and styles of the template that it does not use."""
    stream = io.BytesIO()
    document.save(stream)
    parts = {name: data for name, data in parts_of(stream.getvalue()).items() if not _UNUSED.search(name)}
    used = b"".join(data for name, data in parts.items() if name.endswith(".xml") and "styles" not in name)
    styles = etree.fromstring(parts["word/styles.xml"])
    for latent in styles.findall(f"{W}latentStyles"):
        styles.remove(latent)
    wanted = {style.get(f"{W}styleId") for style in styles.iter(f"{W}style") if style.get(f"{W}default")}
    wanted |= set(re.findall(r'Style w:val="([^"]+)"', used.decode()))
    for _ in range(4):
        for style in styles.iter(f"{W}style"):
            if style.get(f"{W}styleId") in wanted:
                wanted |= {one.get(f"{W}val") for name in ("basedOn", "link") for one in style.iter(f"{W}{name}")}
    for style in list(styles.iter(f"{W}style")):
        if style.get(f"{W}styleId") not in wanted:
            styles.remove(style)
    parts["word/styles.xml"] = etree.tostring(styles, xml_declaration=True, encoding="UTF-8", standalone=True)
    for name in [one for one in parts if one.endswith(".rels") or one == "[Content_Types].xml"]:
        parts[name] = re.sub(
            rb"<(?:Relationship|Override)\b[^>]*/>",
            lambda found: b"" if _UNUSED.search(found.group().decode()) else found.group(),
            parts[name],
        )
    return packed(parts)


def _emphasised(paragraph: Paragraph, text: str) -> Paragraph:
    """Text with *italic* and **bold** as runs."""
    for part in re.split(r"(\*+[^*]+\*+)", text):
        run = paragraph.add_run(part.strip("*"))
        run.bold = True if part.startswith("**") else None
        run.italic = True if re.match(r"\*[^*]", part) else None
    return paragraph


def titles() -> Word:
    """Title, subtitle, date, headings of several levels."""
    document = Document()
    document.add_heading("Le Conseil des Vallées adopte son plan pour l’eau", 0)
    document.add_paragraph("Dix-neuf membres, dix ans de travaux", style="Subtitle")
    document.add_paragraph("Brévenne, le 14 mai 2031")
    _emphasised(
        document.add_paragraph(), "Le Conseil a adopté **à l’unanimité** le *plan décennal*. Il entre en vigueur."
    )
    document.add_heading("Prochaines étapes", 1)
    document.add_heading("Au printemps", 2)
    document.add_paragraph("Le comité de suivi se réunira à Sarmande.")
    return document


def french_styles() -> Word:
    """Styles with French names."""
    document = Document()
    names = (
        "Titre du communiqué",
        "Sous-titre OVU",
        "Citation longue",
        "Légende photo",
        "Liste de puces",
        "Titre 2",
    )
    for name in names:
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Normal"]
    document.styles.add_style("Nom de personne", WD_STYLE_TYPE.CHARACTER).font.small_caps = True
    document.add_paragraph("Les gares rouvrent samedi", style="Titre du communiqué")
    document.add_paragraph("Toutes les lignes à midi", style="Sous-titre OVU")
    paragraph = document.add_paragraph("Selon ")
    paragraph.add_run("Idriss Kervanel", style="Nom de personne")
    paragraph.add_run(", les abonnements seront prolongés.")
    document.add_paragraph("« La route sera longue. »", style="Citation longue")
    document.add_paragraph("Le quai des Tanneurs", style="Légende photo")
    document.add_paragraph("Premier point", style="Liste de puces")
    document.add_paragraph("Mesures", style="Titre 2")
    return document


def lists() -> Word:
    """Bullets and numbers, nested."""
    document = Document()
    document.add_heading("Mesures adoptées", 0)
    for style, text in [
        ("List Bullet", "Réduire les **rejets** dans les lacs"), ("List Bullet 2", "surtout en été"),
        ("List Number", "Former les équipages"), ("List Number 2", "à terre"), ("List Continue", "Un manuel suivra."),
    ]:  # fmt: skip
        _emphasised(document.add_paragraph(style=style), text)
    return document


def tables() -> Word:
    """Merged cells, a table in a cell, emphasis in cells."""
    document = Document()
    document.add_heading("Chiffres de la pêche", 0)
    table = document.add_table(3, 3, style="Table Grid")
    for at, text in enumerate(["Port", "2029", "2030", "Sarmande", "1 204", "1 310"]):
        table.cell(at // 3, at % 3).text = text
    table.cell(2, 0).merge(table.cell(2, 1)).text = "Données provisoires"
    _emphasised(table.cell(2, 2).paragraphs[0], "**Total** *brut*")
    inner = table.cell(1, 0).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "Flotte côtière", "88"
    table.cell(0, 0).merge(table.cell(0, 0))
    document.add_paragraph("Source : Observatoire des pêches.")
    return document


def pictures() -> Word:
    """Pictures in paragraphs of their own and in a line, with captions."""
    document = Document()
    document.add_heading("La visite en images", 0)
    document.add_picture(io.BytesIO(png()), Cm(2))
    document.add_paragraph("Le quai des Tanneurs à l’aube", style="Caption")
    paragraph = document.add_paragraph("Le plan ")
    paragraph.add_run().add_picture(io.BytesIO(png(2, 2, (9, 90, 9))), Cm(1))
    paragraph.add_run(" est joint.")
    return document


def breaks() -> Word:
    """Ordinals, tabs, line and page breaks, no-break spaces."""
    document = Document()
    document.add_heading("Programme de la visite", 0)
    paragraph = document.add_paragraph("Le 1")
    paragraph.add_run("er").font.superscript = True
    paragraph.add_run(" mai,\tarrivée\nde la délégation\u00a0; H")
    paragraph.add_run("2").font.subscript = True
    paragraph.add_run("O à volonté.").add_break(WD_BREAK.LINE)
    document.add_page_break()
    document.add_paragraph("12\u00a0000 personnes, 5\u202f% de plus, porte\u2011parole.").add_run().add_break(
        WD_BREAK.COLUMN
    )
    return document


def sections() -> Word:
    """Two sections, each with a header of its own, the first page with another, a page number."""
    document = Document()
    first = document.sections[0]
    first.different_first_page_header_footer = True
    first.first_page_header.paragraphs[0].text = "Sous embargo jusqu’à midi"
    first.header.paragraphs[0].text = "Organisation des Vallées unies"
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    first.footer.paragraphs[0].add_run("Page ")._r.addnext(field)
    document.add_heading("Lettre d’information", 0)
    document.add_paragraph("La lettre paraît le lundi.")
    second = document.add_section()
    second.header.is_linked_to_previous = False
    second.header.paragraphs[0].text = "Annexe"
    document.add_paragraph("L’annexe contient les chiffres.")
    return document


def commented() -> Word:
    """A comment on a few words."""
    document = Document()
    document.add_heading("Bulletin des barrages", 0)
    paragraph = _emphasised(document.add_paragraph(), "Le niveau du lac est **stable** depuis mardi.")
    document.add_comment(
        paragraph.runs[1], text="REMARQUE à vérifier", author="Relectrice", initials="R"
    )._comment_elm.date = WHEN
    return document


def quotations() -> Word:
    """Quotations by style and by mark."""
    document = Document()
    document.add_heading("Déclaration de la présidente", 0)
    _emphasised(document.add_paragraph(style="Quote"), "« Nous avons choisi la *patience*. »")
    document.add_paragraph("« La route sera longue. »", style="Intense Quote")
    document.add_paragraph("« Sans style », a-t-elle ajouté.")
    return document


def linked() -> Word:
    """Links as python-docx writes them."""
    document = Document()
    document.add_heading("Contacts", 0)
    paragraph = document.add_paragraph("Voir ")
    link = OxmlElement("w:hyperlink")
    address = "https://www.valmore.example/presse"
    link.set(qn("r:id"), document.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    link.append(paragraph.add_run("le site de presse")._r)
    paragraph._p.append(link)
    paragraph.add_run(" pour plus de détails.")
    return document


def long() -> Word:
    """Sixty paragraphs."""
    document = Document()
    document.add_heading("Compte rendu intégral", 0)
    for at in range(60):
        if at % 15 == 0:
            document.add_heading(f"Séance numéro {at // 15 + 1}", 1)
        paragraph = document.add_paragraph(f"{at + 1}. ")
        _emphasised(paragraph, f"{SENTENCES[at % len(SENTENCES)]} Le *point* {at + 1} est **clos**.")
    return document


MADE: dict[str, Callable[[], Word]] = {
    "titles": titles, "french-styles": french_styles, "lists": lists, "tables": tables, "pictures-by-docx": pictures,
    "breaks": breaks, "sections": sections, "commented": commented, "quotations": quotations, "linked": linked,
    "long": long,
}  # fmt: skip
