"""The files of a publication in the hands of others: offices, validators, other tools, the schemas of the standards."""

from __future__ import annotations

import io
import json
import shutil
import subprocess

import polib
import pytest
from pypdf import PdfReader

from service.desk import publish
from tests.desk.published import approve_all, published, taken_in
from tests.parts import libreoffice, schemas
from tests.parts.missing import missing
from tests.parts.word import release_with_codes

pytestmark = [pytest.mark.backends("sqlite"), pytest.mark.timeout(180)]
TEXT = "LE CONSEIL A ADOPTÉ LE RAPPORT SUR BORÉAL HIER SOIR."


@pytest.fixture
def files(session, translator, reviewer, editor, settings):
    """Every file of a publication, by format."""
    release = taken_in(session, editor, release_with_codes(), "r.docx", settings)
    approve_all(session, translator, reviewer, release)
    made = published(session, editor, release, settings)
    return {
        file.format: publish.download(session, editor, made, file.format, settings=settings).data for file in made.files
    }


def test_the_page_is_proper_html(files, tmp_path):
    if not shutil.which("tidy"):
        missing("tidy", "As root on Debian: apt-get install tidy")
    page = tmp_path / "page.html"
    page.write_bytes(files["html"])
    told = subprocess.run(["tidy", "-errors", "-quiet", "-utf8", str(page)], capture_output=True, text=True, timeout=60)
    assert (told.returncode, told.stderr.strip()) == (0, "")


def test_the_pdf_is_tagged_and_brings_its_fonts(files):
    reader = PdfReader(io.BytesIO(files["pdf"]))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("en")
    assert "/StructTreeRoot" in root
    about = root["/Metadata"].get_object().get_data().decode()
    assert "pdfuaid" in about
    assert reader.metadata.title == "LE CONSEIL ADOPTE SON RAPPORT"
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "Le Conseil a adopté le rapport sur Boréal" in " ".join(text.split())
    assert languages(root["/StructTreeRoot"]) >= {"fr-FR"}


def languages(element, depth: int = 0) -> set[str]:
    """The languages that parts of a tagged PDF declare."""
    found = {str(element["/Lang"])} if "/Lang" in element else set()
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        one = kid.get_object() if hasattr(kid, "get_object") else kid
        if hasattr(one, "get") and depth < 40:
            found |= languages(one, depth + 1)
    return found


def test_the_word_documents_open_in_an_office_program(files, tmp_path):
    for name in ("docx", "document"):
        (tmp_path / f"{name}.docx").write_bytes(files[name])
    libreoffice.to_pdf([tmp_path / "docx.docx", tmp_path / "document.docx"], tmp_path, tmp_path / "profile")
    for path in (tmp_path / "docx.pdf", tmp_path / "document.pdf"):
        text = " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())
        assert "BORÉAL" in text
        assert "COMMUNIQUÉ DE PRESSE" in text


def test_other_tools_read_what_we_write(files):
    from translate.storage.tmx import tmxfile
    from translate.storage.xliff import xlifffile

    units = tmxfile.parsestring(files["tmx"]).units
    assert TEXT in [unit.target for unit in units]
    assert TEXT in [entry.msgstr for entry in polib.pofile(files["po"].decode())]
    xliff = xlifffile.parsestring(files["xliff12"])
    assert [unit.isapproved() for unit in xliff.units] == [True] * len(units)
    assert json.loads(files["json"])["content"]["format"] == "passerelle-content-2"


def test_xliff_keeps_to_the_schemas_of_the_standard(files):
    for name, schema in (("xliff12", "xliff-core-1.2-strict.xsd"), ("xliff21", "xliff-core-2.0.xsd")):
        assert schemas.problems(files[name], schema) == []
