"""The lists of a generation, open and searched."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tm.match.generation import files
from tm.match.generation.encoding import read_only
from tm.match.generation.opened import Opened
from tm.match.generation.search import touched
from tm.match.generation.texts import RULES
from tm.match.wordlists import reading
from tm.match.wordlists.encoding import Encoder
from tm.match.wordlists.index import LANGUAGES
from tm.match.wordlists.lists import Allocate, Lists, Texts, arranged
from tm.match.wordlists.part import Part
from tm.match.wordlists.phrase import Phrase
from tm.match.wordlists.stems import VERSION
from tm.types import Language


def _rules() -> str:
    source = Path(reading.__file__).read_bytes()
    return hashlib.sha256(f"{RULES} {VERSION} ".encode() + source).hexdigest()


WORDS = files.Layout(
    arrays="words.bin",
    manifest="words.json",
    checked="words-checked.json",
    version=1,
    names=("units", *(f"{language}_{name}" for language in LANGUAGES for name in Lists._fields)),
    rules=_rules(),
)


def named(allocate: Allocate, language: Language) -> Allocate:
    """`allocate` for the arrays of one language."""
    return lambda name, kind, size: allocate(f"{language}_{name}", kind, size)


class MappedWords:
    """The lists that `WordsBuilder` wrote into a folder: as `WordIndex`, but read-only. Searched from several threads
    and processes at once.

    GenerationDamaged, on opening or on searching, says that they are not what was written.
    """

    def __init__(self, folder: Path) -> None:
        self._opened = Opened(folder, WORDS)
        self.path, self.tick = folder, self._opened.manifest.tick
        self.part = self._part()

    def _part(self) -> Part:
        arrays = self._opened.arrays
        return Part(
            arrays["units"],
            {language: Lists(*(arrays[f"{language}_{name}"] for name in Lists._fields)) for language in LANGUAGES},
        )

    def again(self) -> Part:
        """The same rows, mapped once, of which others may die."""
        return Part(self.part.units, self.part.lists)

    def warm(self) -> None:
        """Have all pages mapped, so that no search waits for one."""
        for array in self._opened.arrays.values():
            touched(read_only(array.view(np.uint8)))

    def verify(self) -> None:
        """Read everything and compare it with its checksums."""
        self._opened.verify()

    def check(self) -> None:
        """GenerationDamaged where the file was written to since it was opened. Costs a microsecond."""
        self._opened.check()

    def search(
        self, phrase: str, language: Language, *, inflected: bool = False, before: int | None = None
    ) -> Iterator[int]:
        """See `WordIndex.search`. What is found later may raise GenerationDamaged as well."""
        return self.part.search(Phrase.of(phrase, language, inflected), 0, before, self.check)

    def __len__(self) -> int:
        """See `WordIndex.__len__`."""
        return len(self.part)


def prepare() -> None:
    """Compile everything that searching and building need, once for all processes of a machine: call it when the
    product is set up. Without it the first process that searches compiles, which takes half a minute."""
    for kind in (np.uint32, np.int64):
        _tried(kind)
    touched(read_only(np.zeros(1, np.uint8)))


def _tried(kind: type) -> None:
    lists: dict[Language, Lists] = {}
    for language in LANGUAGES:
        encoder = Encoder(language)
        numbers, lengths = encoder.encode(["Le Conseil est réuni.", "12 mars", "ß"])
        texts = Texts(numbers, np.cumsum(lengths) - lengths, lengths)
        lists[language] = arranged(texts, encoder, lambda name, dtype, size: np.zeros(size, dtype))
    part = Part(np.arange(3).astype(kind), lists)
    for language in LANGUAGES:
        list(part.search(Phrase.of("le conseil e", language, True), 0, 2))
