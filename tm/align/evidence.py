"""What says that two segments are translations of each other, without a dictionary: figures, dates, names, words that
look alike, punctuation."""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tm.text.tokens import Token, tokens
from tm.types import Bead, Language

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CHANCE = 3.0  # how many times the average shared weight a pair must share before it counts for it
ENOUGH = 8.0  # the weight of traits from which two texts can be judged: about four figures or names
STEM = 5  # letters by which words look alike: organisation, organization
_MARKS = {"«": '"', "»": '"', "“": '"', "”": '"'}
_TELLING_MARKS = frozenset('"?!;:()%€$£')


def traits(text: str, language: Language) -> frozenset[str]:
    """What a segment has that its translation would have too, in a form common to both languages."""
    return frozenset(trait for token in tokens(text, language) for trait in _traits(token))


def _traits(token: Token) -> list[str]:
    if token.kind == "punctuation":
        mark = _MARKS.get(token.text[0], token.text[0])
        return [mark] if mark in _TELLING_MARKS else []
    if token.kind != "word":
        # a year or a day that is told on its own in the other language still says something
        parts = token.value[1:4] if isinstance(token.value, tuple) and token.kind == "date" else ()
        return [f"{token.kind}={token.value}", *(f"number={part}" for part in parts if part is not None)]
    plain = _bare(str(token.value))
    if len(plain) > STEM:
        return [plain, plain[:STEM] + "-"]
    if len(plain) == STEM:
        return [plain + "-"]
    return [plain] if len(plain) > 3 or (len(plain) > 1 and token.text[0].isupper()) else []


def _bare(word: str) -> str:
    letters = unicodedata.normalize("NFD", word.replace("œ", "oe").replace("æ", "ae"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


class Evidence:
    """How much the traits shared by a source and a target segment speak for their being a pair.

    A trait weighs the more, the rarer it is on both sides: the logarithm of how much likelier it is to be met in the
    translation than in any segment.
    """

    def __init__(self, source: Sequence[str], target: Sequence[str]) -> None:
        self._source = [traits(text, "fr") for text in source]
        self.columns = len(target)
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        self._target = [traits(text, "en") for text in target]
        for at, held in enumerate(self._target):
            for trait in held:
                self._places[trait].append(at)
        often = Counter(trait for held in self._source for trait in held)
        self._weights = {
            trait: max(0.0, math.log(0.5 * math.sqrt(len(source) * self.columns / (often[trait] * len(places)))))
            for trait, places in self._places.items()
            if trait in often
        }
        self._alone = {trait for trait in self._weights if often[trait] == len(self._places[trait]) == 1}

    def row(self, at: int) -> NDArray[np.float64]:
        """The evidence for source segment `at` with each target segment: positive for it, negative against it."""
        import numpy as np

        found = np.zeros(self.columns)
        for trait in sorted(self._source[at]):
            weight = self._weights.get(trait, 0.0)
            if weight > 0:
                found[self._places[trait]] += weight
        # what segments share by chance is no evidence; without this, beads swallow their neighbours
        return np.asarray(found - CHANCE * found.mean())

    def agreement(self, beads: Iterable[Bead]) -> float | None:
        """From 0 to 1: of the traits that should be met on both sides of a bead, by weight, the share that is. None
        where there is too little to tell (a few words, no figures, no names)."""
        absent = math.log(max(1.0, 0.5 * math.sqrt(len(self._source) * self.columns)))
        met = due = 0.0
        for bead in beads:
            if bead.source and bead.target:
                ours = {trait for at in bead.source for trait in self._source[at] if self._counts(trait)}
                theirs = {trait for at in bead.target for trait in self._target[at] if self._counts(trait)}
                met += sum(self._weights.get(trait, absent) for trait in ours & theirs)
                due += sum(self._weights.get(trait, absent) for trait in ours | theirs)
        return met / due if due >= ENOUGH else None

    def _counts(self, trait: str) -> bool:
        """A word of one side only says nothing, it is translated; a figure should be on both."""
        return trait in self._weights or "=" in trait

    def centres(self) -> list[int]:
        """For each row of the grid, the column about which its beads should be looked for: the longest chain of traits
        that stand once on each side, in the same order, joined by straight lines."""
        points = sorted(
            (at, self._places[trait][0]) for at, held in enumerate(self._source) for trait in held & self._alone
        )
        chain = _longest_rising(points)
        rows = len(self._source)
        joints = [(0, 0), *chain, (rows, self.columns)]
        found = []
        at = 0
        for row in range(rows + 1):
            while at + 2 < len(joints) and joints[at + 1][0] <= row:
                at += 1
            (x, y), (x2, y2) = joints[at], joints[at + 1]
            found.append(y + (y2 - y) * (row - x) // max(1, x2 - x))
        return [*found[:-1], self.columns]


def _longest_rising(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence that rises on both sides, by patience sorting; of points in a row at most one."""
    ends: list[int] = []
    at_end: list[int] = []
    before: list[int] = []
    order = sorted(set(points), key=lambda point: (point[0], -point[1]))
    for index, (_, column) in enumerate(order):
        place = bisect_left(ends, column)
        before.append(at_end[place - 1] if place else -1)
        ends[place : place + 1] = [column]
        at_end[place : place + 1] = [index]
    chain = []
    index = at_end[-1] if at_end else -1
    while index >= 0:
        chain.append(order[index])
        index = before[index]
    return chain[::-1]
