"""Tables that LibreOffice has opened and saved hold what they held; damaged files of every format are refused."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.parts.damage import damaged, rearranged
from tests.parts.missing import missing
from tests.parts.work import BOLD, END, ODD, release, row, usual
from tm.documents import package
from tm.errors import PasserelleError
from tm.exchange.work import FORMATS, Format, WorkFile

REMEDY = "Debian: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui; elsewhere from libreoffice.org."


def resaved(data: bytes, ending: str, folder: Path) -> bytes:
    """A file as LibreOffice saves it."""
    program = shutil.which("soffice")
    if program is None:
        missing("LibreOffice", REMEDY)
    path = folder / f"work.{ending}"
    path.write_bytes(data)
    line = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", ending]
    subprocess.run([*line, "--outdir", folder / "out", path], check=True, capture_output=True, timeout=100)
    return (folder / "out" / path.name).read_bytes()


def odd() -> WorkFile:
    """Segments with everything that programs like to change."""
    # LibreOffice takes `_x0041_` for a way to write A, in spreadsheets and in documents
    texts = [each for each in ODD if each.strip() and not each.startswith("_x")]
    texts += [
        f"  {each} {BOLD}{each}{END}  "
        for each in ("deux", "=1+1", "a\nb\n", "a\tb", "«\u00a0oui\u00a0»", "12\u202f000")
    ]
    rows = [row(at, text, text, state="translated") for at, text in enumerate(texts, 10)]
    return release(*usual().rows, *rows)


@pytest.mark.parametrize("name", ["table-docx", "table-xlsx"])
def test_libreoffice_keeps_every_row(name: str, tmp_path: Path) -> None:
    form = FORMATS[name]
    data = form.write(odd())
    after = form.read(resaved(data, form.ending, tmp_path))
    assert [replace(one, place="") for one in after] == [replace(one, place="") for one in form.read(data)]


@pytest.mark.parametrize("name", FORMATS)
def test_damaged_files_give_segments_or_a_refusal_with_a_code(name: str) -> None:
    form, dice, codes = FORMATS[name], random.Random(7), Counter[str]()
    for _ in range(400 if name == "table-docx" else 1000):
        try:
            form.read(bent(form, dice))
        except PasserelleError as error:
            codes[error.code] += 1
    assert codes.total() > 20, codes


def bent(form: Format, dice: random.Random) -> bytes:
    """A damaged file; of an archive sometimes a part is, so that the damage gets through to its reader."""
    whole, harm = WHOLE[form.name], dice.choice([damaged, rearranged, rearranged])
    if not whole.startswith(b"PK"):
        return (damaged if form.name == "po" else harm)(whole, dice)
    if dice.random() < 0.1:
        return damaged(whole, dice)
    parts = dict(package.opened(whole, "archive").parts)
    name = dice.choice([each for each in sorted(parts) if each.endswith((".xml", ".rels"))])
    parts[name] = harm(parts[name], dice)
    return package.packed(parts, deflate=False)


WHOLE = {name: form.write(usual()) for name, form in FORMATS.items()}
