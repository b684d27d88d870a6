"""The compiled search: which rows of a block hold a word of every slot.

A slot is what may stand for one word of a phrase: the word, its forms, or all that it begins. Rows are looked at in
blocks, the newest first, each block as a bitmap; so a search that finds enough early has looked at little.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tm.match.generation.jit import Array, compiled, popcount, whole
from tm.match.wordlists.lists import Lists, bit_of

_ONE = np.uint64(1)
# what it costs to look up a word's list, beside reading one posting; and to find one row in it
_LIST, _PROBE = 8, 32


class Slots(NamedTuple):
    """What is searched for. `words[ends[s]:ends[s + 1]]` are the words of slot `s`, `~c` for the one with bitmap `c`;
    `cursors` how far each list was read, from its end; `costs` about how many postings each slot has. A row must have
    in its sketch, for each pair `p` of neighbours, one of `keys[pairs[p]:pairs[p + 1]]`."""

    words: Array
    ends: Array
    cursors: Array
    costs: Array
    keys: Array
    pairs: Array


@compiled
def _row(postings: Array, at: int) -> int:
    return whole(postings[3 * at]) | whole(postings[3 * at + 1]) << 8 | whole(postings[3 * at + 2]) << 16


@compiled
def _below(postings: Array, begin: int, end: int, row: int) -> int:
    """Where the first posting from `row` on is."""
    while begin < end:
        middle = (begin + end) >> 1
        if _row(postings, middle) < row:
            begin = middle + 1
        else:
            end = middle
    return begin


@compiled
def _mark(lists: Lists, slots: Slots, slot: int, low: int, high: int, marks: Array) -> None:
    """Mark the rows from `low` to `high` that hold a word of the slot."""
    size = (len(lists.sketch_at) + 62) >> 6
    marks[:] = np.uint64(0)
    for at in range(slots.ends[slot], slots.ends[slot + 1]):
        word = slots.words[at]
        if word < 0:
            start = ~word * size + (low >> 6)
            for each in range(len(marks)):
                marks[each] |= lists.bits[start + each]
            continue
        begin, end = whole(lists.at[word]), slots.cursors[at]
        if end > begin and _row(lists.postings, end - 1) >= high:  # not read in the blocks before
            end = _below(lists.postings, begin, end, high)
        while end > begin:
            row = _row(lists.postings, end - 1)
            if row < low:
                break
            marks[(row - low) >> 6] |= _ONE << np.uint64(row & 63)
            end -= 1
        slots.cursors[at] = end


@compiled
def _holds(lists: Lists, slots: Slots, slot: int, row: int) -> bool:
    """Whether a row holds a word of the slot."""
    size = (len(lists.sketch_at) + 62) >> 6
    for at in range(slots.ends[slot], slots.ends[slot + 1]):
        word = slots.words[at]
        if word < 0:
            if lists.bits[~word * size + (row >> 6)] >> np.uint64(row & 63) & _ONE:
                return True
            continue
        begin, end = whole(lists.at[word]), whole(lists.at[word + 1])
        place = _below(lists.postings, begin, end, row)
        if place < end and _row(lists.postings, place) == row:
            return True
    return False


@compiled
def _probe(lists: Lists, slots: Slots, slot: int, low: int, marks: Array) -> None:
    """Take away the marks of rows that hold no word of the slot."""
    for each in range(len(marks)):
        if marks[each] == 0:
            continue
        for bit in range(64):
            if marks[each] >> np.uint64(bit) & _ONE and not _holds(lists, slots, slot, low + 64 * each + bit):
                marks[each] &= ~(_ONE << np.uint64(bit))


@compiled
def _side_by_side(lists: Lists, slots: Slots, row: int) -> bool:
    """Whether all neighbours may be neighbours in a row."""
    start = whole(lists.sketch_at[row])
    size = whole(lists.sketch_at[row + 1]) - start
    for pair in range(len(slots.pairs) - 1):
        seen = False
        for at in range(slots.pairs[pair], slots.pairs[pair + 1]):
            bit = bit_of(slots.keys[at], size)
            seen |= size > 0 and lists.sketches[start + (bit >> 5)] >> np.uint32(bit & 31) & np.uint32(1) != 0
        if not seen:
            return False
    return True


@compiled
def _marked(marks: Array) -> int:
    count = 0
    for each in marks:
        count += whole(popcount(each))
    return count


@compiled
def found(lists: Lists, slots: Slots, low: int, high: int, dead: Array, epoch: int) -> Array:
    """The living rows from `low` (a multiple of 64) to `high` in which the phrase may stand, descending. Slots are
    taken in their order: the rarest should be the first. Blocks must come in descending order."""
    size = ((high + 63) >> 6) - (low >> 6)
    marks, more = np.empty(size, np.uint64), np.empty(size, np.uint64)
    _mark(lists, slots, 0, low, high, marks)
    if high & 63:  # a bitmap goes on
        marks[size - 1] &= (_ONE << np.uint64(high & 63)) - _ONE
    count = _marked(marks)
    for slot in range(1, len(slots.ends) - 1):
        if count == 0:
            break
        words = slots.ends[slot + 1] - slots.ends[slot]
        reading = words * _LIST + slots.costs[slot] * (high - low) // (len(lists.sketch_at) - 1)
        if count * words * _PROBE < reading:
            _probe(lists, slots, slot, low, marks)
        else:
            _mark(lists, slots, slot, low, high, more)
            marks &= more
        count = _marked(marks)
    rows = np.empty(count, np.int64)
    written = 0
    for each in range(size - 1, -1, -1):
        if marks[each] == 0:
            continue
        for bit in range(63, -1, -1):
            if not marks[each] >> np.uint64(bit) & _ONE:
                continue
            row = low + 64 * each + bit
            if not 0 < dead[row] <= epoch and _side_by_side(lists, slots, row):
                rows[written] = row
                written += 1
    return rows[:written]


@compiled
def bound(letters: Array, ends: Array, wanted: Array, past: bool) -> int:
    """Where, among sorted strings, the first is that is not less than `wanted`; with `past`, the first after all that
    begin with it."""
    low, high = 0, len(ends) - 1
    while low < high:
        middle = (low + high) >> 1
        start, size = whole(ends[middle]), whole(ends[middle + 1]) - whole(ends[middle])
        at = 0
        while at < size and at < len(wanted) and letters[start + at] == wanted[at]:
            at += 1
        less = past if at == len(wanted) else at == size or letters[start + at] < wanted[at]
        if less:
            low = middle + 1
        else:
            high = middle
    return low
