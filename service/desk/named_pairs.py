"""Folders and zip files of documents: which names pair up, and the bytes behind a name.

`communique.fr.txt` belongs to `communique.en.txt`, `fr/12.html` to `en/12.html`, `note_FR.txt` to `note_EN.txt`.
"""

from __future__ import annotations

import os
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from tm.documents.languageswitch import counterparts
from tm.errors import InputError
from tm.exchange import bilingual

ENDINGS = (".txt", ".html", ".htm", ".docx")
MOST_FILES = 20_000


class Files(Protocol):
    """Files by name, with `/` between folders."""

    def names(self) -> list[str]:
        """The names of documents and tables, in order."""

    def read(self, name: str, most: int) -> bytes:
        """The bytes of a file, and no more than one beyond `most`. Raises InputError (FILE_UNREADABLE)."""


@dataclass(frozen=True, slots=True)
class Found:
    """What names say: pairs (French, English), bilingual tables, and names without a partner."""

    pairs: list[tuple[str, str]]
    tables: list[str]
    alone: list[str]


def sort_out(names: Iterable[str]) -> Found:
    """Pair the names up. Two that claim the same partner are left alone: nobody knows which of them is meant."""
    known = sorted(names)
    tables = [name for name in known if name.lower().endswith(bilingual.ENDINGS)]
    documents = dict.fromkeys(name for name in known if name.lower().endswith(ENDINGS))
    claims = [(name, other) for name in documents if (other := _partner(name, documents)) is not None]
    times = Counter(name for claim in claims for name in claim)
    pairs = [claim for claim in claims if times[claim[0]] == times[claim[1]] == 1]
    paired = {name for pair in pairs for name in pair}
    return Found(pairs, tables, [name for name in documents if name not in paired])


def _partner(name: str, names: dict[str, None]) -> str | None:
    for other in counterparts(name, "en"):
        stem = other.rpartition(".")[0]
        for candidate in (other, *(stem + ending for ending in ENDINGS)):
            if candidate in names:
                return candidate
    return None


@contextmanager
def opened(place: Path) -> Iterator[Files]:
    """A folder, a zip file or a single table on this machine. Raises InputError (FILE_UNREADABLE, ZIP_UNREADABLE)."""
    if place.is_dir():
        yield _Folder(place)
        return
    if place.suffix.lower() in bilingual.ENDINGS:
        yield _Folder(place.parent, only=place.name)
        return
    try:
        with place.open("rb") as stream:
            yield zipped(stream, place.name)
    except OSError as error:
        raise InputError(f"Cannot read: {error.strerror}.", code="FILE_UNREADABLE", where=str(place)) from error


def zipped(stream: BinaryIO, name: str) -> Files:
    """The files in a zip file. Raises InputError (ZIP_UNREADABLE)."""
    try:
        return _Zip(zipfile.ZipFile(stream))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InputError(
            "This is no folder, zip file or bilingual table.",
            code="ZIP_UNREADABLE",
            where=name[:200],
            todo="Give a folder, a .zip, a .tsv or a .csv.",
        ) from error


class _Folder:
    def __init__(self, folder: Path, only: str = "") -> None:
        self._folder, self._only = folder, only

    def names(self) -> list[str]:
        if self._only:
            return [self._only]
        found: list[str] = []
        for place, folders, names in os.walk(self._folder, followlinks=False):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            inside = Path(place).relative_to(self._folder)
            found += [(inside / name).as_posix() for name in sorted(names) if _is_wanted(name)]
        return _checked(found)

    def read(self, name: str, most: int) -> bytes:
        try:
            with (self._folder / name).open("rb") as file:
                return file.read(most + 1)
        except OSError as error:
            raise InputError(f"Cannot read: {error.strerror}.", code="FILE_UNREADABLE", where=name) from error


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def names(self) -> list[str]:
        names = [entry.filename for entry in self._archive.infolist() if not entry.is_dir()]
        return _checked([name for name in names if _is_wanted(name.rpartition("/")[2]) and "__MACOSX" not in name])

    def read(self, name: str, most: int) -> bytes:
        """What a small entry unpacks to may be huge: no more than is allowed is unpacked."""
        try:
            with self._archive.open(name) as file:
                return file.read(most + 1)
        except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, KeyError) as error:
            raise InputError(
                "This file in the zip file cannot be unpacked.", code="FILE_UNREADABLE", where=name[:200]
            ) from error


def _is_wanted(name: str) -> bool:
    return not name.startswith(".") and name.lower().endswith((*ENDINGS, *bilingual.ENDINGS))


def _checked(names: list[str]) -> list[str]:
    if len(names) > MOST_FILES:
        raise InputError(f"There are more than {MOST_FILES:,} files.", code="TOO_MANY_FILES", todo="Divide them.")
    return names
