"""A generation and what changed since, as one index that many threads may search while one changes it.

What changed lies in parts like the generation's own, in memory: each change makes a small one, and parts of like size
are joined, so that there are few. Nothing that a search looks at is ever changed: it takes the state as it is, and a
change or another generation puts a new state in its place.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tm.match.generation.encoding import Encoder
from tm.match.generation.index import GenerationIndex
from tm.match.generation.part import Part, Question, hits_of
from tm.match.generation.rows import Texts, arranged
from tm.match.generation.search import UNIT_BITS
from tm.match.generation.vocabulary import Vocabulary
from tm.match.index import Change, Changed
from tm.types import Hit, Language

_RATIO = 12  # a part is joined with the next smaller one unless it is so many times its size
_JOINED = 1 << 14  # rows from which on a part is left alone until there are as many again


@dataclass(frozen=True, slots=True)
class _State:
    """What a search sees: the epoch it asks for, and the parts with the numbers of their words."""

    generation: GenerationIndex | None
    encoder: Encoder
    vocabulary: Vocabulary
    parts: tuple[Part, ...]  # of what changed since, the largest first
    epoch: int
    units: int


class FollowingIndex:
    """`tm.match.index.Index` on a generation, or on none. A search never waits, not even for a change of generation."""

    def __init__(self, generation: GenerationIndex | None = None, language: Language = "fr") -> None:
        self._language: Language = generation.language if generation is not None else language
        self._changing = threading.Lock()
        self._state = self._fresh(generation)

    def _fresh(self, generation: GenerationIndex | None) -> _State:
        if generation is not None and generation.language != self._language:
            raise ValueError(f"a generation in {generation.language} cannot follow one in {self._language}")
        encoder = Encoder(self._language)
        if generation is not None:
            generation = generation.again()  # what died since is marked in this index alone
            generation.warm()
        return _State(generation, encoder, encoder.frozen(), (), 0, 0 if generation is None else len(generation))

    @property
    def tick(self) -> int:
        """The tick of the generation below; -1 without one."""
        generation = self._state.generation
        return -1 if generation is None else generation.tick

    @property
    def changed(self) -> int:
        """How many units lie in what changed since the generation: when they are many, a new one is due."""
        return sum(len(part) for part in self._state.parts)

    def update(self, changes: Iterable[Changed]) -> None:
        """See `Index.update`. All changes of one call are seen at once; many in one call cost less than one by one."""
        with self._changing:
            self._state = _changed(self._state, _by_unit(changes))

    def switch(self, generation: GenerationIndex | None, changes: Iterable[Changed]) -> None:
        """Stand on another generation; `changes` is what came after its tick. Searches go on with what they have, and
        see the new generation and all the changes at once."""
        with self._changing:
            self._state = _changed(self._fresh(generation), _by_unit(changes))

    def search(
        self,
        queries: Sequence[str],
        threshold: int,
        limit: int | None = None,
        scopes: Collection[int] | None = None,
    ) -> list[list[Hit]]:
        """See `Index.search`. GenerationDamaged where the file of the generation was written to."""
        state = self._state
        question = Question(queries, self._language, threshold, limit, scopes)
        found: list[list[list[int]]] = []
        if state.generation is not None:
            state.generation.check()
            found.append(state.generation.part.search(question, state.generation.vocabulary, state.epoch))
        found += [part.search(question, state.vocabulary, state.epoch) for part in state.parts]
        if len(found) == 1:
            return [hits_of(keys) for keys in found[0]]
        return [hits_of(sorted(key for keys in each for key in keys)[:limit]) for each in zip(*found, strict=True)] or [
            [] for _ in queries
        ]

    def __len__(self) -> int:
        """See `Index.__len__`."""
        return self._state.units


def _by_unit(changes: Iterable[Changed]) -> dict[int, Change]:
    """The last change of each unit."""
    return {change.unit_id: change for change in map(Change.of, changes)}


def _changed(state: _State, changes: dict[int, Change]) -> _State:
    if not changes:
        return state
    if min(changes) < 0 or max(changes) >= 1 << UNIT_BITS:
        raise ValueError("the id of a unit is out of range")
    kept = [change for change in changes.values() if change.text is not None]
    encoder = state.encoder.copy()
    numbers, lengths = encoder.encode([change.text or "" for change in kept])
    fresh = np.array([change.unit_id for change in kept], np.int64)[lengths > 0]
    scopes = np.array([change.scope for change in kept], np.uint16)[lengths > 0]
    epoch, units = state.epoch + 1, state.units + len(fresh)
    ids = np.fromiter(changes, np.int64, len(changes))
    below = () if state.generation is None else (state.generation.part,)
    for part in (*below, *state.parts):
        rows = part.living(ids)
        part.dead[rows] = epoch
        units -= len(rows)
    parts = _joined(state.parts, Texts(numbers, lengths[lengths > 0], fresh, scopes), encoder.known)
    return _State(state.generation, encoder, encoder.frozen(), parts, epoch, units)


def _joined(parts: tuple[Part, ...], new: Texts, known: int) -> tuple[Part, ...]:
    """The parts, with the new texts in a part of their own or in one with parts of like size."""
    if not len(new.units):
        return parts
    kept, pieces, size = list(parts), [new], len(new.units)
    while kept and (len(kept[-1]) < _RATIO * size or len(kept) > 6) and len(kept[-1]) < max(_JOINED, size):
        part = kept.pop()
        pieces.append(part.texts())
        size += len(pieces[-1].units)
    texts = Texts(*(np.concatenate(each) for each in zip(*pieces, strict=True)))
    return (*kept, Part(arranged(texts, known, lambda name, kind, count: np.zeros(count, kind))))
