"""The file of arrays while it is made."""

from __future__ import annotations

import mmap
import os
from pathlib import Path
from typing import cast

import numpy as np

from tm.match.generation.files import UNITS, Layout, Manifest, digest, mark, write
from tm.match.generation.jit import Array
from tm.types import Language

_ALIGNED = 4096
_UNTOUCHED = 946_684_800 * 10**9  # the time a finished file bears, so that whoever writes to it changes its time


class Writer:
    """The file of arrays while it is made, as a context. `allocate` is what `rows.arranged` asks for."""

    def __init__(self, folder: Path, layout: Layout = UNITS) -> None:
        self._folder, self._layout = folder, layout
        self._file = (folder / layout.arrays).open("w+b")
        self._end = 0
        self._made: dict[str, Array] = {}
        self._places: dict[str, tuple[str, int]] = {}

    def allocate(self, name: str, kind: type, size: int) -> Array:
        """A mapped array of zeros that becomes part of the generation."""
        start = -(-self._end // _ALIGNED) * _ALIGNED
        dtype = np.dtype(kind)
        self._end = start + size * dtype.itemsize
        self._file.truncate(self._end)
        made = np.zeros(0, dtype)
        if size:
            made = np.memmap(self._file, dtype, "r+", start, (size,)).view(np.ndarray)
        self._made[name], self._places[name] = made, (dtype.str, start)
        return made

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self._made.clear()
        self._file.close()

    def finish(self, tick: int, language: Language) -> None:
        """Write all to disk, then the manifest and the mark. One of the arrays is `units`, one entry for each."""
        arrays = {
            name: (*self._places[name], len(made), digest(made.view(np.uint8).data))
            for name, made in self._made.items()
        }
        for made in self._made.values():
            if len(made):
                _mapping(made).flush()
        os.fsync(self._file.fileno())
        path, layout = self._folder / self._layout.arrays, self._layout
        os.utime(path, ns=(_UNTOUCHED, _UNTOUCHED))
        text = Manifest(tick, arrays["units"][2], language, layout.rules, arrays).text(layout.version)
        write(self._folder / layout.manifest, text)
        mark(self._folder, path.stat(), text, layout)


def _mapping(array: Array) -> mmap.mmap:
    while not isinstance(array.base, mmap.mmap):
        array = cast(Array, array.base)
    return array.base
