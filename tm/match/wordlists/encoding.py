"""The compiled reading of texts, and their words as numbers.

It reads texts of composed Latin letters, figures and signs, by the table of `tm.match.generation.texts`, and agrees
with `tm.match.wordlists.reading` to the letter. What the table does not know it declines, and that is read slowly.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tm.match.generation.jit import Array, compiled
from tm.match.generation.texts import ALPHABET, APOSTROPHE, FIGURE, OTHER, WORD, Alphabet, units
from tm.match.generation.vocabulary import Vocabulary, empty, learned, with_room
from tm.match.wordlists.reading import folded, words
from tm.types import Language

_ELIDED = "c d j l m n s t qu jusqu lorsqu puisqu quoiqu"
_LETTER_S, _STRAIGHT = ord("s"), ord("'")


def _packed(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number << 16 | ord(letter)
    return number


# up to four letters as one number; the longer ones by their last four, for they all end in "qu"
_ENDINGS = np.array(sorted({_packed(word[-4:]) for word in _ELIDED.split()}), np.uint64)
_BEGINNINGS = np.array(sorted({_packed(word[:-4]) for word in _ELIDED.split() if len(word) > 4}), np.uint64)


@compiled
def _among(words: Array, start: int, end: int, known: Array) -> bool:
    number = np.uint64(0)
    for at in range(start, end):
        number = number << np.uint64(16) | np.uint64(words[at])
    for each in known:  # noqa: SIM110 (compiled code knows no generators)
        if number == each:
            return True
    return False


@compiled
def _elides(words: Array, start: int, end: int) -> bool:
    """Whether these folded letters lose their last vowel before another word."""
    if end - start <= 4:
        return _among(words, start, end, _ENDINGS)
    return end - start <= 6 and _among(words, end - 4, end, _ENDINGS) and _among(words, start, end - 4, _BEGINNINGS)


@compiled
def _is_word(text: Array, at: int, alphabet: Alphabet) -> bool:
    if at >= len(text):
        return False
    found = alphabet.classes[text[at]]
    return found in (WORD, FIGURE)


@compiled
def _is_known(text: Array, alphabet: Alphabet) -> bool:
    for unit in text:  # noqa: SIM110 (compiled code knows no generators)
        if unit >= len(alphabet.classes) or alphabet.classes[unit] == OTHER:
            return False
    return True


@compiled
def _possessive(text: Array, at: int, alphabet: Alphabet) -> bool:
    """Whether at this apostrophe the English `'s` begins."""
    return (
        _is_word(text, at + 1, alphabet)
        and alphabet.folds[text[at + 1]] == _LETTER_S
        and not _is_word(text, at + 2, alphabet)
    )


@compiled
def read(text: Array, french: bool, alphabet: Alphabet, words: Array, ends: Array) -> int:
    """The folded words of a text in UTF-16: units to `words`, the end of each to `ends`, as much room as `text` has for
    both. Returns how many; -1 where the text is declined."""
    if not _is_known(text, alphabet):
        return -1
    count, written, at = 0, 0, 0
    while at < len(text):
        if not _is_word(text, at, alphabet):
            at += 1
            continue
        first = written
        while True:
            while _is_word(text, at, alphabet):
                words[written] = alphabet.folds[text[at]]
                written += 1
                at += 1
            joins = (
                at < len(text)
                and alphabet.classes[text[at]] == APOSTROPHE
                and _is_word(text, at + 1, alphabet)
                and (french or not _possessive(text, at, alphabet))
            )
            if not joins:
                break
            words[written] = _STRAIGHT
            written += 1
            at += 1
            if french and _elides(words, first, written - 1):
                break
        ends[count] = written
        count += 1
        while not french and at < len(text) and alphabet.classes[text[at]] == APOSTROPHE:
            if not _possessive(text, at, alphabet):
                break
            words[written], words[written + 1] = _STRAIGHT, _LETTER_S
            written += 2
            at += 2
            ends[count] = written
            count += 1
    return count


@compiled
def _read_all(
    text: Array, closes: Array, french: bool, alphabet: Alphabet, words: Array, ends: Array, sizes: Array
) -> int:
    """The words of all texts that are not declined; how many each has, or -1, to `sizes`. Returns how many in all."""
    start, count, written = 0, 0, 0
    for at in range(len(closes)):
        sizes[at] = read(text[start : closes[at]], french, alphabet, words[written:], ends[count:])
        start = closes[at]
        for _ in range(sizes[at]):
            ends[count] += written
            count += 1
        if count:
            written = ends[count - 1]
    return count


class Encoder:
    """Numbers the words of one language as it meets them. `copy` gives one that learns apart."""

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
        """The words of all texts as numbers (uint32), and how many each has."""
        given = [units(text) for text in texts]
        closes = np.cumsum(np.fromiter(map(len, given), np.int64, len(given))) // 2
        text = np.frombuffer(b"".join(given), np.uint16)
        letters, ends = np.empty(len(text), np.uint16), np.empty(len(text), np.int64)
        sizes = np.zeros(len(texts), np.int64)
        count = _read_all(text, closes, self.language == "fr", ALPHABET, letters, ends, sizes)
        numbers = self._learn(letters, ends, count)
        declined = sizes < 0
        if not declined.any():
            return numbers, sizes
        slowly = [words(folded(texts[at]), self.language) for at in np.flatnonzero(declined).tolist()]
        sizes[declined] = [len(each) for each in slowly]
        result = np.empty(int(sizes.sum()), np.uint32)
        theirs = np.repeat(declined, sizes)
        result[~theirs], result[theirs] = numbers, self._learn_words([word for each in slowly for word in each])
        return result, sizes

    def _learn_words(self, several: Sequence[str]) -> Array:
        given = [units(word) for word in several]
        ends = np.cumsum(np.fromiter(map(len, given), np.int64, len(given))) // 2
        return self._learn(np.frombuffer(b"".join(given), np.uint16).copy(), ends, len(given))

    def _learn(self, letters: Array, ends: Array, count: int) -> Array:
        numbers = np.empty(count, np.uint32)
        if count:
            self.vocabulary = with_room(self.vocabulary, self.known, count, int(ends[count - 1]))
            self.known = learned(self.vocabulary, self.known, letters, ends, count, numbers)
        return numbers

    def word(self, number: int) -> bytes:
        """A word that is known, in UTF-16."""
        letters, ends, _ = self.vocabulary
        return letters[int(ends[number]) : int(ends[number + 1])].tobytes()
