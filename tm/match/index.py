"""The index behind fuzzy lookup: every unit that is similar enough, no exception.

`BruteForceIndex` compares with every unit: the oracle of the contract suite. `TokenIndex` holds an inverted list and
finds the same in well under five milliseconds among 20,000 units.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tm.match.score import edits_allowed, percentage, similarity
from tm.text.tokens import Token, measured, signature, tokens
from tm.types import Hit, Language

if TYPE_CHECKING:
    import numpy as np

LOWEST_THRESHOLD = 50
MOST_SCOPES = 1 << 16


class Change(NamedTuple):
    """A unit's source text, put in or replaced, in a scope from 0 to 65535; None takes the unit away."""

    unit_id: int
    text: str | None
    scope: int = 0

    @classmethod
    def of(cls, given: Changed) -> Change:
        """The change that a tuple stands for. ValueError for a scope that is out of range."""
        change = cls(*given)
        if not 0 <= change.scope < MOST_SCOPES:
            raise ValueError(f"scope {change.scope} is not between 0 and {MOST_SCOPES - 1}")
        return change


Changed = tuple[int, str | None] | tuple[int, str | None, int]  # what stands for a `Change`


class Index(Protocol):
    """Finds units by the word-level similarity of their source. Values in, values out; nobody else's clock or store.

    One thread at a time: a caller with several holds a lock.
    """

    def update(self, changes: Iterable[Changed]) -> None:
        """Put in or replace units, each as a `Change`; None for a text takes the unit away, if it is there."""

    def search(
        self,
        queries: Sequence[str],
        threshold: int,
        limit: int | None = None,
        scopes: Collection[int] | None = None,
    ) -> list[list[Hit]]:
        """For each query every unit with a similarity of at least `threshold` (50 to 100, else ValueError), the most
        similar first, then by id; at most `limit`, if given. A query without tokens finds nothing. With `scopes`, units
        of other scopes are not there at all: what is left out never takes the place of what is found."""

    def __len__(self) -> int:
        """How many units are held; units without tokens do not count."""


def _checked(threshold: int) -> None:
    if not LOWEST_THRESHOLD <= threshold <= 100:
        raise ValueError(f"threshold {threshold} is not between {LOWEST_THRESHOLD} and 100")


def _ranked(hits: list[Hit], limit: int | None) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-hit.similarity, hit.unit_id))[:limit]


class BruteForceIndex:
    """`Index` by comparing each query with each unit."""

    def __init__(self, language: Language = "fr") -> None:
        self._language: Language = language
        self._units: dict[int, tuple[tuple[Token, ...], int]] = {}

    def update(self, changes: Iterable[Changed]) -> None:
        """See `Index.update`."""
        for unit_id, text, scope in map(Change.of, changes):
            self._units.pop(unit_id, None)
            found = tokens(text, self._language) if text is not None else ()
            if found:
                self._units[unit_id] = found, scope

    def search(
        self,
        queries: Sequence[str],
        threshold: int,
        limit: int | None = None,
        scopes: Collection[int] | None = None,
    ) -> list[list[Hit]]:
        """See `Index.search`."""
        _checked(threshold)
        return [_ranked(self._hits(tokens(query, self._language), threshold, scopes), limit) for query in queries]

    def _hits(self, query: tuple[Token, ...], threshold: int, scopes: Collection[int] | None) -> list[Hit]:
        hits = (
            Hit(unit_id, similarity(query, unit))
            for unit_id, (unit, scope) in self._units.items()
            if scopes is None or scope in scopes
        )
        return [hit for hit in hits if hit.similarity >= threshold]

    def __len__(self) -> int:
        """See `Index.__len__`."""
        return len(self._units)


