"""A set of arrays of a generation, open: mapped, found right before it is used, and watched after."""

from __future__ import annotations

import os
from pathlib import Path

from tm.match.generation import files
from tm.match.generation.jit import Array


class Opened:
    """The arrays of one set, read-only, as `arrays`, and what the manifest says of them.

    Opening costs milliseconds where somebody on this machine has checked this very file before, else the time to read
    it once. GenerationDamaged says that it is not what was written.
    """

    def __init__(self, folder: Path, layout: files.Layout = files.UNITS) -> None:
        self.folder = folder
        self.manifest, text = files.read_manifest(folder, layout)
        try:
            self._file = os.open(folder / layout.arrays, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except OSError as error:
            raise files.damaged(folder, "has lost its arrays") from error
        stat = os.fstat(self._file)
        self._stamp = (stat.st_size, stat.st_mtime_ns)
        try:
            self.arrays: dict[str, Array] = dict(files.mapped(self._file, stat.st_size, self.manifest))
        except (OSError, ValueError, TypeError) as error:
            raise files.damaged(folder, "has arrays that do not fit") from error
        if not files.is_marked(folder, stat, text, layout):
            self.verify()
            files.mark(folder, stat, text, layout)

    def __del__(self) -> None:
        try:  # noqa: SIM105 (when the interpreter ends, contextlib may have gone before)
            os.close(self._file)
        except (AttributeError, OSError):
            pass  # never opened

    def verify(self) -> None:
        """Read everything and compare it with its checksums."""
        for name, array in self.arrays.items():
            if not files.is_whole(array, self.manifest.arrays[name][3]):
                raise files.damaged(self.folder, f"has an array that is not what was written ({name})")
        self.check()

    def check(self) -> None:
        """GenerationDamaged where the file was written to since it was opened. Costs a microsecond."""
        stat = os.fstat(self._file)
        if (stat.st_size, stat.st_mtime_ns) != self._stamp:
            raise files.damaged(self.folder, "was changed while it was open")
