"""A query and a row compared, compiled: by their sketches what they can have in common at most, then word by word."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tm.match.generation.jit import Array, compiled, popcount, whole
from tm.match.generation.rows import sketch_bit

_ONE = np.uint64(1)


class Query(NamedTuple):
    """A query as the search sees it: its words in a small hash table, its sketch, how many are unknown."""

    words: Array
    slots: Array
    places: Array
    masks: Array
    low: np.uint64
    high: np.uint64
    unknown: int


@compiled
def slot_of(slots: Array, word: int) -> int:
    """Where a word is in the query's table, or the free place where it is not."""
    last = len(slots) - 1
    at = (word * 0x9E3779B1 >> 7) & last
    while slots[at] != -1 and slots[at] != word:
        at = (at + 1) & last
    return at


@compiled
def prepared(words: Array) -> Query:
    """The query whose words have these numbers, -1 for words that no unit holds."""
    size = 8
    while size < 2 * len(words):
        size *= 2
    slots, counts, places = np.full(size, -1, np.int64), np.zeros(size, np.int64), np.zeros(size, np.int64)
    different = 0
    for word in words:
        slot = slot_of(slots, word)
        if word >= 0 and slots[slot] < 0:
            slots[slot], places[slot] = word, different
            different += 1
    masks = np.zeros((different, (len(words) + 63) >> 6), np.uint64)
    low, high, unknown = np.uint64(0), np.uint64(0), 0
    for at in range(len(words)):
        if words[at] < 0:
            unknown += 1
            continue
        slot = slot_of(slots, words[at])
        masks[places[slot], at >> 6] |= _ONE << np.uint64(at & 63)
        bit = sketch_bit(words[at], counts[slot])
        counts[slot] += 1
        if bit < 64:
            low |= _ONE << np.uint64(bit)
        else:
            high |= _ONE << np.uint64(bit - 64)
    return Query(words, slots, places, masks, low, high, unknown)


@compiled
def possible(query: Query, sketches: Array, row: int, length: int, edits: int) -> bool:
    """Whether what both could share leaves so few edits. The first half of a sketch mostly tells."""
    size, low = len(query.words), sketches[row]
    longest = max(size, length)
    unlike = whole(popcount(low & ~query.low))
    lost = whole(popcount(query.low & ~low)) + query.unknown
    if longest - min(length - unlike, size - lost) > edits:
        return False
    high = sketches[(len(sketches) >> 1) + row]
    unlike += whole(popcount(high & ~query.high))
    lost += whole(popcount(query.high & ~high))
    return longest - min(length - unlike, size - lost) <= edits


@compiled
def distance_of(query: Query, words: Array, start: int, length: int, edits: int) -> int:
    """The edit distance of the query and a row, or a number above `edits`: Myers' bit vectors, in blocks of 64."""
    size, blocks = len(query.words), query.masks.shape[1]
    score, last = size, _ONE << np.uint64((size - 1) & 63)
    up, down = np.full(blocks, ~np.uint64(0), np.uint64), np.zeros(blocks, np.uint64)
    for at in range(length):
        slot = slot_of(query.slots, whole(words[start + at]))
        known = query.slots[slot] != -1
        carry_up, carry_down = _ONE, np.uint64(0)
        for block in range(blocks):
            equal = query.masks[query.places[slot], block] if known else np.uint64(0)
            plus, minus = up[block], down[block]
            carried = equal | carry_down
            same = (((carried & plus) + plus) ^ plus) | carried | minus
            higher, lower = minus | ~(same | plus), same & plus
            if block == blocks - 1:
                if higher & last:
                    score += 1
                elif lower & last:
                    score -= 1
            out_up, out_down = higher >> np.uint64(63), lower >> np.uint64(63)
            higher, lower = (higher << _ONE) | carry_up, (lower << _ONE) | carry_down
            carry_up, carry_down = out_up, out_down
            up[block], down[block] = lower | ~(same | higher), higher & same
        if score - (length - at - 1) > edits:
            return edits + 1
    return score
