"""Building the lists of a generation: units in, one file of arrays and its manifest out."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import numpy as np

from tm.match.generation.jit import Array
from tm.match.generation.search import UNIT_BITS
from tm.match.generation.writer import Writer
from tm.match.wordlists.encoding import Encoder
from tm.match.wordlists.index import LANGUAGES
from tm.match.wordlists.lists import Allocate, Texts, arranged
from tm.match.wordlists.mapped import WORDS, named
from tm.types import Language


class WordsBuilder:
    """Takes units in batches, in any order, and writes what `MappedWords` opens, as a context:

        with WordsBuilder(folder) as builder:
            for batch in batches:
                builder.add(batch)
            builder.finish(tick)

    `folder` is one that nobody reads yet, such as that of a generation in the making. What grows with the number of
    units lies in files that are mapped, but for some 40 bytes a unit. Left without `finish`, nothing is there that
    could be opened.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._units = array("q")
        self._files = ExitStack()
        self._spools = [_Spool(folder / f"words-{language}", language, self._files) for language in LANGUAGES]

    def __enter__(self) -> WordsBuilder:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()
        for spool in self._spools:
            spool.path.unlink(missing_ok=True)

    def add(self, batch: Sequence[tuple[int, str, str]]) -> None:
        """Take units, each an id (0 to 2**55), its French and its English. Some thousands at once are read fastest.
        ValueError for an id that is out of range."""
        if not batch:
            return
        ids, *texts = zip(*batch, strict=True)
        if min(ids) < 0 or max(ids) >= 1 << UNIT_BITS:
            raise ValueError("the id of a unit is out of range")
        self._units.extend(ids)
        for spool, each in zip(self._spools, texts, strict=True):
            spool.add(each)

    def finish(self, tick: int) -> None:
        """Write the arrays and their manifest. ValueError for a unit that came twice, or for 2**24 units or more."""
        order = np.argsort(np.frombuffer(self._units, np.int64), kind="stable")
        with Writer(self._folder, WORDS) as writer:
            self._sorted(order, writer.allocate)
            for spool in self._spools:
                arranged(spool.texts(order), spool.encoder, named(writer.allocate, spool.encoder.language))
            writer.finish(tick, LANGUAGES[0])

    def _sorted(self, order: Array, allocate: Allocate) -> None:
        units = np.frombuffer(self._units, np.int64)[order]
        if np.any(units[1:] == units[:-1]):
            raise ValueError("the same unit comes twice")
        small = not len(units) or units[-1] < 1 << 32
        allocate("units", np.uint32 if small else np.int64, len(units))[:] = units


class _Spool:
    """The words of all texts of one language, on disk as they came."""

    def __init__(self, path: Path, language: Language, files: ExitStack) -> None:
        self.path = path
        self.encoder = Encoder(language)
        self._file: BinaryIO = files.enter_context(path.open("wb"))
        self._lengths = array("I")

    def add(self, texts: Sequence[str]) -> None:
        numbers, lengths = self.encoder.encode(texts)
        self._file.write(numbers.data)
        self._lengths.frombytes(lengths.astype(np.uint32).tobytes())

    def texts(self, order: Array) -> Texts:
        self._file.flush()
        lengths = np.frombuffer(self._lengths, np.uint32)
        starts = np.cumsum(lengths, dtype=np.int64)
        starts -= lengths
        written = self.path.stat().st_size
        numbers: Array = np.memmap(self.path, np.uint32, "r") if written else np.zeros(0, np.uint32)
        return Texts(numbers.view(np.ndarray), starts[order], lengths[order])
