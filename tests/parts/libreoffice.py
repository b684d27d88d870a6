"""A real LibreOffice for tests: what it opens, an office can open."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.parts.missing import missing

NAMES = ("soffice", "libreoffice")
REMEDY = (
    "As root on Debian, scripts/test installs it (apt-get install libreoffice-writer-nogui); else install LibreOffice, "
    "or name it: SOFFICE=/path/to/soffice scripts/test."
)


def command() -> str | None:
    """The program, if it is here."""
    return os.environ.get("SOFFICE") or next(filter(None, map(shutil.which, NAMES)), None)


def to_pdf(files: Sequence[Path], out: Path, profile: Path, within: float = 240) -> None:
    """Let LibreOffice print files into a folder, with a profile of its own so that no other run is in its way."""
    soffice = command()
    if soffice is None:
        missing("LibreOffice", REMEDY)
    line = [soffice, f"-env:UserInstallation=file://{profile}", "--headless", "--writer", "--convert-to", "pdf"]
    subprocess.run([*line, "--outdir", out, *files], check=True, capture_output=True, timeout=within)
