"""Bytes kept by the hash of their content: originals and published files.

A file that no row names may go after a while. Whoever puts the same bytes again makes the file young, so that it stays.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Container
from contextlib import suppress
from pathlib import Path

from service.errors import NotFound

_NAME = re.compile(r"[0-9a-f]{64}")


class Blobs:
    """A folder of files named by SHA-256. Writing the same bytes twice is one file; damage shows on reading."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> str:
        """Keep `data` and return its hash (64 hex characters). The file is whole and flushed, or not there."""
        name = hashlib.sha256(data).hexdigest()
        path = self._path(name)
        try:
            os.utime(path)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._write(path, data)
        return name

    def get(self, name: str) -> bytes:
        """The bytes with this hash. Raises NotFound when they are gone or no longer what they were."""
        try:
            data = self._path(name).read_bytes()
        except OSError as error:
            raise NotFound("file") from error
        if hashlib.sha256(data).hexdigest() != name:
            raise NotFound("undamaged file")
        return data

    def prune(self, named: Container[str], seconds: float) -> tuple[int, int]:
        """Remove the files that are not among `named` and that nobody has put for so long, and what a write that was
        broken off has left; returns how many, and their bytes."""
        number = octets = 0
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*"):
            with suppress(FileNotFoundError):  # a draft that has got its name meanwhile
                if path.name not in named and _is_older(path, seconds):
                    size = path.stat().st_size
                    if self._removed(path, seconds):
                        number, octets = number + 1, octets + size
        return number, octets

    def _removed(self, path: Path, seconds: float) -> bool:
        """Take a file away; one that was put at this very moment comes back. Never both looked at and lost."""
        aside = path.with_name(f"{path.name}.gone")
        os.replace(path, aside)
        if _NAME.fullmatch(path.name) and not _is_older(aside, seconds):
            os.replace(aside, path)
            return False
        aside.unlink()
        return True

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name

    def _write(self, path: Path, data: bytes) -> None:
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _is_older(path: Path, seconds: float) -> bool:
    return path.stat().st_mtime < time.time() - seconds