class TokenIndex:
    """`Index` by an inverted list in memory.

    A term is a token and how many times it stood before in the same text, so that the terms two texts share are
    what their bags of tokens share, and `longer - shared` is a lower bound of the edit distance. The bound is
    computed for all units at once; only units that pass it are compared. An update writes a new row and leaves the
    old one dead; when the dead rows outnumber the living, the lists are written anew.
    """

    def __init__(self, language: Language = "fr") -> None:
        self._language: Language = language
        self._clear()

    def _clear(self) -> None:
        self._numbers: dict[str, int] = {}
        self._postings: defaultdict[tuple[int, int], array[int]] = defaultdict(lambda: array("I"))
        self._rows: list[array[int]] = []  # the tokens of each row, as numbers
        self._lengths = array("I")  # 0 for a dead row
        self._units = array("q")
        self._scopes = array("H")
        self._row_of: dict[int, int] = {}

    def update(self, changes: Iterable[Changed]) -> None:
        """See `Index.update`."""
        for unit_id, text, scope in map(Change.of, changes):
            row = self._row_of.pop(unit_id, None)
            if row is not None:
                self._lengths[row] = 0
            found = measured(tokens(text, self._language)) if text is not None else []
            if found:
                self._add(unit_id, scope, [self._numbers.setdefault(signature(t), len(self._numbers)) for t in found])
        if len(self._rows) > 2 * len(self._row_of) + 1000:
            self._rewrite()

    def _add(self, unit_id: int, scope: int, numbers: Sequence[int]) -> None:
        row = len(self._rows)
        for term in _terms(numbers):
            self._postings[term].append(row)
        self._rows.append(array("I", numbers))
        self._lengths.append(len(numbers))
        self._units.append(unit_id)
        self._scopes.append(scope)
        self._row_of[unit_id] = row

    def _rewrite(self) -> None:
        words = {number: word for word, number in self._numbers.items()}
        kept = [
            (unit_id, self._scopes[row], [words[number] for number in self._rows[row]])
            for unit_id, row in self._row_of.items()
        ]
        self._clear()
        for unit_id, scope, signatures in kept:
            self._add(unit_id, scope, [self._numbers.setdefault(word, len(self._numbers)) for word in signatures])

    def search(
        self,
        queries: Sequence[str],
        threshold: int,
        limit: int | None = None,
        scopes: Collection[int] | None = None,
    ) -> list[list[Hit]]:
        """See `Index.search`."""
        _checked(threshold)
        return [_ranked(self._hits(query, threshold, scopes), limit) for query in queries]

    def _hits(self, query: str, threshold: int, scopes: Collection[int] | None) -> list[Hit]:
        from rapidfuzz.distance import Levenshtein

        found = measured(tokens(query, self._language))
        if not found or not self._rows:
            return []
        unknown: dict[str, int] = {}
        numbers = array("I")
        for word in map(signature, found):
            number = self._numbers.get(word)
            fresh = len(self._numbers) + len(unknown)
            numbers.append(unknown.setdefault(word, fresh) if number is None else number)
        hits = []
        for row in self._candidates(numbers, threshold):
            if scopes is not None and self._scopes[row] not in scopes:
                continue
            longest = max(len(numbers), self._lengths[row])
            allowed = edits_allowed(longest, threshold)
            distance = Levenshtein.distance(numbers, self._rows[row], score_cutoff=allowed)
            if distance <= allowed:
                hits.append(Hit(self._units[row], percentage(distance, longest)))
        return hits

    def _candidates(self, numbers: Sequence[int], threshold: int) -> list[int]:
        """The living rows whose bag of tokens and length leave a similarity of `threshold` possible."""
        import numpy as np

        shared = np.zeros(len(self._rows), dtype=np.int32)
        for term in _terms(numbers):
            rows = self._postings.get(term)
            if rows is not None:
                shared[np.frombuffer(rows, dtype=np.uint32)] += 1
        lengths: np.ndarray[tuple[int], np.dtype[np.int64]] = np.array(self._lengths, dtype=np.int64)
        longest = np.maximum(lengths, len(numbers))
        possible = (lengths > 0) & (longest - shared <= longest * (100 - threshold) // 100)
        return [int(row) for row in np.flatnonzero(possible)]

    def __len__(self) -> int:
        """See `Index.__len__`."""
        return len(self._row_of)


def _terms(numbers: Sequence[int]) -> Iterable[tuple[int, int]]:
    seen: defaultdict[int, int] = defaultdict(int)
    for number in numbers:
        yield number, seen[number]
        seen[number] += 1
