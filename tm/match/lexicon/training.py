"""Learning a lexicon: IBM model 1 of both directions with a preference for the diagonal, trained to agree.

A link counts as much as both directions believe in it (the product of their posteriors): what only one of them wants
is mostly a rare word that gathers what nobody else explains. Probabilities are estimated with a sparse Dirichlet prior,
which takes from entries with little evidence more than from others.
"""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np

from tm.match.lexicon.corpus import SEEN, Reading, Texts, merged, sample
from tm.match.lexicon.model import ABSENT, BY_CHANCE, Lexicon, closeness
from tm.match.lexicon.words import UNKNOWN, Array, Words

MOST = 150_000  # pairs
ITERATIONS = 5
SPARSITY = 0.01
ALIKE = 8.0  # how many times likelier two words that look alike are to translate each other, before anything is learned
STEM = 5  # letters by which words look alike: européenne, European
_MERGE = 6_000_000  # pairs of words in memory


def train(pairs: Iterable[tuple[str, str]], *, most: int = MOST, iterations: int = ITERATIONS) -> Lexicon:
    """The lexicon of French and English texts that translate each other.

    Of more than `most` pairs, `most` are chosen that do not depend on their order; nor does the result. Memory is
    bounded by `most`, not by the number of pairs: 1.2 GB for 150,000, and 0.4 GB on disk, in a temporary file.
    Pairs without words, longer than 60 words or far from the same length are left out.
    """
    reading = Reading()
    for pair in sample(pairs, most):
        reading.add(*pair)
    source, target, texts = reading.numbered()
    with tempfile.TemporaryFile() as scratch:
        keys, together = _pairs_of_words(texts, len(target))
        table = _Table(keys, together * _likeness(keys, source, target), texts, len(source), len(target))
        for links in texts.buffers():
            scratch.write(table.places(texts.keys(links, len(target))).tobytes())
        for _ in range(iterations if len(keys) else 0):
            scratch.flush()
            table.learn(texts, np.memmap(scratch, dtype=np.int32, mode="r"))
    forms, shares = reading.spellings(target)
    return Lexicon.of(source, target, table.source_counts, table.target_counts, forms, shares,
                      (keys, *table.entries()), reading.neighbours(target), pairs=reading.pairs)  # fmt: skip


