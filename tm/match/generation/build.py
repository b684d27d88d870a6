"""Building a generation: units in, one folder out, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from tm.match.generation import files, folders
from tm.match.generation.encoding import Encoder
from tm.match.generation.jit import Array
from tm.match.generation.rows import Texts, arranged
from tm.match.generation.search import UNIT_BITS
from tm.match.generation.writer import Writer
from tm.match.index import Change
from tm.types import Language

BATCH = 10_000

Unit = tuple[int, str] | tuple[int, str, int]


def build(folder: Path, units: Iterable[Unit], tick: int, language: Language = "fr") -> Path:
    """Write the next generation of `folder` from units, each an id (0 to 2**55), its source and its scope (0 unless
    given), in any order; returns its path.

    `tick` is the memory's clock at which the units were read. Units without tokens are left out. Texts are taken in
    batches; what grows with their number lies in files that are mapped, but for some 60 bytes a unit. ValueError for an
    id that comes twice or is out of range. Builders do not disturb each other or readers; each makes a generation.
    """
    with Unfinished(folder) as made:
        fill(made.place, units, tick, language)
        return made.publish()


class Unfinished:
    """A generation while it is made, as a context: `place` is its folder, which gets its name by `publish` and is
    removed without it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.place = Path(tempfile.mkdtemp(prefix=folders.UNFINISHED, dir=folder))

    def __enter__(self) -> Unfinished:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.place, ignore_errors=True)

    def publish(self) -> Path:
        """Give it its name: whoever looks finds all of it; returns its path."""
        files.sync_folder(self.place)
        return _published(self.place, self._folder)


def fill(place: Path, units: Iterable[Unit], tick: int, language: Language = "fr") -> None:
    """Write the arrays and the manifest of the index into an unfinished folder; see `build`."""
    encoder = Encoder(language)
    ids, lengths, scopes = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.uint16)]
    spool = place / "words"
    with spool.open("wb") as file:
        for batch in _batches(units):
            numbers, sizes = encoder.encode([change.text or "" for change in batch])
            file.write(numbers.data)
            known = np.array([change.unit_id for change in batch], np.int64)
            if np.any((known < 0) | (known >= 1 << UNIT_BITS)):
                raise ValueError("the id of a unit is out of range")
            ids.append(known[sizes > 0])
            lengths.append(sizes[sizes > 0])
            scopes.append(np.array([change.scope for change in batch], np.uint16)[sizes > 0])
    words: Array = np.memmap(spool, np.uint32, "r") if spool.stat().st_size else np.zeros(0, np.uint32)
    with Writer(place) as writer:
        texts = Texts(words, np.concatenate(lengths), np.concatenate(ids), np.concatenate(scopes))
        arranged(texts, encoder.known, writer.allocate)
        spool.unlink()
        for name, array in encoder.frozen()._asdict().items():
            writer.allocate(name, array.dtype.type, len(array))[:] = array
        writer.finish(tick, language)


def _batches(units: Iterable[Unit]) -> Iterator[list[Change]]:
    source = map(Change.of, units)
    while batch := list(islice(source, BATCH)):
        yield batch


def _published(place: Path, folder: Path) -> Path:
    while True:
        target = folders.named(folder, max(folders.numbers(folder), default=0) + 1)
        try:
            place.chmod(0o755)
            place.rename(target)
        except OSError:
            if not target.exists():
                raise
            continue  # another builder was faster
        files.sync_folder(folder)
        return target
