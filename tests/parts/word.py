"""Word documents for tests, made with python-docx."""

from __future__ import annotations

import io

from docx import Document


def release_with_codes() -> bytes:
    """A release with emphasis, a link field, a list, a table and a header."""
    document = Document()
    document.add_heading("Le Conseil adopte son rapport", 0)
    document.add_paragraph("Arvane, le 12 mars 2024")
    paragraph = document.add_paragraph("Le ")
    paragraph.add_run("Conseil").bold = True
    paragraph.add_run(" a adopté le rapport sur ")
    paragraph.add_run("Boréal").italic = True
    paragraph.add_run(" hier soir. Il entrera en vigueur le 1")
    paragraph.add_run("er").font.superscript = True
    paragraph.add_run(" avril 2024.")
    document.add_paragraph("Premier point de l’ordre du jour", style="List Bullet")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Effectif", "12 000"
    document.sections[0].header.paragraphs[0].text = "Communiqué de presse"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
