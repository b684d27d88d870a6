"""A learned lexicon: which words of a pair stand for each other, and what a word is translated by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tm.match.lexicon import files
from tm.match.lexicon.words import Array, Words
from tm.text.tokens import Token, measured, signature, tokens
from tm.types import Language

ABSENT = 1e-7  # the probability of a pair of words that was never met
BY_CHANCE = 0.08  # the share of words that translate nothing
DIAGONAL = 5.0
LINKED = 0.3  # the posterior from which two words are said to be linked
KEPT = (0.001, 0.5)  # least probability and least expected links of an entry
_SAME_VALUE, _OTHER_VALUE, _SAME_SPELLING = 0.9, 0.02, 0.3


@dataclass(frozen=True, slots=True)
class Link:
    """The word at `source` and the word at `target` stand for each other; `posterior` is how likely, from 0 to 1."""

    source: int
    target: int
    posterior: float


@dataclass(frozen=True, slots=True)
class Translation:
    """One rendering of a word: `forward` is the probability of `word` given the one asked for, `backward` the reverse,
    `evidence` the expected number of times that the two were linked."""

    word: str
    forward: float
    backward: float
    evidence: float


class Lexicon:
    """Probabilities of word pairs, French to English and back, with the evidence for each.

    Words are as `words_of` gives them. Not changed once made; any number of threads may ask.
    """

    def __init__(self, arrays: dict[str, Array], facts: dict[str, int]) -> None:
        self._arrays, self._facts = arrays, facts
        self._words: dict[Language, Words] = {
            "fr": Words(arrays["source-words"], arrays["source-ends"]),
            "en": Words(arrays["target-words"], arrays["target-ends"]),
        }
        self._forms = Words(arrays["form-words"], arrays["form-ends"])
        self._shares = {
            "fr": _shares(arrays["source-counts"]),
            "en": _shares(arrays["target-counts"]),
        }

    @classmethod
    def of(
        cls,
        source: Words,
        target: Words,
        source_counts: Array,
        target_counts: Array,
        forms: Words,
        form_shares: Array,
        entries: tuple[Array, Array, Array, Array],
        neighbours: tuple[Array, Array],
        *,
        pairs: int,
    ) -> Lexicon:
        """A lexicon of entries (keys ascending, forward, backward, evidence) that were learned from `pairs` pairs."""
        keys, forward, backward, evidence = entries
        kept = (np.maximum(forward, backward) >= KEPT[0]) & (evidence >= KEPT[1])
        keys, forward, backward, evidence = keys[kept], forward[kept], backward[kept], evidence[kept]
        turned = np.argsort(keys % len(target), kind="stable").astype(np.int32)
        arrays = {
            **dict(zip(("source-words", "source-ends"), source.arrays, strict=True)),
            **dict(zip(("target-words", "target-ends"), target.arrays, strict=True)),
            **dict(zip(("form-words", "form-ends"), forms.arrays, strict=True)),
            "source-counts": source_counts.astype(np.int64),
            "target-counts": target_counts.astype(np.int64),
            "form-shares": form_shares,
            "keys": keys,
            "forward": forward,
            "backward": backward,
            "evidence": evidence,
            "turned": turned,
            "neighbours": neighbours[0],
            "neighbour-counts": neighbours[1],
        }
        return cls(arrays, {"pairs": pairs})

    @classmethod
    def open(cls, folder: Path) -> Lexicon:
        """The lexicon saved in `folder`, mapped into memory; LexiconDamaged where it is not whole."""
        return cls(*files.load(folder))

    def save(self, folder: Path) -> None:
        """Write the lexicon into `folder`. The same lexicon gives the same bytes."""
        files.save(folder, self._arrays, self._facts)

    @property
    def pairs(self) -> int:
        """How many pairs it was learned from."""
        return self._facts["pairs"]

    def __len__(self) -> int:
        return len(self._arrays["keys"])

    def count(self, word: str, language: Language = "fr") -> int:
        """How often a word was met; 0 where it was met once or never."""
        number = self._words[language].number(word)
        return int(self._arrays["source-counts" if language == "fr" else "target-counts"][number]) if number else 0

    def translations(self, word: str, language: Language = "fr") -> tuple[Translation, ...]:
        """What `word`, of `language`, is translated by, the likeliest first; unknown words give nothing."""
        number = self._words[language].number(word)
        if not number:
            return ()
        keys, columns = self._arrays["keys"], len(self._words["en"])
        if language == "fr":
            first, last = np.searchsorted(keys, [number * columns, (number + 1) * columns])
            rows = np.arange(first, last)
        else:
            turned = self._arrays["turned"]
            first, last = (_bisect(keys, turned, columns, number + step) for step in (0, 1))
            rows = np.asarray(turned[first:last])
        return tuple(
            sorted((self._translation(int(row), language) for row in rows), key=lambda t: (-t.forward, t.word))
        )

    def _translation(self, row: int, language: Language) -> Translation:
        source, target = divmod(int(self._arrays["keys"][row]), len(self._words["en"]))
        forward, backward = float(self._arrays["forward"][row]), float(self._arrays["backward"][row])
        evidence = float(self._arrays["evidence"][row])
        if language == "fr":
            return Translation(self._words["en"].word(target), forward, backward, evidence)
        return Translation(self._words["fr"].word(source), backward, forward, evidence)

    def spelling(self, word: str) -> tuple[str, float]:
        """How an English word is mostly written inside a sentence, and the share of that spelling; `("", 0.0)` where it
        was not met there."""
        number = self._words["en"].number(word)
        return (self._forms.word(number), float(self._arrays["form-shares"][number])) if number else ("", 0.0)

    def together(self, first: str | None, second: str | None) -> int:
        """How often the English word `second` was met right after `first`, punctuation aside; None is the edge of a
        segment. 0 where it was met once or never."""
        words, keys = self._words["en"], self._arrays["neighbours"]
        one, other = (len(words) if word is None else words.number(word) for word in (first, second))
        at = int(np.searchsorted(keys, one * (len(words) + 1) + other))
        return (
            int(self._arrays["neighbour-counts"][at])
            if at < len(keys) and keys[at] == one * (len(words) + 1) + other
            else 0
        )

    def align(self, source: str, target: str) -> tuple[Link, ...]:
        """The links between the words of a French text and an English one, in order. A link counts words as
        `tm.text.tokens.measured` does."""
        found = self.posteriors(measured(tokens(source)), measured(tokens(target, "en")))
        return tuple(
            Link(int(i), int(j), float(found[i, j])) for i, j in zip(*np.nonzero(found >= LINKED), strict=True)
        )

    def posteriors(self, source: Sequence[Token], target: Sequence[Token]) -> Array:
        """For each source token (rows) and target token (columns) how likely they are linked, from 0 to 1: the
        geometric mean of both directions."""
        if not source or not target:
            return np.zeros((len(source), len(target)))
        rows = self._words["fr"].numbers([signature(token) for token in source])
        columns = self._words["en"].numbers([signature(token) for token in target])
        forward, backward = self._probabilities(rows, columns)
        for i, j, least, most in _told_by_their_form(source, target):
            forward[i, j] = min(max(forward[i, j], least), most)
            backward[i, j] = min(max(backward[i, j], least), most)
        near = closeness(len(source), len(target))
        chance = BY_CHANCE / (1 - BY_CHANCE)
        one = forward * (near / near.sum(axis=0))
        other = backward * (near / near.sum(axis=1)[:, None])
        one /= one.sum(axis=0) + chance * self._shares["en"][columns]
        other /= (other.sum(axis=1) + chance * self._shares["fr"][rows])[:, None]
        return np.asarray(np.sqrt(one * other))

    def _probabilities(self, rows: Array, columns: Array) -> tuple[Array, Array]:
        keys = self._arrays["keys"]
        wanted = rows[:, None] * len(self._words["en"]) + columns[None, :]
        if not len(keys):
            return np.full(wanted.shape, ABSENT), np.full(wanted.shape, ABSENT)
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        known = keys[at] == wanted
        forward = np.where(known, self._arrays["forward"][at], ABSENT)
        return forward.astype(np.float64), np.where(known, self._arrays["backward"][at], ABSENT).astype(np.float64)


def closeness(n: int, m: int) -> Array:
    """How likely words at these places are to be linked before anything is known of them; not normalised."""
    rows, columns = (np.arange(n) + 0.5) / n, (np.arange(m) + 0.5) / m
    return np.exp(-DIAGONAL * np.abs(rows[:, None] - columns[None, :])).astype(np.float32)


def _shares(counts: Array) -> Array:
    return np.asarray(np.maximum(counts, 1) / max(1, int(counts.sum())))


def _bisect(keys: Array, turned: Array, columns: int, number: int) -> int:
    """The first place in `turned` whose key belongs to the target word `number` or a later one."""
    low, high = 0, len(turned)
    while low < high:
        middle = (low + high) // 2
        if int(keys[turned[middle]]) % columns < number:
            low = middle + 1
        else:
            high = middle
    return low


def _told_by_their_form(source: Sequence[Token], target: Sequence[Token]) -> list[tuple[int, int, float, float]]:
    """Pairs of tokens whose spelling or value says more than statistics: with the least and most probability."""
    spelled: defaultdict[Hashable, list[int]] = defaultdict(list)
    placed: list[tuple[int, Token]] = []
    for j, other in enumerate(target):
        if other.kind in ("word", "punctuation"):
            spelled[other.kind, other.value].append(j)
        else:
            placed.append((j, other))
    found: list[tuple[int, int, float, float]] = []
    for i, one in enumerate(source):
        if one.kind not in ("word", "punctuation"):
            for j, other in placed:
                if one.kind == other.kind:
                    same = one.value == other.value
                    found.append((i, j, _SAME_VALUE if same else 0.0, 1.0 if same else _OTHER_VALUE))
        elif len(one.text) > 3:
            found += [(i, j, _SAME_SPELLING, 1.0) for j in spelled.get((one.kind, one.value), ())]
    return found