def _likeness(keys: Array, source: Words, target: Words) -> Array:
    """What speaks for each pair of words before any text is read: that they look alike."""
    stems: dict[str, int] = {}
    ours, theirs = (
        np.array([stems.setdefault(_stem(words.word(at)), len(stems)) for at in range(len(words))], dtype=np.int64)
        for words in (source, target)
    )
    alike = ours[keys // len(target)] == theirs[keys % len(target)]
    return np.where(alike & (ours[keys // len(target)] != stems.get("", -1)), ALIKE, 1.0)


def _stem(word: str) -> str:
    letters = unicodedata.normalize("NFD", word.replace("œ", "oe"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return plain[:STEM] if len(plain) >= STEM or word.startswith(UNKNOWN) else ""


def _pairs_of_words(texts: Texts, columns: int) -> tuple[Array, Array]:
    """The pairs of words that were met in enough places, sorted, and in how many."""
    keys, counts = np.empty(0, np.int64), np.empty(0, np.int64)
    waiting: list[tuple[Array, Array]] = []
    for groups in texts.buffers():
        waiting.append(np.unique(texts.keys(groups, columns), return_counts=True))
        if sum(len(found) for found, _ in waiting) > _MERGE:
            keys, counts = merged([(keys, counts), *waiting])
            waiting = []
    keys, counts = merged([(keys, counts), *waiting])
    return keys[counts >= SEEN], counts[counts >= SEEN]


class _Table:
    """Probabilities of the pairs of words in both directions, as they are learned."""

    def __init__(self, keys: Array, together: Array, texts: Texts, rows: int, columns: int) -> None:
        self._keys = keys
        self._source, self._target = keys // columns, keys % columns
        self.source_counts = _counted([group.source for group in texts.groups], rows)
        self.target_counts = _counted([group.target for group in texts.groups], columns)
        self._source_share = (self.source_counts / max(1, self.source_counts.sum())).astype(np.float32)
        self._target_share = (self.target_counts / max(1, self.target_counts.sum())).astype(np.float32)
        self._evidence = 2.0 * together / (self.source_counts[self._source] + self.target_counts[self._target])
        self._estimate()

    def places(self, keys: Array) -> Array:
        """Where each key stands in the table; one past its end for what was met too seldom."""
        found, inverse = np.unique(keys, return_inverse=True)
        at = np.searchsorted(self._keys, found)
        known = (
            (at < len(self._keys)) & (self._keys[np.minimum(at, len(self._keys) - 1)] == found)
            if len(self._keys)
            else np.zeros(len(found), bool)
        )
        return np.where(known, at, len(self._keys)).astype(np.int32)[inverse]

    def learn(self, texts: Texts, places: Array) -> None:
        """One iteration: believe in links as the probabilities say, then estimate the probabilities anew."""
        evidence = np.zeros(len(self._keys) + 1)
        start = 0
        for groups in texts.buffers():
            size = sum(group.links for group in groups)
            here = np.asarray(places[start : start + size])
            believed = np.empty(size, np.float32)
            at = 0
            for group in groups:
                shape = (*group.source.shape, group.target.shape[1])
                links = slice(at, at + group.links)
                both = _posteriors(
                    self._forward[here[links]].reshape(shape),
                    self._backward[here[links]].reshape(shape),
                    self._source_share[group.source],
                    self._target_share[group.target],
                )
                believed[links] = (both[0] * both[1]).ravel()
                at = links.stop
            evidence += np.bincount(here, weights=believed, minlength=len(evidence))
            start += size
        self._evidence = evidence[:-1]
        self._estimate()

    def entries(self) -> tuple[Array, Array, Array]:
        """For each key: the probability of the target given the source, the reverse, and the expected links."""
        return self._forward[:-1], self._backward[:-1], self._evidence.astype(np.float32)

    def _estimate(self) -> None:
        self._forward = _conditional(self._evidence, self._source)
        self._backward = _conditional(self._evidence, self._target)


def _counted(parts: Sequence[Array], size: int) -> Array:
    return np.bincount(np.concatenate([np.empty(0, np.int32), *(part.ravel() for part in parts)]), minlength=size)


def _conditional(evidence: Array, given: Array) -> Array:
    """Variational estimate of the probability of each entry among those with the same `given`; one more for others."""
    size = int(given.max()) + 1 if len(given) else 0
    total = np.bincount(given, weights=evidence, minlength=size) + SPARSITY * np.bincount(given, minlength=size)
    total = np.maximum(total, SPARSITY)  # numbers without entries
    found = np.exp(_digamma(evidence + SPARSITY) - _digamma(total)[given])
    return np.asarray(np.append(np.maximum(found, ABSENT), ABSENT), dtype=np.float32)


def _digamma(x: Array) -> Array:
    result = np.zeros_like(x)
    for step in range(6):
        result -= 1 / (x + step)
    far = x + 6
    return np.asarray(result + np.log(far) - 1 / (2 * far) - 1 / (12 * far**2) + 1 / (120 * far**4))


def _posteriors(forward: Array, backward: Array, source_share: Array, target_share: Array) -> tuple[Array, Array]:
    """For arrays `pairs x n x m`: how likely each target word comes from each source word, and the reverse."""
    near = closeness(*forward.shape[1:])
    one = forward * (near / near.sum(axis=0, keepdims=True))
    other = backward * (near / near.sum(axis=1, keepdims=True))
    chance = BY_CHANCE / (1 - BY_CHANCE)
    return (
        one / (one.sum(axis=1, keepdims=True) + chance * target_share[:, None, :]),
        other / (other.sum(axis=2, keepdims=True) + chance * source_share[:, :, None]),
    )
