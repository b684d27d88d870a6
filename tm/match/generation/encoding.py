"""Texts as numbered words, for the makers of an index: the fast reading first, the slow ones for what it declines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tm.match.generation.jit import Array, compiled
from tm.match.generation.reading import read
from tm.match.generation.texts import ALPHABET, Alphabet, again, opened
from tm.match.generation.vocabulary import Vocabulary, empty, learned, with_room
from tm.types import Language


def joined(texts: Sequence[bytes]) -> tuple[Array, Array]:
    """Texts in UTF-16 one after another, and the end of each."""
    if len(texts) == 1:
        return np.frombuffer(texts[0], np.uint16), np.array([len(texts[0]) // 2])
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts))) // 2
    return np.frombuffer(b"".join(texts), np.uint16), ends


@compiled
def _read_all(text: Array, ends: Array, alphabet: Alphabet, words: Array, closes: Array, sizes: Array) -> int:
    """All words of all texts that are not declined; the number of words of each text, or -1, to `sizes`."""
    start, count, written = 0, 0, 0
    for at in range(len(ends)):
        sizes[at] = read(text[start : ends[at]], alphabet, words[written:], closes[count:])
        start = ends[at]
        for _ in range(sizes[at]):
            closes[count] += written
            count += 1
        if sizes[at] > 0:
            written = closes[count - 1]
    return count


class Encoder:
    """Numbers words as it meets them. `copy` gives one that learns apart."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self.vocabulary: Vocabulary = empty()
        self.known = 0

    def copy(self) -> Encoder:
        """An encoder that knows the same and leaves this one as it is."""
        other = Encoder(self.language)
        other.vocabulary, other.known = self.vocabulary, self.known
        return other

    def encode(self, texts: Sequence[str]) -> tuple[Array, Array]:
        """The words of all texts as numbers (uint32), and how many each has: 0 for a text without words."""
        return self._encode(texts, [opened(text, self.language) for text in texts])

    def _encode(self, texts: Sequence[str], given: Sequence[bytes]) -> tuple[Array, Array]:
        numbers, sizes = self._learn(given)
        which = np.flatnonzero(sizes < 0)
        if not len(which):
            return numbers, sizes
        rest = [texts[at] for at in which.tolist()]
        others, sizes[which] = self._encode(
            rest, [again(text, self.language, why) for why, text in zip(sizes[which].tolist(), rest, strict=True)]
        )
        result = np.empty(len(numbers) + len(others), np.uint32)
        declined = np.zeros(len(sizes), bool)
        declined[which] = True
        theirs = np.repeat(declined, sizes)
        result[theirs], result[~theirs] = others, numbers
        return result, sizes

    def _learn(self, texts: Sequence[bytes]) -> tuple[Array, Array]:
        text, ends = joined(texts)
        words, closes = np.empty(11 * len(text), np.uint16), np.empty(len(text), np.int64)
        sizes = np.zeros(len(texts), np.int64)
        count = _read_all(text, ends, ALPHABET, words, closes, sizes)
        self.vocabulary = with_room(self.vocabulary, self.known, count, int(closes[count - 1]) if count else 0)
        numbers = np.empty(count, np.uint32)
        self.known = learned(self.vocabulary, self.known, words, closes, count, numbers)
        return numbers, sizes

    def frozen(self) -> Vocabulary:
        """The vocabulary as it is now, read-only and without spare room."""
        letters, ends, table = self.vocabulary
        used = Vocabulary(letters[: int(ends[self.known])], ends[: self.known + 1], table)
        return Vocabulary(*(read_only(array) for array in used))


def read_only(array: Array) -> Array:
    """A view that cannot be written to: the compiled search knows arrays of this kind only."""
    view = array.view()
    view.flags.writeable = False
    return view
