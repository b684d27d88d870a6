"""What pairs at hand teach about words, where no memory has taught it: IBM model 1 of both directions, made to agree.

A link counts as much as both directions believe in it, and entries with little evidence are taken for less than they
say (a sparse Dirichlet prior). This is the model of `tm.match.lexicon.training` without the order of words, held in
memory: it learns from the sixty sentences of one release in some milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from tm.align.knowledge import LEAST, Known
from tm.align.reading import Array, bare
from tm.types import Language

MOST = 20_000  # pairs
LONGEST = 80  # words of a text
SEEN = 2  # times that two words must have been met together
ALIKE, STEM = 8.0, 5  # how much likelier words of five letters or more are that begin alike
BY_CHANCE = 0.08  # the share of words that translate nothing
SPARSITY = 0.01
ITERATIONS = 5
_KEPT = 0.5  # least expected links of an entry


class Taught:
    """Knowledge learned from pairs of word lists, French and English, that translate each other."""

    def __init__(self, pairs: Iterable[tuple[Sequence[str], Sequence[str]]]) -> None:
        kept = [pair for pair in pairs if 0 < len(pair[0]) <= LONGEST and 0 < len(pair[1]) <= LONGEST]
        step = max(1, -(-len(kept) // MOST))
        learned = _learned(kept[::step])
        self._words: dict[Language, dict[str, Known]] = {"fr": learned[0], "en": learned[1]}
        self.pairs = len(kept[::step])

    def known(self, word: str, language: Language) -> Known | None:
        """See `tm.align.knowledge.Knowledge.known`."""
        return self._words[language].get(word)


def _learned(pairs: Sequence[tuple[Sequence[str], Sequence[str]]]) -> tuple[dict[str, Known], dict[str, Known]]:
    ours, theirs = _Words([pair[0] for pair in pairs]), _Words([pair[1] for pair in pairs])
    columns = len(theirs.words)
    links = [one[:, None] * columns + other[None, :] for one, other in zip(ours.texts, theirs.texts, strict=True)]
    keys, place, together = np.unique(
        np.concatenate([np.empty(0, np.int64), *(each.ravel() for each in links)]),
        return_inverse=True,
        return_counts=True,
    )
    # for each link the occurrence of the French and of the English word that it joins
    mine, yours = _ends(links)
    kept = together[place] >= SEEN
    place, mine, yours = place[kept], mine[kept], yours[kept]
    rows = np.divide(keys, max(1, columns)).astype(np.int64)
    evidence = (
        2.0
        * together
        / (ours.counts[rows] + theirs.counts[keys - rows * columns])
        * _likeness(ours, theirs, rows, keys - rows * columns)
    )
    evidence[together < SEEN] = 0.0
    chance = BY_CHANCE / (1 - BY_CHANCE)
    for _ in range(ITERATIONS):
        forward, backward = _given(evidence, rows), _given(evidence, keys - rows * columns)
        one = _posterior(forward[place], yours, chance * theirs.shares[(keys - rows * columns)[place]])
        other = _posterior(backward[place], mine, chance * ours.shares[rows[place]])
        evidence = np.bincount(place, weights=one * other, minlength=len(keys))
    forward, backward = _given(evidence, rows), _given(evidence, keys - rows * columns)
    firm = np.flatnonzero(evidence >= _KEPT)
    return (
        _entries(ours, theirs, rows[firm], (keys - rows * columns)[firm], forward[firm], len(pairs)),
        _entries(theirs, ours, (keys - rows * columns)[firm], rows[firm], backward[firm], len(pairs)),
    )


class _Words:
    """The texts of one language as numbers."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        numbers: dict[str, int] = {}
        self.texts = [
            np.array([numbers.setdefault(word, len(numbers)) for word in text], dtype=np.int64) for text in texts
        ]
        self.words = list(numbers)
        self.counts = np.bincount(np.concatenate([np.empty(0, np.int64), *self.texts]), minlength=len(numbers)).astype(
            np.float64
        )
        self.shares = self.counts / max(1.0, self.counts.sum())


def _ends(links: Sequence[Array]) -> tuple[Array, Array]:
    mine, yours = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    first = second = 0
    for each in links:
        n, m = each.shape
        mine.append(np.repeat(np.arange(first, first + n), m))
        yours.append(np.tile(np.arange(second, second + m), n))
        first, second = first + n, second + m
    return np.concatenate(mine), np.concatenate(yours)


def _likeness(ours: _Words, theirs: _Words, rows: Array, columns: Array) -> Array:
    stems: dict[str, int] = {"": 0}
    one, other = (
        np.array([stems.setdefault(bare(word)[:STEM] if len(word) >= STEM else "", len(stems)) for word in side.words])
        for side in (ours, theirs)
    )
    if not len(rows):
        return np.ones(0)
    return np.where((one[rows] == other[columns]) & (one[rows] > 0), ALIKE, 1.0)


def _posterior(likely: Array, owner: Array, chance: Array) -> Array:
    return likely / (np.bincount(owner, weights=likely)[owner] + chance) if len(owner) else likely


def _given(evidence: Array, given: Array) -> Array:
    """The probability of each entry among those with the same word given: a variational estimate."""
    total = np.bincount(given, weights=evidence) + SPARSITY * np.bincount(given, weights=evidence > 0)
    found = np.exp(_digamma(evidence + SPARSITY) - _digamma(np.maximum(total, SPARSITY))[given])
    return np.where(evidence > 0, found, 0.0)


def _digamma(x: Array) -> Array:
    result = np.zeros_like(x)
    for step in range(6):
        result -= 1 / (x + step)
    far = x + 6
    return np.asarray(result + np.log(far) - 1 / (2 * far) - 1 / (12 * far**2) + 1 / (120 * far**4))


def _entries(side: _Words, other: _Words, given: Array, found: Array, likely: Array, pairs: int) -> dict[str, Known]:
    words: dict[str, dict[str, float]] = {word: {} for word in side.words}
    for one, two, share in zip(given.tolist(), found.tolist(), likely.tolist(), strict=True):
        if share >= LEAST:
            words[side.words[one]][other.words[two]] = share
    return {
        word: Known(count / pairs, min(1.0, sum(words[word].values())) * count / (count + 1), words[word])
        for word, count in zip(side.words, side.counts.tolist(), strict=True)
        if count >= SEEN
    }
