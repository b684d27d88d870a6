"""One generation, open and searched."""

from __future__ import annotations

import copy
import os
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from tm.match.generation import files
from tm.match.generation.encoding import Encoder, read_only
from tm.match.generation.part import Part, Question, hits_of
from tm.match.generation.rows import Rows, Texts, arranged
from tm.match.generation.search import touched
from tm.match.generation.vocabulary import Vocabulary
from tm.types import Hit


class GenerationIndex:
    """One generation, open: finds all that is similar enough in it, from several threads and processes at once.

    Opening costs milliseconds where somebody on this machine has checked this very file before, else the time to read
    it once. GenerationDamaged, on opening or on searching, says that it is not what was written.
    """

    def __init__(self, path: Path) -> None:
        manifest, text = files.read_manifest(path)
        self.path, self.tick, self.language = path, manifest.tick, manifest.language
        self._manifest = manifest
        try:
            self._file = os.open(path / files.ARRAYS, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except OSError as error:
            raise files.damaged(path, "has lost its arrays") from error
        stat = os.fstat(self._file)
        self._stamp = (stat.st_size, stat.st_mtime_ns)
        try:
            self._arrays = dict(files.mapped(self._file, stat.st_size, manifest))
        except (OSError, ValueError, TypeError) as error:
            raise files.damaged(path, "has arrays that do not fit") from error
        if not files.is_marked(path, stat, text):
            self.verify()
            files.mark(path, stat, text)
        self.part = Part(Rows(*(self._arrays[name] for name in Rows._fields)))
        self.vocabulary = Vocabulary(*(self._arrays[name] for name in Vocabulary._fields))

    def __del__(self) -> None:
        try:  # noqa: SIM105 (when the interpreter ends, contextlib may have gone before)
            os.close(self._file)
        except (AttributeError, OSError):
            pass  # never opened

    def again(self) -> GenerationIndex:
        """The same generation, mapped once, in which other rows may die."""
        other = copy.copy(self)
        other._file = os.dup(self._file)
        other.part = Part(self.part.rows)
        return other

    def warm(self) -> None:
        """Have all pages mapped, so that no search waits for one: some tens of milliseconds for a million units that
        the machine holds in memory already, else as long as reading takes. Other threads go on meanwhile."""
        for array in self._arrays.values():
            touched(read_only(array.view(np.uint8)))

    def verify(self) -> None:
        """Read everything and compare it with its checksums (some tenths of a second for a million units)."""
        for name, array in self._arrays.items():
            if not files.is_whole(array, self._manifest.arrays[name][3]):
                raise files.damaged(self.path, f"has an array that is not what was written ({name})")
        self.check()

    def check(self) -> None:
        """GenerationDamaged where the file was written to since it was opened. Costs a microsecond."""
        stat = os.fstat(self._file)
        if (stat.st_size, stat.st_mtime_ns) != self._stamp:
            raise files.damaged(self.path, "was changed while it was open")

    def search(
        self,
        queries: Sequence[str],
        threshold: int,
        limit: int | None = None,
        scopes: Collection[int] | None = None,
    ) -> list[list[Hit]]:
        """As `tm.match.index.Index.search`. A long list is searched on all cores."""
        question = Question(queries, self.language, threshold, limit, scopes)
        self.check()
        found = self.part.search(question, self.vocabulary, 0)
        return [hits_of(keys) for keys in found]

    def __len__(self) -> int:
        """How many units are held; units without tokens do not count."""
        return len(self.part)


def prepare() -> None:
    """Compile everything that searching and building need, once for all processes of a machine: call it when the
    product is set up. Without it the first process that searches compiles, which takes half a minute."""
    encoder = Encoder("fr")
    numbers, lengths = encoder.encode(["Le Conseil est réuni.", "12 mars"])
    texts = Texts(numbers, lengths, np.arange(2), np.zeros(2, np.uint16))
    rows = arranged(texts, encoder.known, lambda name, kind, size: np.zeros(size, kind))
    Part(rows).search(Question(["Le Conseil"], "fr", 70, 5), encoder.frozen(), 0)
    touched(read_only(np.zeros(1, np.uint8)))
