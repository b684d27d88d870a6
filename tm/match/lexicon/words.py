"""Vocabularies: words by number, in one sorted block of bytes that can be mapped into memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tm.text.tokens import measured, signature, tokens
from tm.types import Language

Array = np.ndarray[Any, Any]
UNKNOWN = "\0"  # stands for every word that is not in a vocabulary; sorts before all others


def words_of(text: str, language: Language) -> list[str]:
    """The words of a text as the lexicon counts them: folded, a placeable as its kind, no punctuation beside words."""
    return [signature(token) for token in measured(tokens(text, language))]


class Words:
    """Strings in the order of their UTF-8 bytes, numbered from 0. UNKNOWN is number 0 and is always there."""

    def __init__(self, block: Array, ends: Array) -> None:
        self._block, self._ends = block, ends
        self._known: dict[str, int] = {}

    @classmethod
    def of(cls, words: Sequence[str]) -> Words:
        """A vocabulary of these words; UNKNOWN is put in where it is missing."""
        written = sorted({word.encode("utf-8", "surrogatepass") for word in (UNKNOWN, *words)})
        return cls.packed(written)

    @classmethod
    def packed(cls, written: Sequence[bytes]) -> Words:
        """Byte strings as they come, numbered in their order (`number` finds them only if they are sorted)."""
        block = np.frombuffer(b"".join(written), dtype=np.uint8)
        return cls(block, np.cumsum([len(each) for each in written], dtype=np.int64))

    @property
    def arrays(self) -> tuple[Array, Array]:
        """The bytes, and where each word ends among them."""
        return self._block, self._ends

    def __len__(self) -> int:
        return len(self._ends)

    def word(self, number: int) -> str:
        """The word of a number from 0 to len - 1."""
        return self._bytes(number).decode("utf-8", "surrogatepass")

    def number(self, word: str) -> int:
        """The number of a word; 0 where it is not known."""
        found = self._known.get(word)
        if found is None:
            found = self._find(word.encode("utf-8", "surrogatepass"))
            if len(self._known) < 200_000:
                self._known[word] = found
        return found

    def numbers(self, words: Sequence[str]) -> Array:
        """The numbers of words, 0 for each that is not known."""
        return np.array([self.number(word) for word in words], dtype=np.int64)

    def _bytes(self, number: int) -> bytes:
        start = int(self._ends[number - 1]) if number else 0
        return self._block[start : int(self._ends[number])].tobytes()

    def _find(self, wanted: bytes) -> int:
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._bytes(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self) and self._bytes(low) == wanted else 0
