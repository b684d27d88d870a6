"""A text as the aligner sees it: the words of each segment as numbers, where they stand, lengths, joining marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tm.text.tokens import Token, tokens
from tm.types import Language

Array = np.ndarray[Any, Any]

_MARKS = {"«": '"', "»": '"', "“": '"', "”": '"', "„": '"'}
_TELLING_MARKS = frozenset('"?!;:()%€$£')
# where two sentences that became one are mostly joined
_JOINT = re.compile(r"[;:.?!…][\"»”)]*\s|\s?[–—]\s|\s-\s")


@dataclass(frozen=True, slots=True)
class Side:
    """The segments of one text.

    A *trait* is a word, a value (figure, date, amount: equal in both languages) or a telling mark. `names` has one
    string for each trait; `words` its folded word, or "" for what is no word. `traits[starts[i]:starts[i + 1]]` are the
    different traits of segment `i` in the order of their first occurrence, `places` where in the segment that is, from
    0 to 1. `joints` counts the marks inside a segment at which two sentences may have been joined.
    """

    names: list[str]
    words: list[str]
    starts: Array
    traits: Array
    places: Array
    lengths: Array
    joints: Array

    @property
    def often(self) -> Array:
        """In how many segments each trait is met."""
        return np.bincount(self.traits, minlength=len(self.names))

    def words_of(self, segments: Sequence[int]) -> list[str]:
        """The different words of some segments, sorted."""
        return sorted({self.words[trait] for trait in self._traits_of(segments)} - {""})

    def names_of(self, segments: Sequence[int]) -> set[str]:
        """The names of the different traits of some segments."""
        return {self.names[trait] for trait in self._traits_of(segments)}

    def _traits_of(self, segments: Sequence[int]) -> Iterator[int]:
        for at in segments:
            yield from self.traits[self.starts[at] : self.starts[at + 1]].tolist()

    def cut(self, first: int, last: int) -> Side:
        """The segments from `first` up to `last`, with the same numbering of traits."""
        span = slice(int(self.starts[first]), int(self.starts[last]))
        starts = self.starts[first : last + 1] - self.starts[first]
        rows = slice(first, last)
        return Side(
            self.names, self.words, starts, self.traits[span], self.places[span], self.lengths[rows], self.joints[rows]
        )


def read(texts: Sequence[str], language: Language) -> Side:
    """The segments of a text in `language`."""
    numbers: dict[str, int] = {}
    words: list[str] = []
    found: list[int] = []
    starts = [0]
    for text in texts:
        here: dict[str, str] = {}
        for token in tokens(text, language):
            if token.kind == "word":
                word: str = token.value  # type: ignore[assignment]
                here["w:" + word] = word
            else:
                here.update(_others(token))
        for name, word in here.items():
            number = numbers.get(name)
            if number is None:
                number = numbers[name] = len(words)
                words.append(word)
            found.append(number)
        starts.append(len(found))
    sizes = np.diff(starts)
    first = np.repeat(np.array(starts[:-1], dtype=np.int64), sizes)
    return Side(
        list(numbers),
        words,
        np.array(starts, dtype=np.int64),
        np.array(found, dtype=np.int64),
        (np.arange(len(found)) - first + 0.5) / np.repeat(np.maximum(sizes, 1), sizes),
        np.array([len(text) for text in texts], dtype=np.float64),
        np.array([len(_JOINT.findall(text, 0, max(0, len(text) - 1))) for text in texts], dtype=np.int64),
    )


def _others(token: Token) -> dict[str, str]:
    """The traits of what is no word: none, or several."""
    if token.kind == "punctuation":
        mark = _MARKS.get(token.text[0], token.text[0])
        return {"m:" + mark: ""} if mark in _TELLING_MARKS else {}
    # a year or a day that is told on its own in the other language still says something
    parts = token.value[1:4] if isinstance(token.value, tuple) and token.kind == "date" else ()
    told = (f"v:number={part}" for part in parts if part is not None)
    return dict.fromkeys([f"v:{token.kind}={token.value}", *told], "")


def bare(word: str) -> str:
    """`word` without accents, ligatures parted."""
    if word.isascii():
        return word
    letters = unicodedata.normalize("NFD", word.replace("œ", "oe").replace("æ", "ae"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
