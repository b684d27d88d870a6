"""Mapped lists and what changed since, as one index that many threads may search while one changes it.

What changed lies in parts like the mapped one, in memory: each change makes a small one, and parts of like size are
joined, so that there are few. Nothing that a search looks at is ever changed: it takes the state as it is, and a change
or another generation puts a new state in its place.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from tm.match.generation.jit import Array
from tm.match.generation.search import UNIT_BITS
from tm.match.wordlists.encoding import Encoder
from tm.match.wordlists.index import LANGUAGES, Changes
from tm.match.wordlists.index import Texts as Pair
from tm.match.wordlists.lists import Texts, arranged
from tm.match.wordlists.mapped import MappedWords
from tm.match.wordlists.part import Part
from tm.match.wordlists.phrase import Phrase
from tm.types import Language

_RATIO = 12  # a part is joined with the next smaller one unless it is so many times its size
_JOINED = 1 << 14  # rows from which on a part is left alone until there are as many again


@dataclass(frozen=True, slots=True)
class _Held:
    """Units in memory, and their words in both languages as the encoders numbered them, in the order of rows."""

    units: Array
    numbers: tuple[Array, ...]
    lengths: tuple[Array, ...]

    def only(self, kept: Array) -> _Held:
        """Those that are marked."""
        return _Held(
            self.units[kept],
            tuple(
                numbers[np.repeat(kept, lengths)] for numbers, lengths in zip(self.numbers, self.lengths, strict=True)
            ),
            tuple(lengths[kept] for lengths in self.lengths),
        )


@dataclass(frozen=True, slots=True)
class _State:
    """What a search sees: the epoch it asks for, the mapped rows, and the parts of what changed since."""

    mapped: MappedWords | None
    below: Part | None
    encoders: tuple[Encoder, ...]
    parts: tuple[tuple[Part, _Held], ...]  # the largest first
    epoch: int
    units: int


class FollowingWords:
    """`WordIndex` on mapped lists, or on none. A search never waits, not even for a change of generation."""

    def __init__(self, mapped: MappedWords | None = None) -> None:
        self._changing = threading.Lock()
        self._state = _fresh(mapped)

    @property
    def tick(self) -> int:
        """The tick of the mapped lists; -1 without any."""
        mapped = self._state.mapped
        return -1 if mapped is None else mapped.tick

    @property
    def changed(self) -> int:
        """How many units lie in what changed since: when they are many, a new generation is due."""
        return sum(len(part) for part, _ in self._state.parts)

    def update(self, changes: Changes) -> None:
        """See `WordIndex.update`. All changes of one call are seen at once; many in one call cost less than one by one.
        ValueError for an id that is out of range (0 to 2**55); then nothing has changed."""
        with self._changing:
            self._state = _changed(self._state, dict(changes))

    def switch(self, mapped: MappedWords | None, changes: Changes) -> None:
        """Stand on other mapped lists; `changes` is what came after their tick. Searches go on with what they have, and
        see the new lists and all the changes at once."""
        with self._changing:
            self._state = _changed(_fresh(mapped), dict(changes))

    def search(
        self, phrase: str, language: Language, *, inflected: bool = False, before: int | None = None
    ) -> Iterator[int]:
        """See `WordIndex.search`: the units as they are when it is called, however late they are asked for.
        GenerationDamaged, also later, where the mapped file was written to."""
        state, asked = self._state, Phrase.of(phrase, language, inflected)
        if not asked.words:
            return iter(())
        found = [part.search(asked, state.epoch, before) for part, _ in state.parts]
        if state.mapped is not None and state.below is not None:
            found.append(state.below.search(asked, state.epoch, before, state.mapped.check))
        return found[0] if len(found) == 1 else heapq.merge(*found, reverse=True)

    def __len__(self) -> int:
        """See `WordIndex.__len__`."""
        return self._state.units


def _fresh(mapped: MappedWords | None) -> _State:
    encoders = tuple(Encoder(language) for language in LANGUAGES)
    if mapped is None:
        return _State(None, None, encoders, (), 0, 0)
    mapped.warm()
    return _State(mapped, mapped.again(), encoders, (), 0, len(mapped))


def _changed(state: _State, changes: dict[int, Pair | None]) -> _State:
    if not changes:
        return state
    if min(changes) < 0 or max(changes) >= 1 << UNIT_BITS:
        raise ValueError("the id of a unit is out of range")
    encoders = tuple(encoder.copy() for encoder in state.encoders)
    fresh = _read(encoders, sorted((unit_id, texts) for unit_id, texts in changes.items() if texts is not None))
    epoch, units = state.epoch + 1, state.units + len(fresh.units)
    ids = np.fromiter(changes, np.int64, len(changes))
    below = () if state.below is None else (state.below,)
    for part in (*below, *(part for part, _ in state.parts)):
        rows = part.living(ids)
        part.dead[rows] = epoch
        units -= len(rows)
    return _State(state.mapped, state.below, encoders, _joined(state.parts, fresh, encoders), epoch, units)


def _read(encoders: tuple[Encoder, ...], kept: list[tuple[int, Pair]]) -> _Held:
    read = [encoder.encode([texts[at] for _, texts in kept]) for at, encoder in enumerate(encoders)]
    units = np.array([unit_id for unit_id, _ in kept], np.int64)
    return _Held(units, tuple(numbers for numbers, _ in read), tuple(lengths for _, lengths in read))


def _joined(
    parts: tuple[tuple[Part, _Held], ...], new: _Held, encoders: tuple[Encoder, ...]
) -> tuple[tuple[Part, _Held], ...]:
    """The parts, with the new units in a part of their own or in one with parts of like size."""
    if not len(new.units):
        return parts
    kept, pieces, size = list(parts), [new], len(new.units)
    while kept and (len(kept[-1][0]) < _RATIO * size or len(kept) > 6) and len(kept[-1][0]) < max(_JOINED, size):
        part, held = kept.pop()
        pieces.append(held.only(part.dead == 0))
        size += len(pieces[-1].units)
    held = _merged(pieces)
    return (*kept, (_part(held, encoders), held))


def _merged(pieces: list[_Held]) -> _Held:
    """Several as one, in the order of units."""
    units = np.concatenate([piece.units for piece in pieces])
    order = np.argsort(units)
    numbers, lengths = [], []
    for at in range(len(LANGUAGES)):
        sizes = np.concatenate([piece.lengths[at] for piece in pieces])
        starts = np.cumsum(sizes) - sizes
        sorted_sizes = sizes[order]
        # the place of each word: where its text begins, and how far in it it is
        inside = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sorted_sizes) - sorted_sizes, sorted_sizes)
        together = np.concatenate([piece.numbers[at] for piece in pieces])
        numbers.append(together[np.repeat(starts[order], sorted_sizes) + inside])
        lengths.append(sorted_sizes)
    return _Held(units[order], tuple(numbers), tuple(lengths))


def _part(held: _Held, encoders: tuple[Encoder, ...]) -> Part:
    allocate: Callable[[str, type, int], Array] = lambda name, kind, size: np.zeros(size, kind)  # noqa: E731
    return Part(
        held.units,
        {
            encoder.language: arranged(Texts(numbers, np.cumsum(lengths) - lengths, lengths), encoder, allocate)
            for encoder, numbers, lengths in zip(encoders, held.numbers, held.lengths, strict=True)
        },
    )
