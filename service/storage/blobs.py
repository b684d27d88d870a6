"""Bytes kept by the hash of their content: originals and published files."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from service.errors import NotFound


class Blobs:
    """A folder of files named by SHA-256. Writing the same bytes twice is one file; damage shows on reading."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> str:
        """Keep `data` and return its hash (64 hex characters). The file is whole and flushed, or not there."""
        name = hashlib.sha256(data).hexdigest()
        path = self._path(name)
        if not path.exists():
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
