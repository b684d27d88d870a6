"""Learning a lexicon: IBM model 1 of both directions with a preference for the diagonal, trained to agree.

A link counts as much as both directions believe in it (the product of their posteriors): what only one of them wants
is mostly a rare word that gathers what nobody else explains. Probabilities are estimated with a sparse Dirichlet prior,
which takes from entries with little evidence more than from others.
"""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import Iterable
from typing import IO

import numpy as np

from tm.match.lexicon import kernels
from tm.match.lexicon.corpus import SEEN, Texts, neighbours, read, sample
from tm.match.lexicon.model import ABSENT, BY_CHANCE, DIAGONAL, Lexicon
from tm.match.lexicon.words import UNKNOWN, Array, Words

MOST = 150_000  # pairs
ITERATIONS = 5
SPARSITY = 0.01
ALIKE = 8.0  # how many times likelier two words that look alike are to translate each other, before anything is learned
STEM = 5  # letters by which words look alike: européenne, European


def train(pairs: Iterable[tuple[str, str]], *, most: int = MOST, iterations: int = ITERATIONS) -> Lexicon:
    """The lexicon of French and English texts that translate each other.

    Of more than `most` pairs, `most` are chosen that do not depend on their order; nor does the result. Memory is
    bounded by `most`, not by the number of pairs: 0.8 GB for 150,000, and 0.4 GB on disk, in a temporary file.
    Pairs without words, longer than 60 words or far from the same length are left out.
    """
    reading = read(sample(pairs, most))
    source, target, texts = reading.numbered()
    with tempfile.TemporaryFile() as scratch:
        table = _Table(texts, source, target, scratch)
        for _ in range(iterations):
            table.learn()
    return Lexicon.of(source, target, table.source_counts, table.target_counts, *reading.spellings(target),
                      (table.keys, *table.entries()), neighbours(texts, len(target)), pairs=len(texts))  # fmt: skip


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


class _Table:
    """Probabilities of the pairs of words in both directions, as they are learned; `scratch` holds every link."""

    def __init__(self, texts: Texts, source: Words, target: Words, scratch: IO[bytes]) -> None:
        self._texts, self._columns = texts, len(target)
        ends, places = kernels.where(texts.source, len(source))
        owner = kernels.owners(texts.source_ends, len(texts.source))
        beside = (ends, places, owner)
        self.keys, together = kernels.together(*beside, texts.target, texts.target_ends, self._columns, SEEN)
        self._links = _room(scratch, texts.links)
        starts = np.cumsum(texts.shapes.prod(axis=1)) - texts.shapes.prod(axis=1)
        kernels.place(
            self.keys, self._columns, *beside, starts, texts.source_ends, texts.target, texts.target_ends, self._links
        )
        self.source_counts = np.bincount(texts.source, minlength=len(source))
        self.target_counts = np.bincount(texts.target, minlength=len(target))
        self._forward, self._backward = (np.full(len(self.keys) + 1, ABSENT, np.float32) for _ in range(2))
        met = self.source_counts[self.keys // self._columns] + self.target_counts[self.keys % self._columns]
        self._evidence = np.append(2.0 * together * _likeness(self.keys, source, target) / met, 0.0)
        self._estimate()

    def learn(self) -> None:
        """One iteration: believe in links as the probabilities say, then estimate the probabilities anew."""
        texts = self._texts
        self._evidence[:] = 0.0
        kernels.believe(
            self._links, texts.source, texts.source_ends, texts.target, texts.target_ends,
            self._forward, self._backward, _chance(self.source_counts), _chance(self.target_counts),
            DIAGONAL, self._evidence,
        )  # fmt: skip
        self._estimate()

    def entries(self) -> tuple[Array, Array, Array]:
        """For each key: the probability of the target given the source, the reverse, and the expected links."""
        return self._forward[:-1], self._backward[:-1], self._evidence[:-1].astype(np.float32)

    def _estimate(self) -> None:
        source, target = np.empty(len(self.source_counts)), np.empty(len(self.target_counts))
        kernels.estimate(
            self.keys, self._columns, self._evidence, SPARSITY, source, target, self._forward, self._backward
        )


def _chance(counts: Array) -> Array:
    """What chance has to say for each word, beside the words of the other side."""
    return np.asarray(BY_CHANCE / (1 - BY_CHANCE) * counts / max(1, counts.sum()))


def _room(scratch: IO[bytes], links: int) -> Array:
    scratch.truncate(max(1, 4 * links))
    return np.memmap(scratch, dtype=np.int32, mode="r+", shape=(max(1, links),))
