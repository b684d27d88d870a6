"""What is written opens in an office: LibreOffice prints each written document of the corpus with the new words."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.documents import make
from tests.parts.libreoffice import to_pdf
from tm.documents.registry import read, write
from tm.text import codes
from tm.types import Media

FOLDER = Path(make.__file__).parent
WORD = re.compile(r"[A-ZÀ-ÖØ-ÞŒ]{3,}")
KINDS: tuple[Media, ...] = ("docx", "odt")


@pytest.mark.timeout(300)
def test_an_office_opens_what_is_written_and_shows_it_in_the_place_of_what_was(tmp_path: Path) -> None:
    files, texts = tmp_path / "files", {}
    files.mkdir()
    for media in KINDS:
        for path in sorted((FOLDER / media).iterdir()):
            data, name = path.read_bytes(), f"{media}-{path.stem}"
            sources = [block.text for block in read(data, media=media, coded=True).blocks]
            targets = [text.upper() for text in sources]
            (files / f"{name}-was.{media}").write_bytes(data)
            (files / f"{name}-is.{media}").write_bytes(write(data, sources, targets, media=media))
            texts[name] = codes.plain("\n".join(targets))
    to_pdf(sorted(files.iterdir()), tmp_path / "pdf", tmp_path / "profile")
    missing = {}
    for name, text in texts.items():
        # a header of later pages, say, is in the file and on no page of either
        expected = words(printed(tmp_path / "pdf" / f"{name}-was.pdf").upper()) & words(text)
        assert expected, name
        missing[name] = expected - words(printed(tmp_path / "pdf" / f"{name}-is.pdf"))
    assert {name: lost for name, lost in missing.items() if lost} == {}


def printed(path: Path) -> str:
    """The text of a PDF."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(path.read_bytes())).pages)


def words(text: str) -> set[str]:
    """The words in capitals, also those that a line end parts."""
    return set(WORD.findall(text)) | set(WORD.findall(text.replace("-\n", "")))
