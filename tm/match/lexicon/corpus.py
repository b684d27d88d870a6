"""The pairs that a lexicon is learned from: chosen, read and numbered."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

import numpy as np

from tm.match.generation.encoding import Encoder
from tm.match.lexicon.words import Array, Words
from tm.text.tokens import Token, measured, signature, tokens

LONGEST = 60  # words of a text; links grow with the square, and long pairs teach little
SEEN = 2  # times that a word must have been met
_BATCH = 5000  # pairs read at a time
_WITHIN = frozenset(",()-'‘’%/")  # punctuation after which a sentence goes on


def sample(pairs: Iterable[tuple[str, str]], most: int) -> list[tuple[str, str]]:
    """At most `most` different pairs: those with the lowest hashes, by hash, so that order does not matter."""
    held: dict[bytes, tuple[str, str]] = {}
    for pair in pairs:
        held[hashlib.blake2b("\0".join(pair).encode("utf-8", "surrogatepass"), digest_size=16).digest()] = pair
        if len(held) >= 2 * most + 1000:
            held = {key: held[key] for key in sorted(held)[:most]}
    return [held[key] for key in sorted(held)[:most]]


@dataclass(frozen=True, slots=True)
class Texts:
    """All pairs as numbers: the words of a side one after another, and where each text ends among them."""

    source: Array
    source_ends: Array
    target: Array
    target_ends: Array

    def __len__(self) -> int:
        return len(self.source_ends)

    @property
    def shapes(self) -> Array:
        """How many words each pair has: an array of `pairs x 2`."""
        return np.stack([np.diff(ends, prepend=0) for ends in (self.source_ends, self.target_ends)], axis=1)

    @property
    def links(self) -> int:
        """How many pairs of words could be linked."""
        return int(self.shapes.prod(axis=1).sum())


@dataclass(slots=True)
class Reading:
    """Both sides of the pairs, and how each English word is written where no sentence begins."""

    french: list[str] = field(default_factory=list)  # by number
    english: list[str] = field(default_factory=list)
    parts: list[Texts] = field(default_factory=list)
    forms: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def numbered(self) -> tuple[Words, Words, Texts]:
        """The vocabularies of both sides, and the texts as numbers of their words."""
        whole = [_joined([part.source for part in self.parts]), _joined([part.target for part in self.parts])]
        vocabularies = []
        for at, words in enumerate((self.french, self.english)):
            seen = np.bincount(whole[at], minlength=len(words))
            vocabularies.append(Words.of([word for word, count in zip(words, seen, strict=True) if count >= SEEN]))
            whole[at] = vocabularies[at].numbers(words).astype(np.int32)[whole[at]]
        ends = [np.cumsum(_joined([part.shapes[:, at] for part in self.parts]), dtype=np.int64) for at in (0, 1)]
        return vocabularies[0], vocabularies[1], Texts(whole[0], ends[0], whole[1], ends[1])

    def spellings(self, words: Words) -> tuple[Words, Array]:
        """For each word its commonest spelling, and the share of it; nothing for one that only begins sentences."""
        found: list[tuple[str, float]] = []
        for number in range(len(words)):
            forms = self.forms.get(words.word(number))
            best, count = min(forms.items(), key=lambda item: (-item[1], item[0])) if forms else ("", 0)
            found.append((best, count / forms.total() if forms else 0.0))
        packed = Words.packed([form.encode("utf-8", "surrogatepass") for form, _ in found])
        return packed, np.array([share for _, share in found], np.float32)


def read(pairs: Iterable[tuple[str, str]]) -> Reading:
    """Read pairs. Those without words, with very many, or far from the same length are left out."""
    reading, encoder, numbers = Reading(), Encoder("fr"), dict[str, int]()
    source = iter(pairs)
    while batch := list(islice(source, _BATCH)):
        words, sizes = encoder.encode([french for french, _ in batch])
        read_english = [tokens(english, "en") for _, english in batch]
        theirs = [[signature(token) for token in measured(found)] for found in read_english]
        kept = np.array([_alike(int(n), len(text)) for n, text in zip(sizes, theirs, strict=True)])
        target = [[numbers.setdefault(word, len(numbers)) for word in theirs[at]] for at in np.flatnonzero(kept)]
        for at in np.flatnonzero(kept):
            _note(read_english[at], reading.forms)
        reading.parts.append(
            Texts(
                words[np.repeat(kept, sizes)].astype(np.int32),
                np.cumsum(sizes[kept], dtype=np.int64),
                np.array([number for text in target for number in text], np.int32),
                np.cumsum([len(text) for text in target], dtype=np.int64),
            )
        )
    reading.french, reading.english = _words(encoder), list(numbers)
    return reading


def _words(encoder: Encoder) -> list[str]:
    """The words that an encoder knows, by number."""
    letters, ends, _ = encoder.frozen()
    whole, edges = letters.tobytes(), (2 * ends.astype(np.int64)).tolist()
    return [whole[start:end].decode("utf-16-le", "surrogatepass") for start, end in pairwise(edges)]


def _alike(one: int, other: int) -> bool:
    return 0 < one <= LONGEST and 0 < other <= LONGEST and max(one, other) <= 2 * min(one, other) + 4


def _note(text: Sequence[Token], forms: defaultdict[str, Counter[str]]) -> None:
    """Count how the words inside sentences are written."""
    inside = False
    for token in text:
        if token.kind == "word" and inside:
            forms[str(token.value)][token.text] += 1
        inside = token.kind != "punctuation" or (inside and token.text in _WITHIN)


def _joined(parts: Sequence[Array]) -> Array:
    return np.concatenate([np.empty(0, np.int32), *parts])


def neighbours(texts: Texts, edge: int) -> tuple[Array, Array]:
    """The pairs of English words that were met side by side more than once, `first * (edge + 1) + second`, ascending,
    and how often. `edge`, a number above all words, stands before and after each text."""
    # every text with an edge after it, and one before the first
    line = np.insert(texts.target.astype(np.int64), texts.target_ends, edge)
    line = np.concatenate([[edge], line])
    keys, counts = np.unique(line[:-1] * (edge + 1) + line[1:], return_counts=True)
    return keys[counts >= SEEN], counts[counts >= SEEN]
