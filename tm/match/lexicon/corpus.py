"""The pairs that a lexicon is learned from: chosen, read and numbered."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tm.match.lexicon.words import Array, Words, words_of
from tm.text.tokens import measured, signature, tokens

LONGEST = 60  # words of a text; links grow with the square, and long pairs teach little
SEEN = 2  # times that a word must have been met
BUFFER = 4_000_000  # links in memory
_WITHIN = frozenset(",()-'‘’%/")  # punctuation after which a sentence goes on


def sample(pairs: Iterable[tuple[str, str]], most: int) -> list[tuple[str, str]]:
    """At most `most` different pairs: those with the lowest hashes, by hash, so that order does not matter."""
    held: dict[bytes, tuple[str, str]] = {}
    for pair in pairs:
        held[hashlib.blake2b("\0".join(pair).encode("utf-8", "surrogatepass"), digest_size=16).digest()] = pair
        if len(held) >= 2 * most + 1000:
            held = {key: held[key] for key in sorted(held)[:most]}
    return [held[key] for key in sorted(held)[:most]]


class _Side:
    """The texts of one language as numbers."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._counts: Counter[int] = Counter()
        self._texts: list[Array] = []

    def add(self, words: Sequence[str]) -> None:
        numbers = [self._numbers.setdefault(word, len(self._numbers)) for word in words]
        self._counts.update(numbers)
        self._texts.append(np.array(numbers, dtype=np.int32))

    def vocabulary(self) -> tuple[Words, list[Array]]:
        """The words that were seen often enough, and the texts in their numbers."""
        words = Words.of([word for word, number in self._numbers.items() if self._counts[number] >= SEEN])
        return words, self.numbered(words)

    def numbered(self, words: Words) -> list[Array]:
        """The texts in the numbers of `words`."""
        final = words.numbers(list(self._numbers)).astype(np.int32)
        return [final[text] for text in self._texts]


class Reading:
    """Both sides of the pairs, and how each English word is written where no sentence begins."""

    def __init__(self) -> None:
        self._french, self._english = _Side(), _Side()
        self._spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.pairs = 0

    def add(self, source: str, target: str) -> None:
        """Read a pair. Pairs without words, with very many, or far from the same length are left out."""
        ours, theirs = words_of(source, "fr"), tokens(target, "en")
        words = [signature(token) for token in measured(theirs)]
        if not _alike(len(ours), len(words)):
            return
        self.pairs += 1
        self._french.add(ours)
        self._english.add(words)
        inside = False
        for token in theirs:
            if token.kind == "word" and inside:
                self._spellings[str(token.value)][token.text] += 1
            inside = token.kind != "punctuation" or (inside and token.text in _WITHIN)

    def numbered(self) -> tuple[Words, Words, Texts]:
        """The vocabularies of both sides, and the texts as numbers."""
        source, french = self._french.vocabulary()
        target, english = self._english.vocabulary()
        return source, target, Texts.of(french, english)

    def neighbours(self, words: Words) -> tuple[Array, Array]:
        """The pairs of English words that were met side by side, as keys for `neighbour_key`, and how often."""
        edge = np.array([len(words)], dtype=np.int64)
        keys: Array = np.empty(0, np.int64)
        counts: Array = np.empty(0, np.int64)
        texts = self._english.numbered(words)
        for first in range(0, len(texts), 20_000):
            line = np.concatenate([edge, *(part for text in texts[first : first + 20_000] for part in (text, edge))])
            found = np.unique(line[:-1] * (len(words) + 1) + line[1:], return_counts=True)
            keys, counts = merged([(keys, counts), found])
        return keys[counts >= SEEN], counts[counts >= SEEN]

    def spellings(self, words: Words) -> tuple[Words, Array]:
        """For each word its commonest spelling, and the share of it; nothing for one that only begins sentences."""
        found: list[tuple[str, float]] = []
        for number in range(len(words)):
            forms = self._spellings.get(words.word(number))
            best, count = min(forms.items(), key=lambda item: (-item[1], item[0])) if forms else ("", 0)
            found.append((best, count / forms.total() if forms else 0.0))
        packed = Words.packed([form.encode("utf-8", "surrogatepass") for form, _ in found])
        return packed, np.array([share for _, share in found], np.float32)


def _alike(one: int, other: int) -> bool:
    return 0 < one <= LONGEST and 0 < other <= LONGEST and max(one, other) <= 2 * min(one, other) + 4


@dataclass(frozen=True, slots=True)
class Group:
    """Pairs of one shape: `source` is an array of `pairs x n` word numbers, `target` one of `pairs x m`."""

    source: Array
    target: Array

    @property
    def links(self) -> int:
        """How many pairs of words could be linked."""
        return self.source.size * int(self.target.shape[1])


@dataclass(frozen=True, slots=True)
class Texts:
    """All pairs, grouped by their two lengths, so that a group is computed at once without padding."""

    groups: list[Group]

    @classmethod
    def of(cls, source: Sequence[Array], target: Sequence[Array]) -> Texts:
        """The pairs of `source` and `target` at the same places."""
        shapes: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for at, (one, other) in enumerate(zip(source, target, strict=True)):
            shapes[len(one), len(other)].append(at)
        groups = []
        for (n, m), places in sorted(shapes.items()):
            step = max(1, BUFFER // 4 // (n * m))
            for first in range(0, len(places), step):
                part = places[first : first + step]
                groups.append(Group(np.stack([source[at] for at in part]), np.stack([target[at] for at in part])))
        return cls(groups)

    def buffers(self) -> Iterator[list[Group]]:
        """The groups, as many at a time as fit into memory with their links."""
        held: list[Group] = []
        size = 0
        for group in self.groups:
            if held and size + group.links > BUFFER:
                yield held
                held, size = [], 0
            held.append(group)
            size += group.links
        if held:
            yield held

    @staticmethod
    def keys(groups: Sequence[Group], columns: int) -> Array:
        """One number for each pair of words that could be linked, group by group, in the order of the texts."""
        return np.concatenate(
            [(each.source[:, :, None].astype(np.int64) * columns + each.target[:, None, :]).ravel() for each in groups]
        )


def merged(parts: Sequence[tuple[Array, Array]]) -> tuple[Array, Array]:
    """Ascending keys with counts, put together: each key once, with the sum of its counts."""
    keys = np.concatenate([found for found, _ in parts])
    counts = np.concatenate([count for _, count in parts])
    order = np.argsort(keys, kind="stable")
    keys, counts = keys[order], counts[order]
    if not len(keys):
        return keys, counts
    first = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    return keys[first], np.add.reduceat(counts, first)
