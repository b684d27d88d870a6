"""Makes the generated documents of the corpus again: `python -m tests.documents.make`.

Those that no program is needed for are made as they were. Those of LibreOffice are made from what lies in
`sources/office` where there is a soffice, else they stay; each run of LibreOffice writes other times and ids.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.documents import pack, plain, word_by_docx
from tests.parts.libreoffice import command
from tests.parts.structure_word import parts_of
from tm.documents.package import packed

FOLDER = Path(__file__).parent
FROM_WORD = ("comments", "fields", "hidden", "lists", "notes", "sections", "tables", "text-boxes")
OFFICE = sorted((pack.SOURCES / "office").iterdir())


def without_programs() -> Iterator[tuple[str, bytes]]:
    """Names and bytes of all that is made here alone."""
    yield from plain.texts().items()
    for name, document in word_by_docx.MADE.items():
        yield f"docx/{name}.docx", word_by_docx.saved(document())
    for path in sorted(pack.SOURCES.glob("docx/*.parts")):
        yield f"docx/{path.stem}.docx", pack.word(pack.sections(path))
    for path in sorted(pack.SOURCES.glob("odt/*.parts")):
        yield f"odt/{path.stem}.odt", pack.odt(pack.sections(path))
    yield "docx/other-encoding.docx", _in_utf16()
    yield "odt/long.odt", pack.odt({"document": plain.long_odt()})


def _in_utf16() -> bytes:
    """A text part in UTF-16, as some programs write it."""
    parts = parts_of(pack.word(pack.sections(pack.SOURCES / "docx" / "emphasis.parts")))
    text = parts["word/document.xml"].decode().replace("UTF-8", "UTF-16")
    return packed(parts | {"word/document.xml": b"\xff\xfe" + text.encode("utf-16-le")})


def by_libreoffice(soffice: str) -> None:
    """What LibreOffice makes of each source, as both formats, and of some Word documents as OpenDocument."""
    words = [FOLDER / "docx" / f"{name}.docx" for name in FROM_WORD]
    with tempfile.TemporaryDirectory() as profile:
        for kind, sources in {"docx": OFFICE, "odt": [*OFFICE, *words]}.items():
            with tempfile.TemporaryDirectory() as out:
                names = [str(path) for path in sources]
                line = [soffice, f"-env:UserInstallation=file://{profile}", "--headless", "--writer"]
                line += ["--convert-to", kind, "--outdir", out, *names]
                subprocess.run(line, check=True, capture_output=True, timeout=300)
                for path in Path(out).iterdir():
                    (FOLDER / kind / f"office-{path.name}").write_bytes(path.read_bytes())


def main() -> None:
    """Make all of them."""
    for name, data in without_programs():
        path = FOLDER / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    if soffice := command():
        by_libreoffice(soffice)


if __name__ == "__main__":
    main()
