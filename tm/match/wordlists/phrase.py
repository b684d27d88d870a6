"""What is searched for: the words of a phrase, and in the lists of some rows what may stand for each."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from tm.match.generation.jit import Array
from tm.match.generation.texts import units
from tm.match.wordlists.lists import Lists, next_to
from tm.match.wordlists.reading import folded, words
from tm.match.wordlists.search import Slots, bound
from tm.match.wordlists.stems import stem
from tm.types import Language

_MANY = 8  # parts of the alphabet that the last word may begin: one of so many is in nearly any sketch


class Phrase(NamedTuple):
    """The words of a phrase in UTF-16, and their stems where any form will do."""

    language: Language
    words: list[Array]
    stems: list[Array] | None

    @classmethod
    def of(cls, text: str, language: Language, inflected: bool) -> Phrase:
        """The phrase that somebody typed."""
        asked = words(folded(text), language)
        forms = [_spelled(stem(word, language)) for word in asked] if inflected else None
        return cls(language, [_spelled(word) for word in asked], forms)


class _Slot(NamedTuple):
    words: Array
    stems: Array
    buckets: Array


def _spelled(word: str) -> Array:
    return np.frombuffer(units(word), np.uint16)


def slots_of(phrase: Phrase, lists: Lists) -> Slots | None:
    """What may stand for the words of a phrase in these lists; None where there is nothing for one of them."""
    last = len(phrase.words) - 1
    slots = [_slot(phrase, at, lists, at == last) for at in range(last + 1)]
    if not slots or not all(len(slot.words) for slot in slots):
        return None
    costs = np.array([_cost(slot.words, lists) for slot in slots])
    order = np.argsort(costs, kind="stable")
    numbers = np.concatenate([slots[at].words for at in order.tolist()])
    ends = np.concatenate([[0], np.cumsum([len(slots[at].words) for at in order.tolist()])])
    cursors = lists.at[numbers + 1].astype(np.int64)
    if len(lists.common):
        places = np.minimum(np.searchsorted(lists.common, numbers.astype(np.uint32)), len(lists.common) - 1)
        numbers = np.where(lists.common[places] == numbers, ~places, numbers)
    return Slots(numbers, ends, cursors, costs[order], *_neighbours(slots))


def _slot(phrase: Phrase, at: int, lists: Lists, begun: bool) -> _Slot:
    word = phrase.words[at]
    first = bound(lists.letters, lists.ends, word, False)
    past = bound(lists.letters, lists.ends, word, True)
    if not begun:
        past = min(past, first + (first < past and lists.ends[first + 1] - lists.ends[first] == len(word)))
    held = np.arange(first, past)
    if phrase.stems is not None:
        held = np.union1d(held, _forms(phrase.stems[at], lists))
    return _Slot(held, lists.stem_of[held], lists.buckets[held])


def _forms(wanted: Array, lists: Lists) -> Array:
    """The words of a stem."""
    at = bound(lists.stem_letters, lists.stem_ends, wanted, False)
    if at == len(lists.stem_ends) - 1 or not np.array_equal(
        lists.stem_letters[lists.stem_ends[at] : lists.stem_ends[at + 1]], wanted
    ):
        return np.zeros(0, np.int64)
    return lists.forms[lists.forms_at[at] : lists.forms_at[at + 1]].astype(np.int64)


def _neighbours(slots: list[_Slot]) -> tuple[Array, Array]:
    """For words asked for side by side what one of must be in a sketch; pairs that nearly any sketch has are left out.
    All words of a slot but the last are of one stem."""
    keys: list[np.uint64] = []
    pairs = [0]
    for one, other in pairwise(slots):
        buckets = np.unique(other.buckets).tolist()
        if len(buckets) <= _MANY:
            keys += [next_to(int(one.stems[0]), bucket) for bucket in buckets]
            pairs.append(len(keys))
    return np.array(keys, np.uint64), np.array(pairs, np.int64)


def _cost(numbers: Array, lists: Lists) -> int:
    """About how many postings the lists of these words have; what a bitmap costs does not grow with its rows."""
    return int((lists.at[numbers + 1].astype(np.int64) - lists.at[numbers]).sum()) + _common(numbers, lists)


def _common(numbers: Array, lists: Lists) -> int:
    known = np.searchsorted(lists.common, [numbers[0], numbers[-1] + 1])
    return int(known[1] - known[0]) * (len(lists.sketch_at) >> 5)
